import fc from 'fast-check';

export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
export const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const otherIssuer = 'oidc.eks.us-east-1.amazonaws.com/id/9B3F42688D5E6A7B8C9D0E1F5C7A1D0E';

type Json = Record<string, unknown>;
export interface Policy {
  readonly Version?: string;
  readonly Statement: unknown;
}

const subject = fc.constantFrom('system:serviceaccount:demo:app', 'system:serviceaccount:shop:orders');

/** Conditions on the subject: exact ones, and every way in which one is missing, negated or wide. */
const onSubject: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: subject.map((value) => ({ StringEquals: { [`${issuer}:sub`]: value } })) },
  { weight: 2, arbitrary: fc.constant({}) },
  fc.tuple(subject, subject).map((values) => ({ StringEquals: { [`${issuer}:sub`]: [...new Set(values)] } })),
  fc
    .constantFrom(
      '*',
      'system:serviceaccount:*',
      'system:serviceaccount:*:*',
      'system:serviceaccount:demo:*',
      'system:serviceaccount:demo*:app',
    )
    .map((value) => ({ StringLike: { [`${issuer}:sub`]: value } })),
  fc
    .constantFrom('system:serviceaccount:demo:*', '*', 'system:serviceaccount:*:app')
    .map((value) => ({ StringEquals: { [`${issuer}:sub`]: value } })),
  subject.map((value) => ({ StringNotEquals: { [`${issuer}:sub`]: value } })),
  subject.map((value) => ({ StringNotLike: { [`${issuer}:sub`]: value } })),
  subject.map((value) => ({ StringEqualsIfExists: { [`${otherIssuer}:sub`]: value } })),
  subject.map((value) => ({ 'ForAllValues:StringEquals': { [`${otherIssuer}:sub`]: value } })),
  fc.constantFrom('true', 'false').map((value) => ({ Null: { [`${issuer}:sub`]: value } })),
);
const onAudience: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }) },
  fc.constant({}),
  fc.constant({ StringLike: { [`${issuer}:aud`]: 'sts.amazonaws.com' } }),
);

function merged(parts: readonly Json[]): Json {
  const all: Record<string, Json> = {};
  for (const part of parts) for (const [operator, block] of Object.entries(part)) all[operator] = { ...all[operator], ...(block as Json) };
  return all;
}

const statement: fc.Arbitrary<Json> = fc
  .tuple(fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'), onSubject, onAudience)
  .map(([Effect, ...conditions]) => {
    const Condition = merged(conditions);
    return {
      Effect,
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      ...(Object.keys(Condition).length > 0 ? { Condition } : {}),
    };
  });
const podIdentity: fc.Arbitrary<Json> = fc
  .tuple(fc.boolean(), fc.constantFrom(['sts:AssumeRole', 'sts:TagSession'], ['sts:AssumeRole'], 'sts:TagSession'))
  .map(([tags, Action]) => ({
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action,
    ...(tags
      ? {
          Condition: {
            StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'demo', 'aws:RequestTag/kubernetes-service-account': 'app' },
          },
        }
      : {}),
  }));
export const policy: fc.Arbitrary<Policy> = fc
  .array(fc.oneof({ weight: 4, arbitrary: statement }, podIdentity), { minLength: 1, maxLength: 2 })
  .map((Statement) => ({ Version: '2012-10-17', Statement }));

/** What people do to a policy's text, by hand or by a template. */
export const mutations: readonly (readonly [string, (text: string) => string])[] = [
  ['the subject under :aud', (text) => text.replace(/:sub("\s*:)/, ':aud$1')],
  ['the audience under :sub', (text) => text.replace(/:aud("\s*:)/, ':sub$1')],
  ['an effect in lower case', (text) => text.replace('"Allow"', '"allow"')],
  ['an effect misspelt', (text) => text.replace('"Allow"', '"Alow"')],
  ['a Deny in lower case', (text) => text.replace('"Deny"', '"deny"')],
  ['the action of another way', (text) => text.replace('"sts:AssumeRoleWithWebIdentity"', '"sts:AssumeRole"')],
  ['an action without its service', (text) => text.replace('"sts:AssumeRoleWithWebIdentity"', '"AssumeRoleWithWebIdentity"')],
  ['an action misspelt', (text) => text.replace('"sts:AssumeRoleWithWebIdentity"', '"sts:AssumeRoleWithWebIdentitty"')],
  ['TagSession misspelt', (text) => text.replace('"sts:TagSession"', '"sts:TagSesion"')],
  ['a scheme in the provider', (text) => text.replace('oidc-provider/', 'oidc-provider/https://')],
  ['a slash behind the provider', (text) => text.replace(`${provider}"`, `${provider}/"`)],
  ['a provider of another partition', (text) => text.replace('arn:aws:iam', 'arn:aws-cn:iam')],
  ['a provider without /id/', (text) => text.replace('amazonaws.com/id/', 'amazonaws.com/')],
  ['a provider as AWS principal', (text) => text.replace('"Federated"', '"AWS"')],
  ['a service misspelt', (text) => text.replace('pods.eks.amazonaws.com', 'pod.eks.amazonaws.com')],
  ['a scheme in a key', (text) => text.replace(`"${issuer}:`, `"https://${issuer}:`)],
  ['an ARN in a key', (text) => text.replace(`"${issuer}:`, `"${provider}:`)],
  ['a claim misspelt', (text) => text.replace(':sub"', ':subject"')],
  ['a claim without its issuer', (text) => text.replace(`"${issuer}:sub"`, '"sub"')],
  ['a slash for the colon of a key', (text) => text.replace(`${issuer}:sub`, `${issuer}/sub`)],
  ['an audience misspelt', (text) => text.replace('"sts.amazonaws.com"', '"sts.amazon.com"')],
  ['a wildcard under StringEquals', (text) => text.replace('"StringLike"', '"StringEquals"')],
  ['an operator misspelt', (text) => text.replace('"StringEquals"', '"StringEqual"')],
  ['a negated operator misspelt', (text) => text.replace('"StringNotEquals"', '"StringNotEqual"')],
  ['a subject with slashes', (text) => text.replace(/system:serviceaccount:(\w+):(\w+)/, 'system:serviceaccount:$1/$2')],
  ['a group for a subject', (text) => text.replace('system:serviceaccount:', 'system:serviceaccounts:')],
  ['a subject in capitals', (text) => text.replace('demo:app', 'Demo:App')],
  ['a subject without its prefix', (text) => text.replace('"system:serviceaccount:', '"')],
  ['a version misspelt', (text) => text.replace('2012-10-17', '2012-10-7')],
  ['an element in lower case', (text) => text.replace('"Condition"', '"condition"')],
  ['Statements', (text) => text.replace('"Statement"', '"Statements"')],
  ['Conditions', (text) => text.replace('"Condition"', '"Conditions"')],
  ['a Resource', (text) => text.replace('"Action"', '"Resource": "*", "Action"')],
  ['a Sid with spaces', (text) => text.replace('"Effect"', '"Sid": "let pods in", "Effect"')],
  ['an unknown key', (text) => text.replace('"Condition"', '"Condition": {"StringEquals": {"aws:SourceIP": "10.0.0.1"}}, "Comment"')],
];

/** How a policy stands in a file: its text in the file, and what the file says of it afterwards. */
export interface Form {
  readonly path: string;
  write(policy: string): string;
  /** The policy in a text of this form, by means of its own; undefined where it cannot be read. */
  read(text: string): Policy | undefined;
}
