import { literal } from '../../text/texts';
import { grantLine, verdictLine } from '../codeLens';
import { accountName } from '../explain';
import { grantedRole, grantsOfAccount } from '../grantee';
import { code, placeLabel, placeLink } from '../markdown';
import type { ServiceAccountFact } from '../../model/facts';
import type { Chain } from '../../wiring/chain';
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
    return accounts.slice(0, 5).map((account) => describe(view, account)).join('\n\n');
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
    return [describe(view, target.account), uses.length > 0 ? `Used by\n${uses.join('\n')}` : 'No workload of this workspace uses it.'].join('\n\n');
  }
  return undefined;
}

function describe(view: WorkspaceView, account: ServiceAccountFact): string {
  const namespace = view.wiring.namespaceOf(account);
  const name = literal(account.name) ?? account.name?.value ?? 'this account';
  const line = view.position(account.doc, account.head.start)?.line ?? 0;
  const where = placeLink(placeLabel(account.doc.uri, line), account.doc.uri, line);
  const head = `ServiceAccount ${code(namespace ? `${namespace}/${name}` : name)} (${where})`;
  const grants = grantsOfAccount(view, account);
  const chains = view.wiring.chainsThrough(account);
  const loose = chains.length === 0 ? view.wiring.chainOf(account) : undefined;
  if (chains.length === 0 && !loose && grants.length === 0) return `${head}\n\nIt asks for no role: it has no annotation ${code('eks.amazonaws.com/role-arn')}.`;
  const asked = [...chains, ...(loose ? [loose] : [])].slice(0, 8).map((chain) => request(view, chain));
  const given = grants.slice(0, 8).map((grant) => gift(view, grant, chains.length > 0));
  return [head, ...given, ...asked].join('\n\n');
}

function request(view: WorkspaceView, chain: Chain): string {
  const verdict = escape(verdictLine(chain, view.verdict(chain)));
  const asks = `sks for ${code(chain.request.value?.value ?? '')}`;
  if (!chain.overlays) return `A${asks}\n\n${verdict}`;
  return `In ${escape(overlayWords(chain.overlays))} it is ${code(accountName(chain))} and a${asks}\n\n${verdict}`;
}

/** What an association gives, and that it goes before an annotation. */
function gift(view: WorkspaceView, grant: Grant, asks: boolean): string {
  const { association, clusterName, source } = grant;
  const line = association ? (view.position(association.doc, association.head.start)?.line ?? 0) : 0;
  const where = association ? placeLink(placeLabel(association.doc.uri, line), association.doc.uri, line) : escape(source ?? '');
  const cluster = clusterName === undefined ? '' : ` in cluster ${code(clusterName)}`;
  const wins = asks ? (grant.sure ? ' The association wins: the annotation has no effect.' : ' Where it is there, it wins over the annotation.') : '';
  return `${grant.sure ? 'Gets' : 'May get'} ${code(grant.role || grantedRole(grant))} by EKS Pod Identity${cluster} (${where}).${wins}\n\n${escape(grantLine(grant))}`;
}
