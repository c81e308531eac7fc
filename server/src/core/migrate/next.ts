import { leastSdks } from './limits';
import type { Move } from './moves';
import type { StepRequest } from './port';
import { shownWorkload } from './reasons/workloads';

/** The workloads to restart for accounts: `Deployment shop/orders`, each once, sorted. */
export function workloadsOf(moves: readonly Pick<Move, 'workloads' | 'namespace'>[]): string[] {
  return [...new Set(moves.flatMap(({ workloads, namespace }) => workloads.map((each) => shownWorkload(each, namespace))))].sort();
}

/** What to deploy in which order after a step, as sentences for people. Source of the order: EKS user guide; the webhook acts on new pods alone. */
export function nextSteps(moves: readonly Move[], { step, direction }: StepRequest): string[] {
  const toPods = direction === 'to-pod-identity';
  const workloads = workloadsOf(moves);
  const restart =
    workloads.length === 0
      ? 'Restart the workloads of these service accounts: running pods keep the credentials that they have.'
      : `Restart ${listed(workloads)}: running pods keep the credentials that they have.`;
  const writers =
    'If Terraform, Argo CD, Flux or a pipeline deploys these files, change them there only: whatever is changed in the cluster or in AWS alone is written back.';
  if (step === 'expand')
    return toPods
      ? [
          'The cluster needs the EKS add-on eks-pod-identity-agent, unless it is in EKS Auto Mode, which has the agent built in.',
          'Deploy the trust policies first, then the associations. An association overrides the annotation for pods that start after it.',
          restart,
          `Check that the images have an AWS SDK that knows EKS Pod Identity: ${leastSdks}.`,
          'Watch the workloads. If one fails, undo this step, delete the association in AWS, and restart its pods.',
          'When all work, make the last step, contract.',
          writers,
        ]
      : [
          'Deploy the trust policies first, then the annotations. Until the association is deleted, it still overrides the annotation.',
          'Then make the last step, contract.',
          writers,
        ];
  // Source: eksctl user docs, delete iamserviceaccount.
  const eksctl = moves.some(({ policy }) => policy.kind === 'made')
    ? ['eksctl deletes a service account that it created together with its role for IRSA. Give the association createServiceAccount: true, unless a manifest creates the service account.'] // prettier-ignore
    : [];
  const elsewhere = [...new Set(moves.filter(({ chain, account }) => !chain && !account).map(({ shown }) => shown))];
  const annotations =
    elsewhere.length > 0
      ? [`No file has the annotations of ${listed(elsewhere)}. Remove them where they are set, before you deploy the trust policies.`]
      : [];
  if (step === 'contract')
    return toPods
      ? [...eksctl, ...annotations, 'Deploy the service accounts without the annotation first, then the trust policies.', restart, writers]
      : ['Delete the associations first, then deploy the trust policies.', restart, writers];
  return [
    toPods
      ? 'Deploy the removal of the associations first, then the trust policies.'
      : 'Deploy the service accounts without the annotation first, then the trust policies.',
    restart,
    writers,
  ];
}

function listed(names: readonly string[]): string {
  const most = 20;
  const shown = names.slice(0, most);
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
