import { headline, line, lines } from '../text/message';
import { equal, literal } from '../text/texts';
import type { ContainerFact, EnvFact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { envOf, reachedByWebhook } from './support/containers';
import { accountName, roleAccountsOf } from './support/surroundings';
import type { Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds containers that set \`AWS_ROLE_ARN\` or \`AWS_WEB_IDENTITY_TOKEN_FILE\` themselves, although their service account has the
annotation.

## Why

If a container sets either of the two, the webhook adds neither. With only one of them set, the SDK skips web identity, and
calls use the node role or fail with
\`Unable to locate credentials\`. With both set, the annotation's role has no effect in this container; with another token
file, STS answers \`InvalidIdentityToken\`.

## Wrong

\`\`\`yaml
serviceAccountName: demo-sa   # annotated with eks.amazonaws.com/role-arn
containers:
  - name: app
    env:
      - name: AWS_ROLE_ARN
        value: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right

\`\`\`yaml
serviceAccountName: demo-sa
containers:
  - name: app
\`\`\`

Service accounts without the annotation, pods that mount their own token, and values equal to the webhook's aren't reported.

## When to turn it off

If a pod's containers use different roles on purpose, with the same token.
`;

/** Where the webhook mounts the token. Source: amazon-eks-pod-identity-webhook pkg/handler. */
const tokenFile = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';
const windowsTokenFile = 'C:\\var\\run\\secrets\\eks.amazonaws.com\\serviceaccount\\token';
/** With one of these, the SDK may read the other value from a profile. */
const profiles = ['AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'];

/** Web identity's environment variables are set in the manifest, although the account has the annotation. */
export const webIdentityEnvByHand: Rule = {
  id: 'web-identity-env-by-hand',
  level: 'warning',
  title: "The role's environment variables are set in the manifest and override the annotation",
  fixable: false,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/handler/handler.go (addEnvToContainer)',
  checks: {
    workload(fact: WorkloadFact, context: RuleContext): void {
      if (fact.ownTokenVolume) return;
      const candidates = fact.containers.filter((container) => namesEither(container) && reachedByWebhook(container, fact));
      const accounts = candidates.length > 0 ? roleAccountsOf(fact, context) : [];
      const [account] = accounts;
      if (!account) return;
      for (const container of candidates) {
        const problem = judge(container, accounts, fact);
        if (!problem) continue;
        const asks = account.roleArn!;
        context.report({
          doc: fact.doc,
          span: problem.at.name.span,
          message: problem.message,
          related: [
            {
              at: { doc: asks.doc, span: asks.value?.span ?? asks.span },
              message: line`The annotation of ${accountName(account) ?? 'the service account'}`,
            },
          ],
        });
      }
    },
  },
};

/** A variable that a template may omit is a choice: the annotation may be for the other branch. */
function namesEither(container: ContainerFact): boolean {
  if (container.env.some(({ conditional }) => conditional)) return false;
  return (envOf(container, 'AWS_ROLE_ARN') ?? envOf(container, 'AWS_WEB_IDENTITY_TOKEN_FILE')) !== undefined;
}

function judge(
  container: ContainerFact,
  accounts: readonly ServiceAccountFact[],
  workload: WorkloadFact,
): { at: EnvFact; message: string } | undefined {
  const role = envOf(container, 'AWS_ROLE_ARN');
  const file = envOf(container, 'AWS_WEB_IDENTITY_TOKEN_FILE');
  if (role && file) return bothByHand(role, file, accounts, workload);
  const half = role ?? file;
  if (!half || profiles.some((name) => envOf(container, name))) return undefined;
  const missing = role ? 'AWS_WEB_IDENTITY_TOKEN_FILE' : 'AWS_ROLE_ARN';
  return {
    at: half,
    message: lines(
      `${half.name.value} is set without ${missing}, so the webhook adds neither.`,
      'The SDK skips web identity: calls use the node role or fail with "Unable to locate credentials".',
      `Remove ${half.name.value}; the webhook sets both.`,
    ),
  };
}

function bothByHand(
  role: EnvFact,
  file: EnvFact,
  accounts: readonly ServiceAccountFact[],
  workload: WorkloadFact,
): { at: EnvFact; message: string } | undefined {
  const path = literal(file.value);
  if (path !== undefined && path !== tokenFile && !(workload.windows && path === windowsTokenFile)) {
    // In other places a sidecar or the pod's own volume may provide a token.
    if (!/^(\/var)?\/run\/secrets\/(kubernetes\.io|eks\.amazonaws\.com)\//.test(path)) return undefined;
    const effect = path.includes('kubernetes.io')
      ? 'That token is for Kubernetes: STS answers "InvalidIdentityToken".'
      : 'There is no token in that file.';
    return {
      at: file,
      message: lines(
        headline`The token file ${path} isn't the file that the webhook mounts.`,
        `${effect} The webhook mounts ${tokenFile}.`,
        'Remove both variables; the webhook sets them.',
      ),
    };
  }
  const { value } = role;
  const annotated = accounts[0]?.roleArn?.value;
  if (!value || !annotated || !accounts.every(({ roleArn }) => roleArn?.value && equal(roleArn.value, value) === false)) return undefined;
  const account = accountName(accounts[0]);
  return {
    at: role,
    message: lines(
      headline`AWS_ROLE_ARN is ${value.value}, but ${account === undefined ? 'the service account' : `service account ${account}`} uses ${annotated.value}.`,
      'Both variables are set in the manifest, so the annotation has no effect in this container.',
      'Remove both variables, or set the role only in the annotation.',
    ),
  };
}
