import { headline, lines } from '../text/message';
import { literal } from '../text/texts';
import type { ContainerFact, EnvFact, WorkloadFact } from '../model/facts';
import { storeAddresses } from '../readers/kubernetes/containers';
import { envOf, reachedByWebhook } from './support/containers';
import { accountName, roleAccountsOf } from './support/surroundings';
import type { Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds containers with both \`AWS_ACCESS_KEY_ID\` and \`AWS_SECRET_ACCESS_KEY\` in their environment although their service
account uses a role.

## Why

The AWS SDKs use credentials in the environment before the role: calls run as the IAM user of these keys, and the role is
never assumed. There is no error as long as the keys are valid. (Only the AWS SDK for .NET v3 uses the role first.)

## Wrong

\`\`\`yaml
serviceAccountName: demo-sa   # annotated with eks.amazonaws.com/role-arn
containers:
  - name: app
    env:
      - name: AWS_ACCESS_KEY_ID
        valueFrom: {secretKeyRef: {name: aws, key: id}}
      - name: AWS_SECRET_ACCESS_KEY
        valueFrom: {secretKeyRef: {name: aws, key: secret}}
\`\`\`

## Right

\`\`\`yaml
serviceAccountName: demo-sa
containers:
  - name: app
\`\`\`

One key alone, empty values, values from templates, keys that a template may omit, and containers in
\`skip-containers\` aren't reported. Neither are containers with a variable for the address of another S3 service, such as
\`AWS_ENDPOINT_URL_S3\` or \`MLFLOW_S3_ENDPOINT_URL\`: their keys may be for that service.

## When to turn it off

If the keys are for another service with the S3 API (MinIO, Ceph) and the code uses a separate client for the role's
calls.
`;

/** Static credentials in a container's environment take precedence over the account's role. */
export const staticCredentials: Rule = {
  id: 'static-credentials',
  level: 'warning',
  title: 'Static credentials in the environment take precedence over the role',
  fixable: false,
  since: '0.1.0',
  source:
    'botocore credentials.py; aws-sdk-go-v2 config/resolve_credentials.go; aws-sdk-java-v2 DefaultCredentialsProvider; @aws-sdk/credential-provider-node',
  checks: {
    workload(fact: WorkloadFact, context: RuleContext): void {
      const held = fact.containers
        .filter((container) => reachedByWebhook(container, fact) && !hasOtherStore(container))
        .flatMap((container) => keysOf(container) ?? []);
      const [account] = held.length > 0 ? roleAccountsOf(fact, context) : [];
      if (!account) return;
      const asks = account.roleArn!;
      for (const { container, id } of held) {
        const name = literal(container.name);
        context.report({
          doc: fact.doc,
          span: id.name.span,
          message: lines(
            headline`Static credentials in ${name ? `container ${name}` : 'this container'} take precedence over the role of ${accountName(account) ?? 'its service account'}.`,
            'Calls run as the IAM user of these keys, not as the role.',
            'Remove AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
          ),
          related: [{ at: { doc: asks.doc, span: asks.value?.span ?? asks.span }, message: "The role that isn't used" }],
        });
      }
    },
  },
};

/** True where the keys may be for another service with the S3 API, which has no roles: a variable names its address. */
function hasOtherStore({ env }: ContainerFact): boolean {
  return env.some(({ name }) => storeAddresses.test(name.value));
}

/** The two entries, if both certainly have a value. */
function keysOf(container: ContainerFact): { container: ContainerFact; id: EnvFact }[] | undefined {
  const id = envOf(container, 'AWS_ACCESS_KEY_ID');
  const secret = envOf(container, 'AWS_SECRET_ACCESS_KEY');
  return id && secret && isSet(id) && isSet(secret) ? [{ container, id }] : undefined;
}

/** An empty string counts as unset in most SDKs; a template may give one, or omit the entry. */
function isSet(env: EnvFact): boolean {
  return !env.conditional && (env.fromSecret || (literal(env.value) ?? '').trim() !== '');
}
