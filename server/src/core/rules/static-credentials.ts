import { literal } from '../text/texts';
import type { ContainerFact, EnvFact, WorkloadFact } from '../model/facts';
import { envOf, reachedByWebhook } from './support/containers';
import { accountName, roleAccountsOf } from './support/surroundings';
import type { Rule, RuleContext } from './rule';

const doc = `
Finds containers that get both \`AWS_ACCESS_KEY_ID\` and \`AWS_SECRET_ACCESS_KEY\` in their environment while their service
account asks for a role.

## Why

The AWS SDKs look for keys in the environment before they look at the role: the calls are made as the user whose keys
they are, and the role is never taken. Nothing fails until the keys do. (Only .NET's SDK v3 looks at the role first.)

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

One key alone, empty values, values from templates, keys that a template may leave out, and containers that
\`skip-containers\` names are left alone.

## When to turn it off

Where the keys are for another service that speaks S3 (MinIO, Ceph) and the code gives the role's calls a client of
their own.
`;

/** Keys in a container's environment hide the account's role. */
export const staticCredentials: Rule = {
  id: 'static-credentials',
  level: 'warning',
  title: "Keys in the container's environment hide the role",
  fixable: false,
  since: '0.1.0',
  source:
    'botocore credentials.py; aws-sdk-go-v2 config/resolve_credentials.go; aws-sdk-java-v2 DefaultCredentialsProvider; @aws-sdk/credential-provider-node',
  doc,
  checks: {
    workload(fact: WorkloadFact, context: RuleContext): void {
      const held = fact.containers.filter((container) => reachedByWebhook(container, fact)).flatMap((container) => keysOf(container) ?? []);
      const [account] = held.length > 0 ? roleAccountsOf(fact, context) : [];
      if (!account) return;
      const asks = account.roleArn!;
      for (const { container, id } of held) {
        const name = literal(container.name);
        context.report({
          doc: fact.doc,
          span: id.name.span,
          message:
            `${name ? `The container ${name}` : 'This container'} gets keys in its environment, and the SDKs take them before the role that ` +
            `${accountName(account) ?? 'its service account'} asks for: calls are made as the keys' user. Remove AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
          related: [{ at: { doc: asks.doc, span: asks.value?.span ?? asks.span }, message: 'the role that is never taken' }],
        });
      }
    },
  },
};

/** The two entries, where both surely have a value. */
function keysOf(container: ContainerFact): { container: ContainerFact; id: EnvFact }[] | undefined {
  const id = envOf(container, 'AWS_ACCESS_KEY_ID');
  const secret = envOf(container, 'AWS_SECRET_ACCESS_KEY');
  return id && secret && isSet(id) && isSet(secret) ? [{ container, id }] : undefined;
}

/** An empty string counts as unset in most SDKs; a template may give one, or leave the entry out. */
function isSet(env: EnvFact): boolean {
  return !env.conditional && (env.fromSecret || (literal(env.value) ?? '').trim() !== '');
}
