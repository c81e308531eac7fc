import { GetOpenIDConnectProviderCommand, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import type { AwsGap, AwsProvider } from '../../core/model/aws';
import { AwsError } from '../gateway';
import type { Clients } from './clients';
import { gapOf } from './gaps';

/** The account's OIDC providers. Source: IAM API reference: the list has ARNs alone, the client ids come one by one. */
export async function listProviders(clients: Clients, signal?: AbortSignal): Promise<{ providers: AwsProvider[]; gaps: AwsGap[] }> {
  const gaps: AwsGap[] = [];
  const list = await clients.call(
    { action: 'iam:ListOpenIDConnectProviders' },
    (options) => clients.iam().send(new ListOpenIDConnectProvidersCommand({}), options),
    signal,
  );
  const arns = (list.OpenIDConnectProviderList ?? []).flatMap(({ Arn: arn }) => (arn ? [arn] : [])).sort();
  const providers = await Promise.all(arns.map((arn) => provider(clients, arn, gaps, signal)));
  signal?.throwIfAborted();
  return { providers: providers.flat(), gaps };
}

async function provider(clients: Clients, arn: string, gaps: AwsGap[], signal?: AbortSignal): Promise<AwsProvider[]> {
  try {
    const found = await getProvider(clients, arn, signal);
    // Deleted between the two calls.
    return found ? [found] : [];
  } catch (error) {
    gaps.push(gapOf(error, 'iam:GetOpenIDConnectProvider', arn));
    return [{ arn, issuer: issuerOf(arn), clientIds: [] }];
  }
}

/** One provider; undefined: there is none. Throws an {@link AwsError} where IAM does not tell. */
export async function getProvider(clients: Clients, arn: string, signal?: AbortSignal): Promise<AwsProvider | undefined> {
  try {
    const found = await clients.call(
      { action: 'iam:GetOpenIDConnectProvider' },
      (options) => clients.iam().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }), options),
      signal,
    );
    return { arn, issuer: found.Url?.replace(/^https:\/\//i, '') || issuerOf(arn), clientIds: [...(found.ClientIDList ?? [])].sort() };
  } catch (error) {
    if (AwsError.is(error) && error.code === 'not-found') return undefined;
    throw error;
  }
}

function issuerOf(arn: string): string {
  return arn.slice(arn.indexOf('oidc-provider/') + 'oidc-provider/'.length);
}
