import { federatedRefusal } from '../trust/federated';
import { literal } from '../text/texts';
import { isStandInAccount } from '../model/standIns';
import { parseArn } from '../model/arn';
import type { Fix, Rule } from './rule';
import { consequence } from './trust/effects';
import { line, lines } from '../text/message';
import { fix, replaceIn } from './trust/edits';
import { innerSchemeFault, issuerOffset } from './trust/issuerScheme';
import type { Text } from '../text/text';
import type { ProviderFault } from './trust/providerFault';
import type { Provider } from './trust/providers';
import { podStatements, type PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds a provider under \`Federated\` that isn't the IAM OIDC provider of an EKS cluster: a URL, an issuer without its ARN,
\`https://\` in the ARN, a trailing slash, \`oidc-provider/\` twice, a host in the wrong order
(\`oidc.<region>.eks.amazonaws.com\`), the dual-stack host (\`oidc-eks.<region>.api.aws\`), a missing \`/id/\`, wildcards.

## Why

The provider must be exactly \`arn:<partition>:iam::<account>:oidc-provider/<issuer>\`, with the token's issuer
without \`https://\`. IAM rejects other forms with \`Federated principals must be valid domain names or SAML metadata ARNs\`,
or accepts them, and pods get \`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"Federated": "arn:aws:iam::111122223333:oidc-provider/https://oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F"
\`\`\`

## Right

\`\`\`json
"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F"
\`\`\`

Issuers of self-hosted clusters, placeholders and example account IDs aren't reported.

## When to turn it off

There is no known reason to.
`;

const refused = '"MalformedPolicyDocument: Federated principals must be valid domain names or SAML metadata ARNs"';

/** The provider isn't the ARN of a cluster's OIDC provider. */
export const providerMalformed: Rule = {
  id: 'provider-malformed',
  level: 'error',
  title: "The provider isn't the OIDC provider of a cluster",
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, associate-service-account-role; terraform-aws-eks#2594, #3237; amazon-eks-pod-identity-webhook#30',
  checks: {
    trustPolicy(fact, context) {
      for (const statement of podStatements(fact)) {
        if (!statement.irsa) continue;
        for (const provider of statement.providers) {
          const fault = faultOf(provider);
          // Errors in values of Terraform expressions are reported by terraform-issuer-scheme.
          if (!fault || ofTerraform(provider.value)) continue;
          context.report({
            doc: fact.doc,
            span: provider.value.span,
            message: message(fault, statement),
            fixes: fixes(fault, provider, statement),
          });
        }
      }
    },
  },
};

function faultOf(provider: Provider): ProviderFault | undefined {
  if (provider.kind === 'other' || provider.kind === 'saml') return undefined;
  if (provider.fault) return provider.fault;
  const value = literal(provider.value);
  const refusal = value === undefined ? undefined : federatedRefusal(value);
  const account = literal(parseArn(provider.value)?.account);
  if (!refusal?.sure || (account !== undefined && isStandInAccount(account) && !/^\d{12}$/.test(account))) return undefined;
  return {
    says: refusal.message.replace(/\.$/, ''),
    refused: true,
    advice: 'Use arn:aws:iam::<account>:oidc-provider/<issuer without https://>.',
  };
}

function ofTerraform(value: Text): boolean {
  return issuerOffset(value) >= 0 && innerSchemeFault(value) !== undefined;
}

function message(fault: ProviderFault, statement: PodStatement): string {
  if (fault.refused) return lines(`${fault.says}.`, `IAM rejects the policy with ${refused}.`, fault.advice);
  const { effect, result } =
    statement.providers.length > 1
      ? { effect: 'so it matches no token', result: 'The other providers still match.' }
      : consequence(statement, 'never');
  return lines(`${fault.says}, ${effect}.`, result, fault.advice);
}

function fixes({ corrected, issuer }: ProviderFault, provider: Provider, statement: PodStatement): Fix[] {
  if (!corrected) return [];
  const { fact } = statement;
  const edits = [replaceIn(fact, provider.value, corrected.start, corrected.end, corrected.value)];
  if (issuer) {
    for (const { claim, key } of statement.atoms) {
      if (claim && literal(claim.issuer) === issuer.from) edits.push(replaceIn(fact, key, 0, claim.issuer.value.length, issuer.to));
    }
  }
  const written = provider.value.value.slice(0, corrected.start) + corrected.value + provider.value.value.slice(corrected.end);
  return [fix(line`Change the provider to ${written}`, true, edits)];
}
