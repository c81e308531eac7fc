import { GetAccountSummaryCommand, GetPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsCluster, AwsPolicy, AwsProvider, AwsRole } from '../../core/model/aws';
import { AwsError } from '../gateway';
import type { AwsGateway, AwsIdentity, AwsRoleDetail } from '../gateway';
import { withoutSession } from '../redact';
import type { Clients } from './clients';
import { clusterNames, describeCluster, listAssociations, listClusters } from './eksClusters';
import { getProvider, listProviders } from './iamProviders';
import { IamRoles } from './iamRoles';

/** AWS itself, through the SDK. Every call that it makes is named in docs/permissions.md. */
export class LiveGateway implements AwsGateway {
  readonly kind = 'live';
  private readonly roles: IamRoles;

  constructor(private readonly clients: Clients) {
    this.roles = new IamRoles(clients);
  }

  async identity(signal?: AbortSignal): Promise<AwsIdentity> {
    const answer = await this.clients.call(
      { action: 'sts:GetCallerIdentity' },
      (options) => this.clients.sts().send(new GetCallerIdentityCommand({}), options),
      signal,
    );
    const arn = answer.Arn ?? '';
    return { account: answer.Account ?? arn.split(':')[4] ?? '', arn: withoutSession(arn), partition: arn.split(':')[1] || 'aws' };
  }

  listRoles(signal?: AbortSignal): AsyncIterable<AwsRole> {
    return this.roles.list(signal);
  }

  role(arnOrName: string, signal?: AbortSignal): Promise<AwsRoleDetail | undefined> {
    return this.roles.detail(arnOrName, signal);
  }

  searchPolicies(text: string, signal?: AbortSignal): Promise<AwsPolicy[]> {
    return this.roles.search(text, signal);
  }

  async policy(arn: string, signal?: AbortSignal): Promise<AwsPolicy | undefined> {
    try {
      const { Policy: found } = await this.clients.call(
        { action: 'iam:GetPolicy' },
        (options) => this.clients.iam().send(new GetPolicyCommand({ PolicyArn: arn }), options),
        signal,
      );
      return {
        arn,
        name: found?.PolicyName ?? arn.slice(arn.lastIndexOf('/') + 1),
        ...(found?.DefaultVersionId ? { versionId: found.DefaultVersionId } : {}),
      };
    } catch (error) {
      if (AwsError.is(error) && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async quotas(signal?: AbortSignal): Promise<Readonly<Record<string, number>>> {
    const { SummaryMap: summary } = await this.clients.call(
      { action: 'iam:GetAccountSummary' },
      (options) => this.clients.iam().send(new GetAccountSummaryCommand({}), options),
      signal,
    );
    return summary ?? {};
  }

  cluster(
    region: string,
    name: string,
    { agent = false }: { readonly agent?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<AwsCluster | undefined> {
    return describeCluster(this.clients, region, name, agent, signal);
  }

  clusterNames(region: string, signal?: AbortSignal): Promise<string[]> {
    return clusterNames(this.clients, region, signal);
  }

  provider(arn: string, signal?: AbortSignal): Promise<AwsProvider | undefined> {
    return getProvider(this.clients, arn, signal);
  }

  providers(signal?: AbortSignal): ReturnType<AwsGateway['providers']> {
    return listProviders(this.clients, signal);
  }

  clusters(regions: readonly string[], signal?: AbortSignal, onFound?: (cluster: AwsCluster) => void): ReturnType<AwsGateway['clusters']> {
    return listClusters(this.clients, regions, signal, onFound);
  }

  associations(
    cluster: AwsCluster,
    signal?: AbortSignal,
    only?: { readonly namespace: string; readonly serviceAccount: string },
  ): ReturnType<AwsGateway['associations']> {
    return listAssociations(this.clients, cluster, signal, only);
  }
}
