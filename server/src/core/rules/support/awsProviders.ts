import { parseProviderArn } from '../../model/arn';
import type { AwsProvider } from '../../model/aws';
import { defaultAudience } from '../../model/subject';
import { literal, trim } from '../../text/texts';
import { audienceOf as audienceAsked } from '../../trust/chainVerdict';
import type { AwsIndex } from '../../wiring/aws';
import type { Chain } from '../../wiring/chain';
import { podStatements, type PodStatement } from '../trust/statements';
import type { Provider } from '../trust/providers';

/** A provider ARN of a policy, written out and well formed, of an account that AWS was asked about. */
export interface KnownProvider {
  readonly provider: Provider;
  readonly statement: PodStatement;
  readonly arn: string;
  readonly issuer: string;
  readonly account: string;
  /** What IAM has. */
  readonly registered: AwsProvider | undefined;
  /** True when IAM surely has none: every provider of the account is known. */
  readonly missing: boolean;
}

/** The providers that a policy's statements for pods admit tokens of, as far as AWS can tell of them. */
export function knownProviders(aws: AwsIndex, fact: Parameters<typeof podStatements>[0]): KnownProvider[] {
  return podStatements(fact)
    .filter((statement) => statement.irsa && statement.effect === 'Allow')
    .flatMap((statement) =>
      statement.providers.flatMap((provider) => {
        if (provider.fault || (provider.kind !== 'eks' && provider.kind !== 'self-hosted')) return [];
        const arn = literal(provider.value);
        const parsed = parseProviderArn(provider.value);
        const [account, issuer] = [literal(parsed?.account), literal(parsed?.issuer)];
        if (arn === undefined || account === undefined || issuer === undefined || !aws.account(account)) return [];
        const registered = aws.provider(arn);
        return [
          {
            provider,
            statement,
            arn,
            issuer,
            account,
            registered,
            missing: !registered && aws.isComplete(account, 'iam:ListOpenIDConnectProviders'),
          },
        ];
      }),
    );
}

/**
 * The providers that a chain's token may come from, where no file shows them: that of the issuer that pod-roles.yaml or
 * AWS names for the cluster, else those of the real role's trust policy. In the role's account; where not all of its
 * providers are known, only those that are there.
 */
export function providersOfChain(
  aws: AwsIndex,
  chain: Chain,
): { readonly issuer: string; readonly arn: string; readonly registered: AwsProvider | undefined }[] {
  const account = literal(chain.roleArn?.account);
  const partition = literal(chain.roleArn?.partition);
  if (account === undefined || partition === undefined) return [];
  const isComplete = aws.isComplete(account, 'iam:ListOpenIDConnectProviders');
  const [tie] = chain.ties;
  const issuers =
    chain.issuer !== undefined
      ? [chain.issuer]
      : tie
        ? [
            ...new Set(
              knownProviders(aws, tie.policy)
                .filter((known) => known.account === account)
                .map(({ issuer }) => issuer),
            ),
          ]
        : [];
  return issuers
    .map((issuer) => {
      const arn = `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
      return { issuer, arn, registered: aws.provider(arn) };
    })
    .filter(({ registered }) => isComplete || registered);
}

/** The audience of a chain's tokens; undefined where a placeholder hides it. */
export function audienceOf(chain: Chain): string | undefined {
  const value = audienceAsked(chain)?.value;
  if (!value) return defaultAudience;
  const audience = literal(trim(value));
  return audience === '' ? defaultAudience : audience;
}

/** An issuer, short enough for a sentence. */
export function shortIssuer(issuer: string): string {
  return issuer.replace(/\/id\/([A-Za-z0-9]{8})[A-Za-z0-9]{8,}$/, '/id/$1…');
}
