/** The webhook's annotations and where each belongs. Source: amazon-eks-pod-identity-webhook pkg/cache, pkg/handler. */
export interface AnnotationKey {
  readonly key: string;
  readonly short: string;
  readonly on: readonly ('service-account' | 'pod-template')[];
  readonly does: string;
  readonly fallback: string;
  readonly values: readonly string[];
}

export const annotationPrefix = 'eks.amazonaws.com/';

export const annotationKeys: readonly AnnotationKey[] = [
  {
    key: 'eks.amazonaws.com/role-arn',
    short: 'role-arn',
    on: ['service-account'],
    does: 'The IAM role that pods of this service account take. The webhook gives them `AWS_ROLE_ARN` and a token; the SDK calls `sts:AssumeRoleWithWebIdentity`.',
    fallback: 'Without it pods get no role this way.',
    values: [],
  },
  {
    key: 'eks.amazonaws.com/audience',
    short: 'audience',
    on: ['service-account'],
    does: 'The audience of the token that the webhook mounts. The IAM provider must list it, and the trust policy must take it.',
    fallback: 'Default: `sts.amazonaws.com`, in every partition.',
    values: ['sts.amazonaws.com'],
  },
  {
    key: 'eks.amazonaws.com/sts-regional-endpoints',
    short: 'sts-regional-endpoints',
    on: ['service-account'],
    does: "Whether the webhook sets `AWS_STS_REGIONAL_ENDPOINTS=regional`, so that older SDKs call the region's STS endpoint.",
    fallback: 'Default on EKS: `true`.',
    values: ['"true"', '"false"'],
  },
  {
    key: 'eks.amazonaws.com/token-expiration',
    short: 'token-expiration',
    on: ['service-account', 'pod-template'],
    does: 'The life of the mounted token, in seconds. The kubelet renews it at 80 % of its life.',
    fallback: 'Default: `86400` (24 hours). Less than `600` is raised to `600`.',
    values: ['"86400"', '"3600"'],
  },
  {
    key: 'eks.amazonaws.com/skip-containers',
    short: 'skip-containers',
    on: ['pod-template'],
    does: 'Containers, by name, that get no credentials: a list with commas and no spaces.',
    fallback: 'Default: every container and init container gets them.',
    values: [],
  },
];

/** Other keys and labels under the same prefix that are right and none of the webhook's. */
export const otherPrefixKeys: ReadonlySet<string> = new Set([
  'compute-type',
  'nodegroup',
  'nodegroup-image',
  'capacityType',
  'sourceLaunchTemplateId',
  'sourceLaunchTemplateVersion',
  'skip-pod-identity-webhook',
  'pod-identity',
  'fargate-profile',
  'component',
  'component-type',
  'instance-family',
  'legacy-nodegroup',
]);
