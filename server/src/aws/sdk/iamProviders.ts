import { GetOpenIDConnectProviderCommand, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import type { AwsGap, AwsProvider } from '../../core/model/aws';
import { AwsError } from '../gateway';
import type { Clients } from './clients';
import { gapOf } from './gaps';

/** The account's OIDC providers. Source: IAM API reference: the list has ARNs alone, the client ids come one by one. */
export async function listProviders(clients: Clients, signal?: AbortSignal): Promise<{ providers: AwsProvider[]; gaps: AwsGap[] }> {
  const gaps: AwsGap[] = [];
  const list = await clients.call({ action: 'iam:ListOpenIDConnectProviders' }, (options) => clients.iam().send(new ListOpenIDConnectProvidersCommand({}), options), signal);
  const arns = (list.OpenIDConnectProviderList ?? []).flatMap(({ Arn: arn }) => (arn ? [arn] : [])).sort();
  const providers = await Promise.all(arns.map((arn) => provider(clients, arn, gaps, signal)));
  signal?.throwIfAborted();
  return { providers: providers.flat(), gaps };
}

async function provider(clients: Clients, arn: string, gaps: AwsGap[], signal?: AbortSignal): Promise<AwsProvider[]> {
  const issuer = arn.slice(arn.indexOf('oidc-provider/') + 'oidc-provider/'.length);
  try {
    const found = await clients.call({ action: 'iam:GetOpenIDConnectProvider' }, (options) =>
      clients.iam().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }), options), signal);
    return [{ arn, issuer: found.Url?.replace(/^https:\/\//i, '') || issuer, clientIds: [...(found.ClientIDList ?? [])].sort() }];
  } catch (error) {
    // Deleted between the two calls.
    if (AwsError.is(error) && error.code === 'not-found') return [];
    gaps.push(gapOf(error, 'iam:GetOpenIDConnectProvider', arn));
    return [{ arn, issuer, clientIds: [] }];
  }
}
