import { literal } from '../../text/texts';
import { verdictLine } from '../codeLens';
import { code, placeLabel, placeLink } from '../markdown';
import type { ServiceAccountFact } from '../../model/facts';
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
  const chain = view.wiring.chainOf(account);
  if (!chain) return `${head}\n\nIt asks for no role: it has no annotation ${code('eks.amazonaws.com/role-arn')}.`;
  const arn = chain.request.value?.value ?? '';
  return `${head}\n\nAsks for ${code(arn)}\n\n${escape(verdictLine(chain, view.verdict(chain)))}`;
}
