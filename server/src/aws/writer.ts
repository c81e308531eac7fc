/**
 * The calls that change AWS: what applying a plan needs, and how to undo it. Each is one request, sent once. A signal
 * that is aborted beforehand keeps it from being sent; one that is aborted later changes nothing. Throws {@link AwsError}s:
 * `exists` where the thing is there already, `not-found`, `refused` (AWS's words quoted), `access-denied` with the
 * permission. When the connection is lost after the call was sent, the error is `no-network` and nobody knows whether
 * AWS did it: ask before the call is repeated.
 */
export interface AwsWriter {
  createRole(role: NewRole, signal?: AbortSignal): Promise<{ readonly arn: string }>;
  /** The role must have no policies left. */
  deleteRole(name: string, signal?: AbortSignal): Promise<void>;
  /** @param document the trust policy as JSON text. */
  updateAssumeRolePolicy(name: string, document: string, signal?: AbortSignal): Promise<void>;
  attachRolePolicy(name: string, policyArn: string, signal?: AbortSignal): Promise<void>;
  detachRolePolicy(name: string, policyArn: string, signal?: AbortSignal): Promise<void>;
  /** Writes over an inline policy of that name. */
  putRolePolicy(name: string, policyName: string, document: string, signal?: AbortSignal): Promise<void>;
  deleteRolePolicy(name: string, policyName: string, signal?: AbortSignal): Promise<void>;
  putRolePermissionsBoundary(name: string, boundaryArn: string, signal?: AbortSignal): Promise<void>;
  deleteRolePermissionsBoundary(name: string, signal?: AbortSignal): Promise<void>;
  tagRole(name: string, tags: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void>;
  untagRole(name: string, keys: readonly string[], signal?: AbortSignal): Promise<void>;
  /** @param issuer without `https://`. */
  createOpenIDConnectProvider(
    issuer: string,
    clientIds: readonly string[],
    tags: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<{ readonly arn: string }>;
  deleteOpenIDConnectProvider(arn: string, signal?: AbortSignal): Promise<void>;
  addClientId(providerArn: string, clientId: string, signal?: AbortSignal): Promise<void>;
  removeClientId(providerArn: string, clientId: string, signal?: AbortSignal): Promise<void>;
  createPodIdentityAssociation(association: NewAssociation, signal?: AbortSignal): Promise<{ readonly id: string }>;
  /** Gives an association another role. */
  updatePodIdentityAssociation(region: string, clusterName: string, id: string, roleArn: string, signal?: AbortSignal): Promise<void>;
  deletePodIdentityAssociation(region: string, clusterName: string, id: string, signal?: AbortSignal): Promise<void>;
}

export interface NewRole {
  readonly name: string;
  /** `/` or `/…/`. */
  readonly path?: string;
  /** The trust policy as JSON text. */
  readonly trustPolicy: string;
  readonly description?: string;
  /** Seconds, 3,600 to 43,200. */
  readonly maxSessionDuration?: number;
  readonly permissionsBoundary?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface NewAssociation {
  readonly region: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The same token gives the same association: what makes a repeated call harmless. */
  readonly clientToken?: string;
}
