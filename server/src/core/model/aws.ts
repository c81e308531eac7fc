import type { FargateSelector } from './facts';

/**
 * What AWS knows of roles and pods: plain data, the same whether it came from the SDK or from a snapshot file.
 * The snapshot file is this, as JSON (schemas/snapshot.schema.json). Never holds a secret, a token or a session name.
 */
export interface AwsFacts {
  /** The format's version. */
  readonly version: 1;
  /** One entry an account, sorted by id. */
  readonly accounts: readonly AwsAccount[];
}

export interface AwsAccount {
  /** 12 digits. */
  readonly id: string;
  readonly partition: string;
  /** When it was asked, ISO 8601 in UTC. */
  readonly takenAt: string;
  /** Sorted by ARN. Complete unless `partial` names ListRoles. */
  readonly roles: readonly AwsRole[];
  /** Managed policies whose documents are known, AWS's own among them. Sorted by ARN. */
  readonly policies: readonly AwsPolicy[];
  readonly providers: readonly AwsProvider[];
  readonly clusters: readonly AwsCluster[];
  readonly associations: readonly AwsAssociation[];
  /** Calls that were refused or failed: what is missing above, and why. */
  readonly partial: readonly AwsGap[];
  /** Regions that were asked for clusters and associations. */
  readonly regions: readonly string[];
}

/** A call that gave nothing. */
export interface AwsGap {
  /** `iam:ListAttachedRolePolicies`. */
  readonly action: string;
  /** The resource it was asked for, where it was one. */
  readonly resource?: string;
  /** In plain words, without account ids of others, tokens or session names. */
  readonly reason: string;
  /** What to do about it, where AWS was asked in this session; a snapshot does not hold it. */
  readonly next?: string;
  /** The kind of what went wrong (`access-denied`, `expired`), as `next`. */
  readonly code?: string;
}

export interface AwsRole {
  readonly arn: string;
  readonly name: string;
  /** `/` or `/…/`. */
  readonly path: string;
  readonly description?: string;
  /** Seconds. */
  readonly maxSessionDuration?: number;
  /** The trust policy as JSON text, decoded. */
  readonly trustPolicy?: string;
  readonly permissionsBoundary?: string;
  /** ISO 8601; absent: not known. */
  readonly createdAt?: string;
  /** ISO 8601; absent: never used, or not asked (`detail` false). */
  readonly lastUsed?: string;
  readonly lastUsedRegion?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** ARNs of attached managed policies; absent where not asked or refused. */
  readonly attached?: readonly string[];
  /** Name → document as JSON text; absent where not asked or refused. */
  readonly inline?: Readonly<Record<string, string>>;
  /** False for a role that only ListRoles told of: description, boundary, last use and policies are not known. */
  readonly detail: boolean;
}

export interface AwsPolicy {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  /** The default version's document as JSON text; absent where not asked or refused. */
  readonly document?: string;
  readonly versionId?: string;
}

export interface AwsProvider {
  readonly arn: string;
  /** Issuer without `https://`. */
  readonly issuer: string;
  readonly clientIds: readonly string[];
}

export interface AwsCluster {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  /** Without `https://`; absent on clusters without OIDC. */
  readonly issuer?: string;
  readonly kubernetesVersion?: string;
  readonly status?: string;
  /** Whether the add-on eks-pod-identity-agent is there; absent: not asked. */
  readonly podIdentityAgent?: boolean;
  /** Whether it is an EKS Auto Mode cluster, which has the agent built in; absent: not known. */
  readonly autoMode?: boolean;
  /** Whether it has hybrid nodes, which run an agent of their own; absent: not known. */
  readonly hybridNodes?: boolean;
  /** Its Fargate profiles that select pods now; absent: not known, or not all of them. Sorted by name. */
  readonly fargateProfiles?: readonly AwsFargateProfile[];
}

export interface AwsFargateProfile {
  readonly name: string;
  readonly selectors: readonly FargateSelector[];
}

export interface AwsAssociation {
  readonly id: string;
  readonly clusterName: string;
  readonly region: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn?: string;
  readonly targetRoleArn?: string;
  readonly sessionTagsDisabled?: boolean;
  /** The session policy as JSON text. */
  readonly policy?: string;
  /** What the target role's trust policy may compare `sts:ExternalId` with. */
  readonly externalId?: string;
  /** The add-on that owns the association. */
  readonly ownerArn?: string;
}
