import type { Rule } from './rule';
import { audienceOf, knownProviders, providersOfChain, shortIssuer } from './support/awsProviders';
import { sourceNote } from './support/ties';
import { headline, line, lines } from '../text/message';
import type { AwsProvider } from '../model/aws';
import { literal } from '../text/texts';
import { audienceOf as audienceAsked } from '../trust/chainVerdict';
import type { AwsIndex } from '../wiring/aws';

/** The page: see pages.ts. */
export const doc = `
Finds an OIDC provider whose client IDs don't include the audience of a service account's tokens. It needs AWS, or a
snapshot of it.

## Why

STS compares the token's audience with the provider's client IDs before it evaluates the trust policy. If none matches,
pods get \`InvalidIdentityToken: Incorrect token audience\`. The webhook's audience is \`sts.amazonaws.com\`, unless
the annotation \`eks.amazonaws.com/audience\` sets another one.

## Wrong

\`\`\`yaml
eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
eks.amazonaws.com/audience: demo   # the provider's client IDs: sts.amazonaws.com
\`\`\`

## Right

\`\`\`sh
aws iam add-client-id-to-open-id-connect-provider --client-id demo \\
  --open-id-connect-provider-arn arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A
\`\`\`

## When to turn it off

There is no known reason to.
`;

/** The provider doesn't accept the audience of the pods' tokens. */
export const providerAudienceMissing: Rule = {
  id: 'provider-audience-missing',
  level: 'error',
  title: "The OIDC provider doesn't accept the token's audience",
  fixable: false,
  since: '0.1.0',
  source: 'IAM user guide, id_roles_providers_create_oidc; STS API reference, AssumeRoleWithWebIdentity',
  checks: {
    chain(chain, context) {
      const { aws } = context.wiring;
      const audience = audienceOf(chain);
      if (!aws || audience === undefined) return;
      const providers = providersOfChain(aws, chain).flatMap(({ registered }) => registered ?? []);
      if (providers.length === 0 || providers.some((provider) => takes(aws, provider, audience))) return;
      // An audience that is in another file of the build is reported here, at the role's annotation.
      const own = chain.account.audience;
      const fact = own && audienceAsked(chain) === own ? own : chain.request;
      context.report({ doc: fact.doc, span: fact.valueSpan, message: message(providers[0]!, audience, aws) });
    },
    trustPolicy(fact, context) {
      const { aws } = context.wiring;
      // If a service account is known to use the role, its own audience counts.
      if (!aws || context.wiring.chainsOf(fact).length > 0) return;
      for (const { registered, statement } of knownProviders(aws, fact)) {
        const [first, ...others] = statement.atoms.filter(
          ({ name, operator, ours }) =>
            name === 'aud' && ours !== false && operator.known && !operator.negated && operator.family === 'String' && !operator.like,
        );
        const audiences = first?.values.map(literal) ?? [];
        if (
          !registered ||
          others.length > 0 ||
          audiences.length === 0 ||
          audiences.some((each) => each === undefined || takes(aws, registered, each))
        )
          continue;
        context.report({ doc: fact.doc, span: first!.values[0]!.span, message: message(registered, audiences[0]!, aws) });
      }
    },
  },
};

/** True if it does, or if that is unknown. */
function takes(aws: AwsIndex, provider: AwsProvider, audience: string): boolean {
  return provider.clientIds.includes(audience) || !aws.clientIdsAreKnown(provider.arn);
}

function message(provider: AwsProvider, audience: string, aws: AwsIndex): string {
  const ids = provider.clientIds.length === 0 ? 'It has no client IDs.' : line`Its client IDs are ${provider.clientIds.join(', ')}.`;
  return lines(
    headline`The provider ${shortIssuer(provider.issuer)} doesn't accept the audience ${audience}.`,
    `${ids} Pods get "InvalidIdentityToken: Incorrect token audience".${sourceNote(aws.source.label)}`,
    line`Add the client ID ${audience} to the provider.`,
  );
}
