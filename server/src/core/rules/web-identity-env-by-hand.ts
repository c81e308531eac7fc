import { equal, literal } from '../text/texts';
import type { ContainerFact, EnvFact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { envOf, reachedByWebhook } from './support/containers';
import { shown } from '../text/shown';
import { accountName, roleAccountsOf } from './support/surroundings';
import type { Rule, RuleContext } from './rule';

const doc = `
Finds containers that set \`AWS_ROLE_ARN\` or \`AWS_WEB_IDENTITY_TOKEN_FILE\` themselves, against the annotation of their
service account.

## Why

If a container names either of the two, the webhook adds neither. With only one of them set by hand the SDK has half of
what it needs, passes on to the next source, and calls are made as the node's role or fail with
\`Unable to locate credentials\`. With both set, the annotation's role counts for nothing in this container; with the token
of another place, STS answers \`InvalidIdentityToken\`.

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

Accounts without the annotation, pods that mount a token of their own, and values equal to the webhook's are left alone.

## When to turn it off

Where a pod's containers take different roles on purpose, with the one token.
`;

/** Where the webhook mounts the token. Source: amazon-eks-pod-identity-webhook pkg/handler. */
const tokenFile = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';
const windowsTokenFile = 'C:\\var\\run\\secrets\\eks.amazonaws.com\\serviceaccount\\token';
/** With one of these the SDK may find the other half in a profile. */
const profiles = ['AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'];

/** Web identity's environment is set by hand, against the annotation. */
export const webIdentityEnvByHand: Rule = {
  id: 'web-identity-env-by-hand',
  level: 'warning',
  title: "The role's environment variables are set by hand, against the annotation",
  fixable: false,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/handler/handler.go (addEnvToContainer)',
  doc,
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
              message: `the annotation of ${accountName(account) ?? 'the account'}`,
            },
          ],
        });
      }
    },
  },
};

/** What a template may leave out is a choice of its own: the annotation may be for the other branch. */
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
    message:
      `${half.name.value} is set by hand, so the webhook adds neither it nor ${missing}: the SDK passes web identity over, and calls are made as ` +
      `the node's role or fail with "Unable to locate credentials". Remove ${half.name.value}; the annotation gives both.`,
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
    // Elsewhere a sidecar or a volume of its own may put a token.
    if (!/^(\/var)?\/run\/secrets\/(kubernetes\.io|eks\.amazonaws\.com)\//.test(path)) return undefined;
    const leads = path.includes('kubernetes.io')
      ? 'that is the token for Kubernetes, and STS answers "InvalidIdentityToken"'
      : 'no token is there';
    return {
      at: file,
      message: `The webhook mounts the token at ${tokenFile}, and this names ${shown(path)}: ${leads}. Remove both variables; the annotation gives them.`,
    };
  }
  const { value } = role;
  const asked = accounts[0]?.roleArn?.value;
  if (!value || !asked || !accounts.every(({ roleArn }) => roleArn?.value && equal(roleArn.value, value) === false)) return undefined;
  const account = accountName(accounts[0]);
  return {
    at: role,
    message:
      `This container takes ${shown(value.value)}, and ${account ?? 'its service account'} asks for ${shown(asked.value)}: both variables are set by hand, so the ` +
      'annotation counts for nothing here. Remove both, or write the role once, in the annotation.',
  };
}
