import { listed } from './listed';
import { eksctlSteps } from './nextEksctl';
import { patchSteps } from './nextPatches';
import type { Move } from './moves';
import type { MigrationHost, StepRequest } from './port';
import { shownWorkload } from './reasons/workloads';

/** The workloads to restart for accounts: `Deployment shop/orders`, each once, sorted. */
export function workloadsOf(moves: readonly Pick<Move, 'workloads' | 'namespace'>[]): string[] {
  return [...new Set(moves.flatMap(({ workloads, namespace }) => workloads.map((each) => shownWorkload(each, namespace))))].sort();
}

/**
 * What to deploy in which order after a step, as sentences for people. Source of the order: EKS user guide; the webhook acts on new pods alone.
 * @param replaced what to do about roles that others take the place of
 * @param inOneRoot all files that the step changes are one Terraform configuration's, so that one apply does all in the order of its references
 */
export function nextSteps(
  moves: readonly Move[],
  { step, direction }: StepRequest,
  host: MigrationHost,
  inOneRoot = false,
  replaced: readonly string[] = [],
): string[] {
  const toPods = direction === 'to-pod-identity';
  const workloads = workloadsOf(moves);
  // eksctl changes its roles, associations and accounts itself.
  const eksctl = toPods ? eksctlSteps(moves, step, host) : [];
  const isEksctlAlone = moves.every(({ policy }) => policy.kind === 'made');
  const restart =
    workloads.length === 0
      ? 'Restart the workloads of these service accounts: running pods keep the credentials that they have.'
      : `Restart ${listed(workloads)}: running pods keep the credentials that they have.`;
  const writers =
    'If Terraform, Argo CD, Flux or a pipeline deploys these files, change them there only: whatever is changed in the cluster or in AWS alone is overwritten.';
  // Helm's three-way merge, kubectl apply and server-side apply remove what the same manager has set, and nothing else.
  const leftovers =
    'Helm, kubectl apply, Argo CD (on sync) and Flux remove an annotation that they have set themselves. One that eksctl or kubectl annotate has set may stay: check the service accounts in the cluster, and remove it by hand.';
  if (step === 'expand')
    return toPods
      ? [
          'The cluster needs the EKS add-on eks-pod-identity-agent, unless it is in EKS Auto Mode, which has the agent built in.',
          'Check that the images have an AWS SDK that supports EKS Pod Identity. The minimum versions are in docs/migrate.md.',
          ...eksctl,
          ...replaced,
          ...(isEksctlAlone ? [] : [inOneRoot ? `${oneApply}: the trust policy is changed before the association is created.` : 'Deploy the trust policies first, then the associations.']), // prettier-ignore
          `An association overrides the annotation for pods that start after it. ${restart}`,
          'Watch the workloads. If one fails, run the undo step, deploy it, and restart its pods.',
          'When all work, run the contract step.',
          writers,
        ]
      : [
          'Deploy the trust policies first, then the annotations. Until the association is deleted, it still overrides the annotation.',
          'Then run the contract step.',
          writers,
        ];
  const elsewhere = [...new Set(moves.filter(({ chain, account }) => !chain && !account).map(({ shown }) => shown))];
  const annotations =
    elsewhere.length > 0
      ? [
          `No file has the annotations of ${listed(elsewhere)}. Remove them where they are set, before ${isEksctlAlone ? 'the role for IRSA is deleted' : 'you deploy the trust policies'}.`,
        ]
      : [];
  if (step === 'contract')
    return toPods
      ? [
          ...annotations,
          `Before you deploy this: pods that still run with IRSA lose the role. ${restart}`,
          ...eksctl,
          ...(isEksctlAlone ? [] : [inOneRoot ? `${oneApply}.` : 'Deploy the service accounts without the annotation first, then the trust policies.']), // prettier-ignore
          ...(moves.some(({ chain }) => chain && isManifest(chain.account.doc.uri)) ? [leftovers] : []),
          ...patchSteps(moves, host),
          ...replaced,
          writers,
        ]
      : ['Delete the associations first, then deploy the trust policies.', restart, writers];
  return [
    ...eksctl,
    ...(isEksctlAlone
      ? []
      : [
          toPods
            ? inOneRoot
              ? `${oneApply}: the association is deleted before the trust policy is changed.`
              : 'Delete the associations first, then deploy the trust policies.'
            : 'Deploy the service accounts without the annotation first, then the trust policies.',
        ]),
    restart,
    writers,
  ];
}

function isManifest(uri: string): boolean {
  return !/\.(?:tf|tofu)(?:\.json)?$/.test(uri);
}

const oneApply = 'Run terraform apply once. It works in the order of the references';
