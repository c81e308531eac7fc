import type { WorkloadFact } from '../../model/facts';
import { literal } from '../../text/texts';
import type { ReasonFinder } from './finder';

const platformWords = { windows: 'Windows nodes', fargate: 'AWS Fargate' } as const;

/** Workloads that can only run where EKS Pod Identity doesn't. Source: EKS user guide, pod-identities (considerations). */
export const workloadReasons: ReasonFinder = function* ({ move, direction }) {
  if (direction !== 'to-pod-identity') return;
  for (const workload of move.chain?.workloads ?? []) {
    const platform = workload.platform?.name ?? (workload.windows ? 'windows' : undefined);
    // One that mounts a token by itself goes on with IRSA, and would lose its role in the last step.
    if (platform)
      yield {
        code: platform,
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} runs on ${platformWords[platform]}, where EKS Pod Identity isn't available.`,
        at: { doc: workload.doc, span: workload.platform?.span ?? workload.head },
      };
    else if (workload.live?.pods.some(({ withoutPodIdentity }) => withoutPodIdentity))
      yield {
        code: 'fargate',
        effect: 'stops',
        message: `Pods of ${shownWorkload(workload, move.namespace)} run on Windows nodes or AWS Fargate, where EKS Pod Identity isn't available.`,
        at: { doc: workload.doc, span: workload.head },
      };
    if (workload.ownTokenVolume)
      yield {
        code: 'operator-needs-token',
        effect: 'stops',
        message: `${shownWorkload(workload, move.namespace)} mounts a token for IRSA by itself. Remove that volume and its variables first.`,
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
