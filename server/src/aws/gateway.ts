import type { AwsAssociation, AwsCluster, AwsGap, AwsPolicy, AwsProvider, AwsRole } from '../core/model/aws';

/**
 * The one door to what AWS knows. Two sources implement it, the SDK (`live`) and a snapshot file, and give the same
 * facts. Every method may throw an {@link AwsError}, and an `AbortError` when its signal is aborted. Reads alone: what
 * changes anything in AWS is in writer.ts.
 */
export interface AwsGateway {
  readonly kind: 'live' | 'snapshot';
  /** Who asks. `arn` without a session name. A snapshot answers for its first account. */
  identity(signal?: AbortSignal): Promise<AwsIdentity>;
  /** Every role, as ListRoles tells it (`detail` false); a snapshot gives what it holds. */
  listRoles(signal?: AbortSignal): AsyncIterable<AwsRole>;
  /**
   * One role with its policies: its trust, boundary, last use, tags, attached policies with documents, inline documents.
   * Undefined: there is no such role. Parts that were refused are absent, and named in `gaps`.
   */
  role(arnOrName: string, signal?: AbortSignal): Promise<AwsRoleDetail | undefined>;
  /** AWS-managed and customer policies whose name holds every word of the text; best first, at most 100. Documents are not asked. */
  searchPolicies(text: string, signal?: AbortSignal): Promise<AwsPolicy[]>;
  /** One OIDC provider by its ARN; undefined: there is none. */
  provider(arn: string, signal?: AbortSignal): Promise<AwsProvider | undefined>;
  /** The account's OIDC providers with their client ids. */
  providers(signal?: AbortSignal): Promise<{ readonly providers: AwsProvider[]; readonly gaps: AwsGap[] }>;
  /**
   * One cluster by its name; undefined: there is none. One call (DescribeCluster), and a second for the add-on
   * eks-pod-identity-agent with `agent`; whether it is there is absent where that call was refused.
   */
  cluster(region: string, name: string, options?: { readonly agent?: boolean }, signal?: AbortSignal): Promise<AwsCluster | undefined>;
  /** The names of a region's clusters. */
  clusterNames(region: string, signal?: AbortSignal): Promise<string[]>;
  /** A managed policy without its document; undefined: there is none. */
  policy(arn: string, signal?: AbortSignal): Promise<AwsPolicy | undefined>;
  /** The account's quotas and what is used of them, by AWS's own names (`RolesQuota`, `Roles`). */
  quotas(signal?: AbortSignal): Promise<Readonly<Record<string, number>>>;
  /** Clusters of several regions at once; `onFound` tells each as it comes. A region that fails is a gap, not an error. */
  clusters(
    regions: readonly string[],
    signal?: AbortSignal,
    onFound?: (cluster: AwsCluster) => void,
  ): Promise<{ readonly clusters: AwsCluster[]; readonly gaps: AwsGap[] }>;
  /** The Pod Identity associations of a cluster, roles included; with `only`, that of one service account. */
  associations(
    cluster: AwsCluster,
    signal?: AbortSignal,
    only?: { readonly namespace: string; readonly serviceAccount: string },
  ): Promise<{ readonly associations: AwsAssociation[]; readonly gaps: AwsGap[] }>;
}

export interface AwsIdentity {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
}

export interface AwsRoleDetail {
  readonly role: AwsRole;
  /** The attached policies and the boundary, with documents where they could be read. */
  readonly policies: AwsPolicy[];
  readonly gaps: AwsGap[];
}

/** What went wrong, by kind: decides what is offered next. */
export type AwsErrorCode =
  | 'no-credentials'
  | 'sso-expired'
  | 'expired'
  | 'invalid-credentials'
  | 'access-denied'
  | 'throttled'
  | 'no-network'
  | 'no-region'
  | 'region-disabled'
  | 'not-aws'
  | 'not-found'
  | 'exists'
  | 'refused'
  | 'profile'
  | 'snapshot'
  | 'failed';

export interface AwsErrorDetail {
  /** What to do next: a plain sentence. */
  readonly next: string;
  /** The permission that was missing: `iam:GetRole`. */
  readonly permission?: string | undefined;
  /** The profile whose SSO session has to be renewed: `aws sso login --profile …`. */
  readonly ssoProfile?: string | undefined;
  /** True when the same call may succeed later. */
  readonly retryable?: boolean;
  /** AWS's own name of the error: `MalformedPolicyDocument`. */
  readonly awsCode?: string | undefined;
  /** True where the request never left this machine, so AWS did nothing. */
  readonly unsent?: boolean;
}

/**
 * A call to AWS that gave nothing. `message` is one plain sentence without secrets, tokens and session names, made for
 * people to read; nothing of AWS's answer is in it but what {@link AwsErrorCode} `refused` quotes.
 */
export class AwsError extends Error {
  readonly next: string;
  readonly permission?: string;
  readonly ssoProfile?: string;
  readonly awsCode?: string;
  readonly retryable: boolean;
  readonly unsent: boolean;

  constructor(
    readonly code: AwsErrorCode,
    message: string,
    detail: AwsErrorDetail,
  ) {
    super(message);
    this.name = 'AwsError';
    this.next = detail.next;
    this.retryable = detail.retryable ?? false;
    this.unsent = detail.unsent ?? false;
    if (detail.permission !== undefined) this.permission = detail.permission;
    if (detail.ssoProfile !== undefined) this.ssoProfile = detail.ssoProfile;
    if (detail.awsCode !== undefined) this.awsCode = detail.awsCode;
  }

  /** Whether something thrown is one. Not by `instanceof`: dist/aws.js has a copy of this class of its own. */
  static is(error: unknown): error is AwsError {
    return error instanceof Error && error.name === 'AwsError' && 'next' in error;
  }
}
