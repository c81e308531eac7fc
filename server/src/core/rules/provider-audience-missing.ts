import type { Rule } from './rule';
import { audienceOf, knownProviders, providersOfChain, shortIssuer } from './support/awsProviders';
import { bySource } from './support/realRole';
import type { AwsProvider } from '../model/aws';
import { literal } from '../text/texts';
import { audienceOf as audienceAsked } from '../trust/chainVerdict';
import type { AwsIndex } from '../wiring/aws';

const doc = `
Finds an OIDC provider whose client ids leave out the audience that the tokens of an account carry. It needs AWS, or a
snapshot of it.

## Why

STS compares the token's audience with the provider's client ids before it looks at the trust policy. Where none is the
same, pods see \`InvalidIdentityToken: Incorrect token audience\`. The webhook's audience is \`sts.amazonaws.com\`, unless
the annotation \`eks.amazonaws.com/audience\` says another.

## Wrong

\`\`\`yaml
eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
eks.amazonaws.com/audience: demo   # the provider's client ids: sts.amazonaws.com
\`\`\`

## Right

\`\`\`sh
aws iam add-client-id-to-open-id-connect-provider --client-id demo \\
  --open-id-connect-provider-arn arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A
\`\`\`

## When to turn it off

Never, as far as we know.
`;

/** The provider takes no tokens with the audience that the pods' tokens carry. */
export const providerAudienceMissing: Rule = {
  id: 'provider-audience-missing',
  level: 'error',
  title: "The OIDC provider does not take the token's audience",
  fixable: false,
  since: '0.1.0',
  source: 'IAM user guide, id_roles_providers_create_oidc; STS API reference, AssumeRoleWithWebIdentity',
  doc,
  checks: {
    chain(chain, context) {
      const { aws } = context.wiring;
      const audience = audienceOf(chain);
      if (!aws || audience === undefined) return;
      const providers = providersOfChain(aws, chain).flatMap(({ registered }) => registered ?? []);
      if (providers.length === 0 || providers.some((provider) => takes(aws, provider, audience))) return;
      // One that stands in another file of the build is told here, where the role is asked for.
      const own = chain.account.audience;
      const fact = own && audienceAsked(chain) === own ? own : chain.request;
      context.report({ doc: fact.doc, span: fact.valueSpan, message: message(providers[0]!, audience, aws) });
    },
    trustPolicy(fact, context) {
      const { aws } = context.wiring;
      // Where an account is known to ask, its own audience counts.
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

/** True where it does, or where nobody knows. */
function takes(aws: AwsIndex, provider: AwsProvider, audience: string): boolean {
  return provider.clientIds.includes(audience) || !aws.clientIdsAreKnown(provider.arn);
}

function message(provider: AwsProvider, audience: string, aws: AwsIndex): string {
  const ids = provider.clientIds.length === 0 ? 'it has no client ids' : `its client ids are ${provider.clientIds.join(', ')}`;
  return (
    `The provider ${shortIssuer(provider.issuer)} takes no token for ${audience}${bySource(aws.source.label)}: ${ids}. ` +
    `Pods would see "InvalidIdentityToken: Incorrect token audience". Add the client id ${audience} to the provider.`
  );
}
