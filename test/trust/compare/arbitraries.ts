import fc from 'fast-check';
import { account, issuer, otherIssuer } from '../support';

/*
 * Policies over a small alphabet, so that literals, patterns and requests collide; nothing in them is unknown but where a name says so.
 */

export const github = 'token.actions.githubusercontent.com';
export const otherAccount = '444455556666';
export const clusters = [
  `arn:aws:eks:eu-west-1:${account}:cluster/a`,
  `arn:aws:eks:eu-west-1:${account}:cluster/ab`,
  `arn:aws:eks:us-east-1:${otherAccount}:cluster/a`,
];
export const providerOf = (of: string, own = account) => `arn:aws:iam::${own}:oidc-provider/${of}`;
export const awsPrincipals = [`arn:aws:iam::${account}:role/a`, `arn:aws:iam::${otherAccount}:root`, `arn:aws:iam::${otherAccount}:role/b`];

const part = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '?', 'a?', '??', '*-*', '${*}');
const exactName = fc.constantFrom('a', 'b', 'ab');
const subject = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(exactName, exactName).map(([n, s]) => `system:serviceaccount:${n}:${s}`) },
  { weight: 4, arbitrary: fc.tuple(part, part).map(([n, s]) => `system:serviceaccount:${n}:${s}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('*', 'system:serviceaccount:*', 'system:serviceaccount:a*', '*:a', 'SYSTEM:serviceaccount:A:B', '', '?*'),
  },
  { weight: 1, arbitrary: fc.constantFrom('repo:a/b', 'repo:a/*', 'repo:*', '*/b') },
);
const audience = fc.constantFrom('sts.amazonaws.com', 'sts.amazonaws.com', 'STS.amazonaws.com', 'sts.*', '*', 'x');
const clusterArn = fc.constantFrom(
  ...clusters,
  `arn:aws:eks:*:${account}:cluster/*`,
  'arn:aws:eks:*:*:cluster/a',
  'arn:*:eks:eu-west-1:*:*',
  'arn:aws:eks:*:cluster/a',
);

interface Key {
  readonly key: string;
  readonly values: fc.Arbitrary<string>;
}
const webKeys: readonly Key[] = [issuer, otherIssuer, github].flatMap((of) => [
  { key: `${of}:sub`, values: subject },
  { key: `${of}:sub`, values: subject },
  { key: `${of}:aud`, values: audience },
]);
const otherKeys: readonly Key[] = [
  { key: `${issuer}:SUB`, values: subject },
  { key: `${issuer}:amr`, values: subject },
  { key: 'aws:UserAgent', values: part },
  { key: 'aws:SecureTransport', values: fc.constantFrom('true', 'false') },
  { key: 'sts:ExternalId', values: part },
];
const podKeys: readonly Key[] = [
  { key: 'aws:RequestTag/kubernetes-namespace', values: part },
  { key: 'aws:RequestTag/kubernetes-namespace', values: part },
  { key: 'aws:requesttag/Kubernetes-service-account', values: part },
  { key: 'aws:RequestTag/kubernetes-service-account', values: part },
  { key: 'aws:RequestTag/eks-cluster-name', values: part },
  { key: 'aws:RequestTag/eks-cluster-arn', values: clusterArn },
  { key: 'aws:SourceAccount', values: fc.constantFrom(account, otherAccount, '1111*', '4*', '????????????') },
  { key: 'aws:RequestTag/other', values: part },
  { key: 'aws:TagKeys', values: fc.constantFrom('kubernetes-namespace', 'eks-*', 'x') },
];

const operators = [
  ...Array<string>(6).fill('StringEquals'),
  ...Array<string>(8).fill('StringLike'),
  'StringNotEquals',
  'StringNotEquals',
  'StringNotLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'ArnLike',
  'ArnNotLike',
];
const operator = fc
  .tuple(
    fc.constantFrom('', '', '', '', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(...operators),
    fc.constantFrom('', '', '', 'IfExists'),
  )
  // AWS doesn't document ForAnyValue with IfExists on an absent key.
  .map(([set, base, ifExists]) => `${set}${base}${set === 'ForAnyValue:' ? '' : ifExists}`);

type Block = Record<string, unknown>;

function condition(keys: readonly Key[]): fc.Arbitrary<Record<string, Block>> {
  const one = fc
    .constantFrom(...keys)
    .chain(({ key, values }) =>
      fc.oneof(
        {
          weight: 12,
          arbitrary: fc.tuple(operator, fc.array(values, { minLength: 1, maxLength: 3 })).map(([op, list]) => [op, key, list] as const),
        },
        { weight: 1, arbitrary: fc.constantFrom('true', 'false').map((value) => ['Null', key, value] as const) },
      ),
    );
  return fc.array(one, { maxLength: 3 }).map((entries) => {
    const blocks: Record<string, Block> = {};
    for (const [op, key, values] of entries) {
      // A key twice in other cases is an error of its own.
      blocks[op] = {
        ...Object.fromEntries(Object.entries(blocks[op] ?? {}).filter(([known]) => known.toLowerCase() !== key.toLowerCase())),
        [key]: values,
      };
    }
    return blocks;
  });
}

export interface StatementText {
  readonly Effect: string;
  readonly Principal: object;
  readonly Action?: string | readonly string[];
  readonly Condition?: Record<string, Block>;
}
export interface PolicyText {
  readonly Version?: string;
  readonly Statement: readonly StatementText[];
}

const webPrincipal = fc.constantFrom<object>(
  { Federated: providerOf(issuer) },
  { Federated: providerOf(issuer) },
  { Federated: [providerOf(issuer), providerOf(otherIssuer)] },
  { Federated: providerOf(otherIssuer) },
  { Federated: providerOf(github) },
  { Federated: providerOf(issuer, otherAccount) },
  { Federated: providerOf(issuer), Service: 'pods.eks.amazonaws.com' },
);
const podPrincipal = fc.constantFrom<object>(
  { Service: 'pods.eks.amazonaws.com' },
  { Service: 'pods.eks.amazonaws.com' },
  { Service: 'pods.eks.amazonaws.com', Federated: providerOf(issuer) },
);
const otherPrincipal = fc.constantFrom<object>(
  ...awsPrincipals.map((AWS) => ({ AWS })),
  { AWS: awsPrincipals },
  { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] },
);
const webAction = fc.constantFrom<string | string[]>(
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoleWithWebIdentity',
  ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
  ['sts:AssumeRole', 'sts:assumerolewithwebidentity'],
);
const podAction = fc.constantFrom<string | string[]>(
  ['sts:AssumeRole', 'sts:TagSession'],
  ['sts:AssumeRole', 'sts:TagSession'],
  'sts:AssumeRole',
  'sts:TagSession',
);
const effect = fc.constantFrom('Allow', 'Allow', 'Allow', 'Allow', 'Deny');

function statementOf(
  principal: fc.Arbitrary<object>,
  action: fc.Arbitrary<string | string[]>,
  keys: readonly Key[],
): fc.Arbitrary<StatementText> {
  return fc
    .record({ Effect: effect, Principal: principal, Action: action, Condition: condition(keys) })
    .map(({ Condition, ...rest }) => (Object.keys(Condition).length > 0 ? { ...rest, Condition } : rest));
}

export const statement = fc.oneof(
  { weight: 6, arbitrary: statementOf(webPrincipal, webAction, [...webKeys, ...webKeys, ...otherKeys]) },
  { weight: 5, arbitrary: statementOf(podPrincipal, podAction, [...podKeys, ...podKeys, ...otherKeys]) },
  { weight: 1, arbitrary: statementOf(otherPrincipal, podAction, otherKeys) },
);

export const policy: fc.Arbitrary<PolicyText> = fc
  .tuple(
    fc.constantFrom('2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17', undefined),
    fc.array(statement, { minLength: 1, maxLength: 4 }),
  )
  .map(([Version, Statement]) => ({ ...(Version ? { Version } : {}), Statement }));

/** A policy that is much like another one: what edits make of it. */
export function edited(base: PolicyText): fc.Arbitrary<PolicyText> {
  const index = fc.nat(base.Statement.length - 1);
  const withStatements = (Statement: readonly StatementText[]): PolicyText => ({ ...base, Statement });
  const change = (at: number, make: (each: StatementText) => StatementText): PolicyText =>
    withStatements(base.Statement.map((each, i) => (i === at ? make(each) : each)));
  return fc.oneof(
    fc.constant(base),
    statement.map((more) => withStatements([...base.Statement, more])),
    index.map((at) => (base.Statement.length > 1 ? withStatements(base.Statement.filter((_, i) => i !== at)) : base)),
    index.map((at) => change(at, ({ Condition: _, ...rest }) => rest)),
    fc.tuple(index, statement).map(([at, { Condition }]) => change(at, (each) => ({ ...each, ...(Condition ? { Condition } : {}) }))),
    fc
      .tuple(index, fc.nat(9), subject)
      .map(([at, which, value]) => change(at, (each) => withValue(each, which, (values) => [...values, value]))),
    fc
      .tuple(index, fc.nat(9), fc.nat(2))
      .map(([at, which, out]) =>
        change(at, (each) =>
          withValue(each, which, (values) => (values.length > 1 ? values.filter((_, i) => i !== out % values.length) : values)),
        ),
      ),
    index.map((at) => withStatements(base.Statement.flatMap((each, i) => (i === at ? split(each) : [each])))),
  );
}

function lists({ Condition = {} }: StatementText): (readonly [operator: string, key: string, values: readonly unknown[]])[] {
  return Object.entries(Condition).flatMap(([op, block]) =>
    Object.entries(block).flatMap(([key, values]) => (Array.isArray(values) ? [[op, key, values as readonly unknown[]] as const] : [])),
  );
}

function withValue(each: StatementText, which: number, make: (values: readonly unknown[]) => readonly unknown[]): StatementText {
  const all = lists(each);
  const found = all[which % Math.max(1, all.length)];
  if (!found) return each;
  const [op, key, values] = found;
  return { ...each, Condition: { ...each.Condition, [op]: { ...each.Condition![op], [key]: make(values) } } };
}

/** One statement as several, one for each value of a list, which say the same where its operator is not negated. */
function split(each: StatementText): StatementText[] {
  const found = lists(each).find(([op, , values]) => !op.includes('Not') && !op.startsWith('ForAll') && values.length > 1);
  if (!found) return [each];
  const [op, key, values] = found;
  return values.map((value) => ({ ...each, Condition: { ...each.Condition, [op]: { ...each.Condition![op], [key]: [value] } } }));
}
