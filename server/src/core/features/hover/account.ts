import { literal } from '../../text/texts';
import { shownText } from '../../text/shown';
import { accessByGrant, type Access } from '../../trust/access';
import { shownRole } from '../../trust/roleText';
import { accessesOf, accessLine, type AccountAccess } from '../accesses';
import { associationOptions } from '../associationWords';
import { accountName } from '../explain';
import { isMoving, otherInWords, overridesForNewPods } from '../mechanisms';
import { code, placeLabel, placeLink } from '../markdown';
import type { ServiceAccountFact } from '../../model/facts';
import type { Grant } from '../../wiring/grants';
import { overlayWords } from '../../wiring/overlayWords';
import type { Target } from '../target';
import type { WorkspaceView } from '../workspaceView';
import { escape } from '../markdown';

/** A service account where a workload names it, and where it is named itself: its role and who uses it. */
export function accountHover(view: WorkspaceView, target: Target): string | undefined {
  if (target.kind === 'workload-account') {
    const accounts = view.wiring.accountsOf(target.workload);
    if (accounts.length === 0) return undefined;
    return accounts
      .slice(0, 5)
      .map((account) => describe(view, account))
      .join('\n\n');
  }
  if (target.kind === 'account-name') {
    const name = literal(target.account.name);
    if (name !== undefined) view.readWorkloadsOf?.(name);
    const workloads = view.wiring.workloadsOf(target.account);
    const uses = workloads.slice(0, 8).map((workload) => {
      const line = view.position(workload.doc, workload.head.start)?.line ?? 0;
      const name = literal(workload.name) ?? workload.objectKind;
      return `- ${escape(workload.objectKind)} ${code(name)} (${placeLink(placeLabel(workload.doc.uri, line), workload.doc.uri, line)})`;
    });
    if (workloads.length > 8) uses.push(`- and ${workloads.length - 8} more`);
    return [
      describe(view, target.account),
      uses.length > 0 ? `Used by\n${uses.join('\n')}` : 'No workload of this workspace uses it.',
    ].join('\n\n');
  }
  return undefined;
}

function describe(view: WorkspaceView, account: ServiceAccountFact): string {
  const namespace = view.wiring.namespaceOf(account);
  const name = account.name ? shownText(account.name) : 'this account';
  const line = view.position(account.doc, account.head.start)?.line ?? 0;
  const where = placeLink(placeLabel(account.doc.uri, line), account.doc.uri, line);
  const head = `ServiceAccount ${code(namespace ? `${namespace}/${name}` : name)} (${where})`;
  const accesses = accessesOf(view, account);
  const loose = accesses.length === 0 ? view.wiring.chainOf(account) : undefined;
  if (accesses.length === 0 && !loose)
    return `${head}\n\nIt has no role: there is no annotation ${code('eks.amazonaws.com/role-arn')} and no Pod Identity association.`;
  const asked = accesses.slice(0, 8).map((each) => (each.access.grant ? gift(view, each, each.access.grant) : request(each)));
  const perhaps = accesses
    .flatMap(({ chain }) => chain?.perhapsOverriddenBy ?? [])
    .slice(0, 8)
    .map((grant) => gift(view, { access: accessByGrant(grant, view.wiring.aws) }, grant, true));
  return [head, ...asked, ...perhaps, ...(loose?.request.value ? [`Annotated with ${code(shownRole(loose.request.value))}`] : [])].join(
    '\n\n',
  );
}

function request({ chain, access }: AccountAccess): string {
  const line = verdictLines(access);
  const asks = `nnotated with ${code(shownRole(chain!.request.value))}`;
  if (!chain!.overlays) return `A${asks}\n\n${line}`;
  return `In ${escape(overlayWords(chain!.overlays))} it is ${code(accountName(chain!))}, a${asks}\n\n${line}`;
}

/** The verdict; and, without a mark, what the mechanism that isn't in effect would give. */
function verdictLines(access: Access): string {
  const { other } = access;
  const line = escape(accessLine(access));
  return other && other.standing !== 'perhaps' ? `${line}\n\n${escape(otherInWords(other))}` : line;
}

/** What an association would give if it is there, without a mark: the account's verdict is its annotation's. */
function possible({ role, decision, reason }: Access): string {
  return otherInWords({
    mechanism: 'pod-identity',
    standing: 'perhaps',
    role,
    sameRole: false,
    decision,
    ...(reason === undefined ? {} : { reason }),
  });
}

/** What an association gives, and that it overrides an annotation. */
function gift(view: WorkspaceView, { chain, access }: AccountAccess, grant: Grant, perhaps = false): string {
  const { association, cluster, source } = grant;
  const line = association ? (view.position(association.doc, association.head.start)?.line ?? 0) : 0;
  const where = association ? placeLink(placeLabel(association.doc.uri, line), association.doc.uri, line) : escape(source ?? '');
  const inCluster = cluster.name === undefined ? '' : ` in cluster ${code(cluster.name)}`;
  const overlay = chain?.overlays ? `In ${escape(overlayWords(chain.overlays))}: ` : '';
  const wins = chain
    ? isMoving(access)
      ? ` ${overridesForNewPods}`
      : ' It overrides the annotation, which has no effect.'
    : !perhaps && grant.sure
      ? ''
      : ' If it exists, it overrides an annotation.';
  return `${overlay}Pod Identity association${inCluster} with ${code(grant.role ? shownRole(grant.role) : access.role)} (${where}).${wins}${associationOptions(grant)}\n\n${perhaps ? escape(possible(access)) : verdictLines(access)}`;
}
