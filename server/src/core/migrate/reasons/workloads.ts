import type { WorkloadFact } from '../../model/facts';
import { literal } from '../../text/texts';
import type { ReasonFinder } from './finder';

/** Workloads that can only run where EKS Pod Identity doesn't. Source: EKS user guide, pod-identities (considerations). */
export const workloadReasons: ReasonFinder = function* ({ move, direction }) {
  if (direction !== 'to-pod-identity') return;
  for (const workload of move.chain?.workloads ?? []) {
    if (workload.windows)
      yield {
        code: 'windows',
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} runs on Windows nodes, where EKS Pod Identity isn't available.`,
        at: { doc: workload.doc, span: workload.head },
      };
  }
};

/** A workload as people are shown it: `Deployment shop/orders`. */
export function shownWorkload(workload: WorkloadFact, namespace: string | undefined): string {
  const name = literal(workload.name) ?? workload.name?.value;
  const own = literal(workload.namespace) ?? namespace;
  return `${workload.objectKind} ${own === undefined ? '' : `${own}/`}${name ?? '(unnamed)'}`;
}
