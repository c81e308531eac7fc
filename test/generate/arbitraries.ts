import * as fc from 'fast-check';
import { readPair, type PairOptions } from '../../server/src/core/generate/readPair';
import type { Pair } from '../../server/src/core/generate/pair';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const letters = [...lower, ...'0123456789'];
const word = (characters: readonly string[], max: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: max });
/** Names that are right and strange: what YAML takes for numbers and booleans, dots, one letter. */
const strangeNames = ['a', 'no', 'null', 'true', 'y', '1e3', '0x1', '123', '1-2', 'on', 'default', 'a--b', 'infinity', '12e5'];
const namespace = fc.oneof(
  word(letters, 30),
  fc.tuple(word(letters, 8), word(letters, 8)).map((parts) => parts.join('-')),
  fc.constantFrom(...strangeNames),
);
const serviceAccount = fc.oneof(
  namespace,
  fc.tuple(namespace, namespace).map((parts) => parts.join('.')),
);
const roleName = fc.oneof(
  word([...letters, ...lower.toUpperCase(), ...'_+=,.@-'], 64),
  fc.constantFrom('..', '.', '1', 'true', '-', '=', '@', 'demo-role', 'a,b=c', '+'),
);
const path = fc.constantFrom('/', '/eks/', '/a/b/', '/team-1/', '/a@b,c=d/', '/A_1/no/');
const region = fc.constantFrom('eu-west-1', 'us-east-1', 'cn-north-1', 'us-gov-west-1', 'ap-southeast-12');
const suffix: Readonly<Record<string, string>> = { 'cn-north-1': 'amazonaws.com.cn' };
const partition: Readonly<Record<string, string>> = { 'cn-north-1': 'aws-cn', 'us-gov-west-1': 'aws-us-gov' };
const inTags = 'abcXYZ019 _.:/=+-@éß';
const tags = fc.uniqueArray(
  fc
    .tuple(word([...inTags], 12), fc.string({ unit: fc.constantFrom(...inTags), maxLength: 20 }))
    .filter(([key]) => key.trim() !== '' && !/^\s*aws:/i.test(key)),
  { maxLength: 3, selector: ([key]) => key.trim().toLowerCase() },
);
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '${aws:PrincipalTag/team}',
    '$${x}',
    '%{ if }',
    '"',
    "it's",
    '\\',
    'a\nb',
    'YAML',
    'JSON',
    '\b\f\\b',
    '# no comment',
    ': ',
    '- a',
    '{{ x }}',
    'é €',
  ),
);
const statement = fc.record({
  Effect: fc.constant('Allow'),
  Action: fc.oneof(text, fc.array(text, { maxLength: 3 })),
  Resource: fc.oneof(fc.constant('*'), text),
  Condition: fc.dictionary(fc.constantFrom('StringLike', 'Bool'), fc.dictionary(text, text, { maxKeys: 2 }), { maxKeys: 2 }),
});
const policy = fc
  .record({ Version: fc.constant('2012-10-17'), Statement: fc.oneof(statement, fc.array(statement, { minLength: 1, maxLength: 3 })) })
  .map((value) => JSON.stringify(value));

/** What a user may ask for, in every corner that is allowed. */
export const pairOptions: fc.Arbitrary<PairOptions> = fc
  .record({
    mechanism: fc.constantFrom('irsa' as const, 'pod-identity' as const),
    roleName,
    path,
    namespace,
    serviceAccount,
    accountId: fc.constantFrom('111122223333', '000000000000', '012345678901'),
    region,
    id: word([...'ABCDEF0123456789'], 32),
    cluster: word([...letters, '-', '_'], 20).filter((name) => /^[a-z0-9]/.test(name)),
    selfHosted: fc.boolean(),
    audience: fc.constantFrom(undefined, 'sts.amazonaws.com', 'my-audience', 'https://x.example/y'),
    managed: fc.uniqueArray(
      fc.constantFrom('aws:policy/ReadOnlyAccess', 'aws:policy/service-role/AmazonEKS-x', 'own:policy/team/queue_1', 'own:policy/Queue-1'),
      { maxLength: 3 },
    ),
    policy: fc.option(policy, { nil: undefined }),
    policyName: fc.constantFrom(undefined, 'queue', 'a+b=c@d', '..'),
    boundary: fc.boolean(),
    maxSessionDuration: fc.constantFrom(undefined, '3600', '43200'),
    tags,
  })
  .map(({ id, selfHosted, managed, policy: document, policyName, boundary, audience, ...rest }): PairOptions => {
    const in_ = partition[rest.region] ?? 'aws';
    const arn = (end: string) => `arn:${in_}:iam::${end.replace(/^own/, rest.accountId)}`;
    const irsa = rest.mechanism === 'irsa';
    return {
      ...rest,
      tags: Object.fromEntries(rest.tags),
      issuer: irsa
        ? selfHosted
          ? `s3.example.org/${id}`
          : `oidc.eks.${rest.region}.${suffix[rest.region] ?? 'amazonaws.com'}/id/${id}`
        : undefined,
      audience: irsa ? audience : undefined,
      policyArns: managed.map(arn),
      ...(document === undefined ? {} : { policy: { document, name: policyName } }),
      permissionsBoundary: boundary ? arn('own:policy/boundary') : undefined,
    };
  });

export const pairs: fc.Arbitrary<Pair> = pairOptions.map((options) => {
  const read = readPair(options);
  if ('problems' in read) throw new Error(`${JSON.stringify(options)}: ${JSON.stringify(read.problems)}`);
  return read.pair;
});

export const demo: PairOptions = {
  mechanism: 'irsa',
  roleName: 'demo-role',
  namespace: 'demo-namespace',
  serviceAccount: 'demo-sa',
  accountId: '111122223333',
  issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F',
};

export function pairOf(options: Partial<PairOptions> = {}): Pair {
  const read = readPair({ ...demo, ...options });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.pair;
}

/** For Pod Identity in demo-cluster. */
export function podPair(options: Partial<PairOptions> = {}): Pair {
  return pairOf({ mechanism: 'pod-identity', issuer: undefined, cluster: 'demo-cluster', region: 'eu-west-1', ...options });
}
