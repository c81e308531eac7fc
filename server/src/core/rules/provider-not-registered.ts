import type { Rule } from './rule';
import { knownProviders, providersOfChain } from './support/awsProviders';
import { sourceNote } from './support/ties';
import { headline, line, lines } from '../text/message';
import type { Chain } from '../wiring/chain';

/** The page: see pages.ts. */
export const doc = `
Finds a trust policy whose OIDC provider isn't registered in IAM, and a service account whose cluster's issuer isn't
registered in the role's AWS account. It needs AWS, or a snapshot of it, and checks only AWS accounts whose providers are all known.

## Why

STS accepts a token only if the role's own account has an OIDC provider for its issuer, whatever the trust policy says.
Pods get \`InvalidIdentityToken: No OpenIDConnect provider found in your account for https://…\`. A cluster that was
recreated has another issuer, and needs a provider of its own.

## Wrong

\`\`\`json
{ "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A" } }
\`\`\`
if \`aws iam list-open-id-connect-providers\` doesn't list it.

## Right

\`\`\`sh
aws iam create-open-id-connect-provider --url https://oidc.eks.eu-west-1.amazonaws.com/id/5C7A --client-id-list sts.amazonaws.com
\`\`\`

## When to turn it off

If the provider is created together with the role, after the files are checked.
`;

/** The OIDC provider isn't registered in the role's account. */
export const providerNotRegistered: Rule = {
  id: 'provider-not-registered',
  level: 'error',
  title: "The OIDC provider isn't registered in IAM",
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, enable-iam-roles-for-service-accounts; STS API reference, AssumeRoleWithWebIdentity',
  checks: {
    trustPolicy(fact, context) {
      const { aws } = context.wiring;
      if (!aws) return;
      for (const { provider, issuer, account, missing } of knownProviders(aws, fact)) {
        if (missing) context.report({ doc: fact.doc, span: provider.value.span, message: message(issuer, account, aws.source.label) });
      }
    },
    chain(chain, context) {
      const { aws } = context.wiring;
      // A policy in the files has its own finding, at the provider.
      if (!aws || (judgedByFile(chain) && chain.issuer === undefined)) return;
      const providers = providersOfChain(aws, chain);
      if (providers.length === 0 || providers.some(({ registered }) => registered)) return;
      const [{ issuer, arn }] = providers as [(typeof providers)[number]];
      if (judgedByFile(chain) && knownProviders(aws, chain.ties[0]!.policy).some((known) => known.arn === arn)) return;
      context.report({
        doc: chain.request.doc,
        span: chain.request.valueSpan,
        message: message(issuer, arn.split(':')[4]!, aws.source.label),
      });
    },
  },
};

function judgedByFile(chain: Chain): boolean {
  return chain.ties[0] !== undefined && chain.ties[0].kind !== 'aws';
}

function message(issuer: string, account: string, label: string): string {
  return lines(
    headline`Account ${account} has no OIDC provider for ${issuer}.`,
    line`Pods get "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://${issuer}".${sourceNote(label)}`,
    'Create the provider in IAM with the client ID sts.amazonaws.com.',
  );
}
