import { NotificationType, RequestType, RequestType0, type WorkspaceEdit } from 'vscode-languageserver-protocol';

/**
 * What the server says of AWS beyond LSP. Nothing is asked of AWS before a
 * `podRoles/aws/configure` with `enabled: true`. A request that AWS does not answer gives an {@link AwsProblem}, never an
 * LSP error; one that was cancelled gives `{ cancelled: true }`.
 */

/** Why there is no answer, for people: what is so, and what to do next. */
export interface AwsProblem {
  readonly problem: {
    readonly code: string;
    readonly message: string;
    readonly next: string;
    /** `iam:GetRole`, where a permission is missing. */
    readonly permission?: string;
    /** `aws sso login --profile …` renews this profile's session. */
    readonly ssoProfile?: string;
    /** That command, quoted for a POSIX shell. */
    readonly signInCommand?: string;
    readonly retryable: boolean;
  };
}

export interface AwsCancelled {
  readonly cancelled: true;
}

export type AwsAnswer<T> = T | AwsProblem | AwsCancelled;

export interface AwsConfigureParams {
  /** False: only a snapshot of the workspace is taken, and nobody is asked. The client says true after the opt-in, in a trusted workspace alone. */
  readonly enabled: boolean;
  readonly profile?: string;
  readonly regions?: readonly string[];
}

/** What is known of AWS now. */
export interface AwsState {
  readonly source: 'off' | 'snapshot' | 'live';
  /** `AWS`, `snapshot of 2026-11-20`. */
  readonly label?: string;
  readonly busy: boolean;
  /** What is being asked, while busy: "Roles: 1,200". */
  readonly progress?: string;
  readonly account?: string;
  /** Who asks, without a session's name. */
  readonly arn?: string;
  readonly profile?: string;
  readonly regions: readonly string[];
  /** ISO 8601: when the lists were asked, or the snapshot was taken. */
  readonly loadedAt?: string;
  readonly counts?: { readonly roles: number; readonly providers: number; readonly clusters: number; readonly associations: number };
  /** Calls that were refused or failed. */
  readonly gaps: readonly {
    readonly action: string;
    readonly resource?: string;
    readonly reason: string;
    readonly next?: string;
    readonly code?: string;
  }[];
  /** True where AWS could not be asked again, and what is known is of `loadedAt`. */
  readonly stale?: boolean;
  readonly problem?: AwsProblem['problem'];
}

/** Turns AWS on or off, or to another profile or other regions. Answers when the identity is known; the rest loads behind. */
export const awsConfigureRequest = new RequestType<AwsConfigureParams, AwsState, void>('podRoles/aws/configure');
export const awsStateNotification = new NotificationType<AwsState>('podRoles/aws/state');
/** Asks everything again; answers when all is there. */
export const awsRefreshRequest = new RequestType0<AwsState, void>('podRoles/aws/refresh');

export interface AwsProfileItem {
  readonly name: string;
  readonly region?: string;
  readonly sso: boolean;
}

/** The profiles of the AWS CLI's files, and regions to offer: those of the workspace first. Asks nobody. */
export const awsProfilesRequest = new RequestType0<
  { readonly profiles: readonly AwsProfileItem[]; readonly regions: readonly string[] },
  void
>('podRoles/aws/profiles');

/** Who a profile is, without taking it. */
export const awsIdentityRequest = new RequestType<
  { readonly profile?: string },
  AwsAnswer<{ readonly account: string; readonly arn: string }>,
  void
>('podRoles/aws/identity');

/** A cluster's issuer and what IAM has for it. */
export interface AwsClusterItem {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  readonly version?: string;
  readonly status?: string;
  /** Without `https://`; absent on a cluster without OIDC. */
  readonly issuer?: string;
  readonly id?: string;
  readonly providerArn?: string;
  /** Absent: IAM would not tell, `reason` says why. */
  readonly registered?: boolean;
  readonly clientIds?: readonly string[];
  readonly reason?: string;
  readonly podIdentityAgent?: boolean;
}

export interface AwsClustersParams {
  /** Empty: the configured ones. */
  readonly regions: readonly string[];
  /** Given back in {@link awsClusterFoundNotification}, which tells each cluster as it comes. */
  readonly id?: string;
}

export interface AwsClusters {
  /** Where a region could not be asked, those of it that were known before are among them. */
  readonly clusters: readonly AwsClusterItem[];
  readonly gaps: AwsState['gaps'];
  /** The regions that answered, so that "no cluster" is said of them alone. */
  readonly asked: readonly string[];
}

/** With a problem nobody could be asked; `known` are the clusters of before, `knownAt` their time (ISO 8601). */
export interface AwsClustersProblem extends AwsProblem {
  readonly known: readonly AwsClusterItem[];
  readonly knownAt?: string;
}

export const awsClustersRequest = new RequestType<AwsClustersParams, AwsClusters | AwsClustersProblem | AwsCancelled, void>(
  'podRoles/aws/clusters',
);
/** Without what IAM has: that is in the answer. */
export const awsClusterFoundNotification = new NotificationType<{ readonly id: string; readonly cluster: AwsClusterItem }>(
  'podRoles/aws/clusterFound',
);

export interface AwsRoleItem {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly lastUsed?: string;
}

/** Roles whose name holds every word; at most 200, from what is known. */
export const awsRolesRequest = new RequestType<
  { readonly text: string },
  AwsAnswer<{ readonly roles: readonly AwsRoleItem[]; readonly total: number }>,
  void
>('podRoles/aws/roles');

export interface AwsPolicyItem {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly awsManaged: boolean;
}

/** AWS-managed and customer policies whose name holds every word; at most 100. */
export const awsPoliciesRequest = new RequestType<
  { readonly text: string },
  AwsAnswer<{ readonly policies: readonly AwsPolicyItem[] }>,
  void
>('podRoles/aws/policies');

/**
 * What is known as the text of a snapshot file, without tags and descriptions; details of every role that pods can assume
 * are asked first. `previous` is the file's text as it is: where nothing changed, the time in it stays.
 */
export const awsSnapshotRequest = new RequestType<
  { readonly previous?: string } | null,
  AwsAnswer<{ readonly text: string; readonly summary: string }>,
  void
>('podRoles/aws/snapshot');

/** What became of registering a provider; with a problem where the call failed. */
export interface AwsRegistered {
  readonly arn: string;
  readonly outcome: 'applied' | 'undone' | 'left';
  readonly message: string;
  /** What was made, or may be there, and the commands that undo it. */
  readonly page: string;
  readonly problem?: AwsProblem['problem'];
}

/** Registers a cluster's issuer in IAM. The client has shown what will be done and was told to. */
export const awsRegisterProviderRequest = new RequestType<
  { readonly issuer: string; readonly clientIds: readonly string[] },
  AwsAnswer<AwsRegistered>,
  void
>('podRoles/aws/registerProvider');

/** What writes an issuer in place of every placeholder issuer of a file's trust policies. */
export const awsPlaceholdersRequest = new RequestType<
  { readonly uri: string; readonly issuer: string; readonly account: string; readonly partition?: string },
  { readonly count: number; readonly edit: WorkspaceEdit },
  void
>('podRoles/aws/placeholders');
