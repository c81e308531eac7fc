import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import type { AwsWriter, NewAssociation, NewRole } from '../writer';
import type { Clients } from './clients';

/** Writes through the SDK. Every call that it makes is named in docs/permissions.md. */
export class LiveWriter implements AwsWriter {
  constructor(private readonly clients: Clients) {}

  async createRole(role: NewRole, signal?: AbortSignal): Promise<{ arn: string }> {
    const input = new CreateRoleCommand({
      RoleName: role.name,
      AssumeRolePolicyDocument: role.trustPolicy,
      Path: role.path,
      Description: role.description,
      MaxSessionDuration: role.maxSessionDuration,
      PermissionsBoundary: role.permissionsBoundary,
      Tags: tagList(role.tags),
    });
    const { Role: made } = await this.write('iam:CreateRole', (options) => this.clients.iam(true).send(input, options), signal);
    return { arn: made?.Arn ?? '' };
  }

  async deleteRole(name: string, signal?: AbortSignal): Promise<void> {
    await this.write(
      'iam:DeleteRole',
      (options) => this.clients.iam(true).send(new DeleteRoleCommand({ RoleName: name }), options),
      signal,
    );
  }

  async updateAssumeRolePolicy(name: string, document: string, signal?: AbortSignal): Promise<void> {
    const input = new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: document });
    await this.write('iam:UpdateAssumeRolePolicy', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async attachRolePolicy(name: string, policyArn: string, signal?: AbortSignal): Promise<void> {
    const input = new AttachRolePolicyCommand({ RoleName: name, PolicyArn: policyArn });
    await this.write('iam:AttachRolePolicy', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async detachRolePolicy(name: string, policyArn: string, signal?: AbortSignal): Promise<void> {
    const input = new DetachRolePolicyCommand({ RoleName: name, PolicyArn: policyArn });
    await this.write('iam:DetachRolePolicy', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async putRolePolicy(name: string, policyName: string, document: string, signal?: AbortSignal): Promise<void> {
    const input = new PutRolePolicyCommand({ RoleName: name, PolicyName: policyName, PolicyDocument: document });
    await this.write('iam:PutRolePolicy', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async deleteRolePolicy(name: string, policyName: string, signal?: AbortSignal): Promise<void> {
    const input = new DeleteRolePolicyCommand({ RoleName: name, PolicyName: policyName });
    await this.write('iam:DeleteRolePolicy', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async putRolePermissionsBoundary(name: string, boundaryArn: string, signal?: AbortSignal): Promise<void> {
    const input = new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: boundaryArn });
    await this.write('iam:PutRolePermissionsBoundary', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async deleteRolePermissionsBoundary(name: string, signal?: AbortSignal): Promise<void> {
    const input = new DeleteRolePermissionsBoundaryCommand({ RoleName: name });
    await this.write('iam:DeleteRolePermissionsBoundary', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async tagRole(name: string, tags: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void> {
    const input = new TagRoleCommand({ RoleName: name, Tags: tagList(tags) ?? [] });
    await this.write('iam:TagRole', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async untagRole(name: string, keys: readonly string[], signal?: AbortSignal): Promise<void> {
    const input = new UntagRoleCommand({ RoleName: name, TagKeys: [...keys] });
    await this.write('iam:UntagRole', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async createOpenIDConnectProvider(
    issuer: string,
    clientIds: readonly string[],
    tags: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<{ arn: string }> {
    // Without thumbprints IAM takes those of the issuer's certificate itself. Source: IAM API reference, CreateOpenIDConnectProvider.
    const input = new CreateOpenIDConnectProviderCommand({ Url: `https://${issuer}`, ClientIDList: [...clientIds], Tags: tagList(tags) });
    const made = await this.write('iam:CreateOpenIDConnectProvider', (options) => this.clients.iam(true).send(input, options), signal);
    return { arn: made.OpenIDConnectProviderArn ?? '' };
  }

  async deleteOpenIDConnectProvider(arn: string, signal?: AbortSignal): Promise<void> {
    const input = new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
    await this.write('iam:DeleteOpenIDConnectProvider', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async addClientId(providerArn: string, clientId: string, signal?: AbortSignal): Promise<void> {
    const input = new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn, ClientID: clientId });
    await this.write('iam:AddClientIDToOpenIDConnectProvider', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async removeClientId(providerArn: string, clientId: string, signal?: AbortSignal): Promise<void> {
    const input = new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: providerArn, ClientID: clientId });
    await this.write('iam:RemoveClientIDFromOpenIDConnectProvider', (options) => this.clients.iam(true).send(input, options), signal);
  }

  async createPodIdentityAssociation(association: NewAssociation, signal?: AbortSignal): Promise<{ id: string }> {
    const { region, clusterName, namespace, serviceAccount, roleArn, tags, clientToken } = association;
    const input = new CreatePodIdentityAssociationCommand({
      clusterName,
      namespace,
      serviceAccount,
      roleArn,
      tags: tags && { ...tags },
      clientRequestToken: clientToken,
    });
    const made = await this.write(
      'eks:CreatePodIdentityAssociation',
      (options) => this.clients.eks(region, true).send(input, options),
      signal,
      region,
    );
    return { id: made.association?.associationId ?? '' };
  }

  async updatePodIdentityAssociation(
    region: string,
    clusterName: string,
    id: string,
    roleArn: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const input = new UpdatePodIdentityAssociationCommand({ clusterName, associationId: id, roleArn });
    await this.write('eks:UpdatePodIdentityAssociation', (options) => this.clients.eks(region, true).send(input, options), signal, region);
  }

  async deletePodIdentityAssociation(region: string, clusterName: string, id: string, signal?: AbortSignal): Promise<void> {
    const input = new DeletePodIdentityAssociationCommand({ clusterName, associationId: id });
    await this.write('eks:DeletePodIdentityAssociation', (options) => this.clients.eks(region, true).send(input, options), signal, region);
  }

  /**
   * One request. The signal only keeps it from being sent: a write under way is never cut off, because AWS may have done
   * it, and only its answer says so. Nothing is repeated here either: whoever repeats looks first.
   */
  private async write<T>(
    action: string,
    send: (options: { abortSignal?: AbortSignal }) => Promise<T>,
    signal: AbortSignal | undefined,
    region?: string,
  ): Promise<T> {
    signal?.throwIfAborted();
    return this.clients.call({ action, ...(region ? { region } : {}) }, send);
  }
}

function tagList(tags: Readonly<Record<string, string>> | undefined): Tag[] | undefined {
  const entries = Object.entries(tags ?? {});
  return entries.length === 0 ? undefined : entries.map(([Key, Value]) => ({ Key, Value }));
}
