import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsCluster, AwsPolicy, AwsRole } from '../../core/model/aws';
import type { AwsGateway, AwsIdentity, AwsRoleDetail } from '../gateway';
import { withoutSession } from '../redact';
import type { Clients } from './clients';
import { listAssociations, listClusters } from './eksClusters';
import { listProviders } from './iamProviders';
import { IamRoles } from './iamRoles';

/** AWS itself, through the SDK. Every call that it makes is named in docs/permissions.md. */
export class LiveGateway implements AwsGateway {
  readonly kind = 'live';
  private readonly roles: IamRoles;

  constructor(private readonly clients: Clients) {
    this.roles = new IamRoles(clients);
  }

  async identity(signal?: AbortSignal): Promise<AwsIdentity> {
    const answer = await this.clients.call({ action: 'sts:GetCallerIdentity' }, (options) => this.clients.sts().send(new GetCallerIdentityCommand({}), options), signal);
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

  providers(signal?: AbortSignal): ReturnType<AwsGateway['providers']> {
    return listProviders(this.clients, signal);
  }

  clusters(regions: readonly string[], signal?: AbortSignal, onFound?: (cluster: AwsCluster) => void): ReturnType<AwsGateway['clusters']> {
    return listClusters(this.clients, regions, signal, onFound);
  }

  associations(cluster: AwsCluster, signal?: AbortSignal): ReturnType<AwsGateway['associations']> {
    return listAssociations(this.clients, cluster, signal);
  }
}
