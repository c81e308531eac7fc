import type { Place } from '../syntax/sourceFile';
import type { Decision } from '../trust/verdict';
import { literal } from '../text/texts';
import type { Chain } from '../wiring/chain';
import { permissionCounts, type PermissionCounts } from './permissions/counts';
import type { WorkspaceView } from './workspaceView';

/** One way from a workload to a role: who can become what. Plain data. */
export interface AccessEntry {
  /** Absent where no workload of the files uses the account. */
  readonly workload?: { readonly kind: string; readonly name: string; readonly at: Place };
  /** As far as it is known; holes stand as written. */
  readonly namespace?: string;
  readonly serviceAccount: string;
  readonly account: Place;
  /** As the annotation has it. */
  readonly role: string;
  readonly decision: Decision;
  /** Where the trust policy stands, when it is among the files. */
  readonly policy?: Place;
  /** Where AWS, or a snapshot of it, tells the role's policies. */
  readonly permissions?: PermissionCounts;
}

/** Every chain of the workspace, an entry for each workload. In the order of the index. */
export function accessMap(view: Pick<WorkspaceView, 'wiring' | 'verdict' | 'catalogue'>): AccessEntry[] {
  return [...view.wiring.chains()].filter((chain) => chain.roleArn).flatMap((chain) => entriesOf(chain, view.verdict(chain)?.decision ?? 'unknown', permissionCounts(view, chain)));
}

function entriesOf(chain: Chain, decision: Decision, permissions: PermissionCounts | undefined): AccessEntry[] {
  const { account, ties: [tie] } = chain;
  const base: AccessEntry = {
    ...(chain.namespace === undefined ? {} : { namespace: chain.namespace }),
    serviceAccount: chain.name ?? account.name?.value ?? '(name not given)',
    account: { doc: account.doc, span: account.head },
    role: chain.request.value?.value ?? '',
    decision,
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
    ...(permissions ? { permissions } : {}),
  };
  if (chain.workloads.length === 0) return [base];
  return chain.workloads.map((workload) => ({
    ...base,
    workload: { kind: workload.objectKind, name: literal(workload.name) ?? workload.name?.value ?? '(name not given)', at: { doc: workload.doc, span: workload.head } },
  }));
}
