import type { ServiceAccountFact } from '../model/facts';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { toText } from './nodes';
import type { ReaderInput } from './reader';
import { standIn } from './terraform/texts';

/** The service account of each EKS add-on that gets the add-on's role. Source: EKS user guide, workloads/eks-add-ons (IAM permissions). */
const accounts: Readonly<Record<string, { readonly namespace: string; readonly name: string }>> = {
  'aws-ebs-csi-driver': { namespace: 'kube-system', name: 'ebs-csi-controller-sa' },
  'aws-efs-csi-driver': { namespace: 'kube-system', name: 'efs-csi-controller-sa' },
  'vpc-cni': { namespace: 'kube-system', name: 'aws-node' },
  'aws-mountpoint-s3-csi-driver': { namespace: 'kube-system', name: 's3-csi-driver-sa' },
  'amazon-cloudwatch-observability': { namespace: 'amazon-cloudwatch', name: 'cloudwatch-agent' },
};

/** The names of an add-on's own service account as values that stand at a place; none of an add-on that isn't known. */
export function addonNames(addon: string | undefined, at: Span, namespace?: Text): { readonly name?: Text; readonly namespace?: Text } {
  const known = Object.hasOwn(accounts, addon ?? '') ? accounts[addon!]! : undefined;
  const own = namespace ?? (known && toText(standIn(known.namespace, at)));
  return { ...(known ? { name: toText(standIn(known.name, at)) } : {}), ...(own ? { namespace: own } : {}) };
}

/** What asks for an add-on's role: the argument of the add-on. */
export interface AddonRole {
  readonly value: Text;
  /** Where the argument's name stands. */
  readonly key: Span;
  readonly span: Span;
}

/**
 * The service account of an add-on with a role: EKS annotates it in the cluster.
 * @param addon whose file says so
 */
export function addonAccount(
  addon: NonNullable<ServiceAccountFact['addon']>,
  doc: ReaderInput['doc'],
  { span, head, open }: Pick<ServiceAccountFact, 'span' | 'head' | 'open'>,
  names: ReturnType<typeof addonNames>,
  role: AddonRole,
): ServiceAccountFact {
  return {
    kind: 'serviceAccount',
    origin: 'values',
    ofRelease: true,
    addon,
    doc,
    span,
    head,
    ...names,
    roleArn: {
      kind: 'annotation',
      doc,
      span: role.span,
      key: toText(standIn('eks.amazonaws.com/role-arn', role.key)),
      value: role.value,
      valueType: 'string',
      valueSpan: role.value.outer,
      place: 'service-account',
      owner: { kind: 'ServiceAccount', ...names },
      entrySpan: role.span,
    },
    open,
  };
}
