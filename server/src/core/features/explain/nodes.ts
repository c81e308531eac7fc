import type { RoleFact, ServiceAccountFact, WorkloadFact } from '../../model/facts';
import type { Place } from '../../syntax/sourceFile';
import { shownText } from '../../text/shown';
import type { Tie } from '../../wiring/chain';
import type { Grant } from '../../wiring/grants';
import type { ChainNode } from './document';
import { listed } from './steps';

/** The workloads that use the account, the first few. */
export function workloadNodes({ workloads }: { readonly workloads: readonly WorkloadFact[] }): ChainNode[] {
  const more = workloads.length - listed;
  return workloads.slice(0, listed).map((workload, i) => ({
    kind: 'workload',
    type: workload.objectKind,
    name: workload.name ? shownText(workload.name) : '',
    place: { doc: workload.doc, span: workload.head },
    ...(i === listed - 1 && more > 0 ? { more } : {}),
  }));
}

/** The service account; without a place if no file defines it. */
export function accountNode(account: ServiceAccountFact | undefined, name: string): ChainNode {
  return { kind: 'account', type: 'ServiceAccount', name, ...(account ? { place: { doc: account.doc, span: account.head } } : {}) };
}

export function associationNode({ association, cluster }: Grant): ChainNode {
  return {
    kind: 'association',
    type: 'Pod Identity association',
    name: cluster.name ?? '',
    ...(association ? { place: { doc: association.doc, span: association.head } } : {}),
  };
}

/** The role, at its trust policy; at its own definition if the policy can't be read there. */
export function roleNode(role: string, ties: readonly Tie[], made?: RoleFact): ChainNode {
  const tie = ties.find(({ kind }) => kind !== 'aws');
  const place: Place | undefined = tie ? { doc: tie.policy.doc, span: tie.policy.policy.span } : made && { doc: made.doc, span: made.span };
  return { kind: 'role', type: 'Role', name: role, ...(place ? { place } : {}) };
}
