import type { Direction } from '../types';
import { imageName, imageTag } from './images';
import { isBefore, parseVersion } from './versions';

interface KnownImage {
  /** As people call it. */
  readonly name: string;
  /** Where its maintainers publish it: the end of the image's name, so that a mirror which keeps the path is one, too. */
  readonly published: readonly string[];
  /** The first version with an SDK for EKS Pod Identity, of each line of releases; a line is the first numbers of a version. */
  readonly least: Readonly<Record<string, string>>;
}

/**
 * Controllers and tools whose images are tagged with their own version. Source of each minimum: the first release tag of the
 * project's repository whose go.mod (of cluster-autoscaler: whose copy of the SDK in cloudprovider/aws/aws-sdk-go) has
 * aws-sdk-go 1.47.11 or aws-sdk-go-v2/config 1.25.0; of external-secrets 0.8.10 and later have it, too. The AWS CLI: EKS user
 * guide, pod-id-minimum-sdk.
 */
const known: readonly KnownImage[] = [
  { name: 'AWS CLI', published: ['amazon/aws-cli', 'aws-cli/aws-cli'], least: { '1': '1.30.0', '': '2.15.0' } },
  {
    name: 'aws-load-balancer-controller',
    published: ['amazon/aws-load-balancer-controller', 'eks/aws-load-balancer-controller', 'amazon/aws-alb-ingress-controller'],
    least: { '': '2.7.0' },
  },
  { name: 'external-dns', published: ['external-dns/external-dns', 'bitnami/external-dns'], least: { '': '0.14.1' } },
  {
    name: 'cluster-autoscaler',
    published: ['autoscaling/cluster-autoscaler'],
    least: { '1.26': '1.26.7', '1.27': '1.27.6', '': '1.28.3' },
  },
  { name: 'aws-ebs-csi-driver', published: ['ebs-csi-driver/aws-ebs-csi-driver', 'eks/aws-ebs-csi-driver'], least: { '': '1.26.0' } },
  {
    name: 'aws-efs-csi-driver',
    published: ['efs-csi-driver/amazon/aws-efs-csi-driver', 'amazon/aws-efs-csi-driver', 'eks/aws-efs-csi-driver'],
    least: { '': '2.0.3' },
  },
  { name: 'Karpenter', published: ['karpenter/controller'], least: { '': '0.32.2' } },
  {
    name: 'external-secrets',
    published: ['external-secrets/external-secrets', 'external-secrets/external-secrets/external-secrets'],
    least: { '0.8': '0.8.10', '': '0.9.10' },
  },
  { name: 'cert-manager', published: ['jetstack/cert-manager-controller'], least: { '': '1.14.0' } },
  { name: 'velero-plugin-for-aws', published: ['velero/velero-plugin-for-aws'], least: { '': '1.10.0' } },
  { name: 'KEDA', published: ['kedacore/keda', 'kedacore/keda-metrics-apiserver'], least: { '': '2.13.0' } },
  { name: 'Loki', published: ['grafana/loki'], least: { '': '3.0.0' } },
];

/** The least AWS CLI for IRSA. Source: EKS user guide, iam-roles-for-service-accounts-minimum-sdk. */
const cliForIrsa: Readonly<Record<string, string>> = { '1': '1.16.232' };

/** An image that is too old. */
export interface OldImage {
  readonly name: string;
  readonly version: string;
  readonly least: string;
}

/** What an image's tag tells, if it is too old for a mechanism; undefined for one that is new enough, and for what no tag tells. */
export function oldImage(image: string, direction: Direction): OldImage | undefined {
  const [name, tag] = [imageName(image), imageTag(image)];
  const version = tag === undefined ? undefined : parseVersion(tag);
  if (!version || tag === undefined) return undefined;
  const own = known.find(({ published }) => published.some((each) => name === each || name.endsWith(`/${each}`)));
  if (!own) return undefined;
  const table = direction === 'to-pod-identity' ? own.least : own.name === 'AWS CLI' ? cliForIrsa : {};
  const line = [`${version.numbers[0]}.${version.numbers[1]}`, `${version.numbers[0]}`, ''].find((each) => Object.hasOwn(table, each));
  const least = line === undefined ? undefined : table[line];
  const release = least === undefined ? undefined : parseVersion(least);
  if (least === undefined || !release || !isBefore(version, release)) return undefined;
  return { name: own.name, version: tag.replace(/^v/, ''), least };
}
