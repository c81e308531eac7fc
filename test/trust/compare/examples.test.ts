import { describe, expect, it, test } from 'vitest';
import { policyFromText } from '../../../server/src/core/readers/policyDocument';
import { includes } from '../../../server/src/core/trust/compare/includes';
import { redundantStatements } from '../../../server/src/core/trust/compare/redundant';
import type { ComparisonScope, Inclusion } from '../../../server/src/core/trust/compare/types';
import { judge } from '../../../server/src/core/trust/judge';
import { account, allow, aud, document, issuer, otherIssuer, provider, sub } from '../support';

const read = (text: object | string) => policyFromText(typeof text === 'string' ? text : JSON.stringify(text));
function compare(all: readonly (object | string)[], part: readonly (object | string)[], scope?: ComparisonScope): Inclusion {
  return includes(all.map(read), part.map(read), scope);
}
const kind = (...given: Parameters<typeof compare>) => compare(...given).kind;
function witness(...given: Parameters<typeof compare>) {
  const result = compare(...given);
  expect(result).toMatchObject({ kind: 'not-included' });
  return (result as Extract<Inclusion, { kind: 'not-included' }>).witness;
}
function because(...given: Parameters<typeof compare>): string {
  const result = compare(...given);
  expect(result).toMatchObject({ kind: 'unknown' });
  return (result as Extract<Inclusion, { kind: 'unknown' }>).because;
}

const s = (name: string) => `system:serviceaccount:${name}`;
const equals = (...names: string[]) => allow({ StringEquals: { [sub]: names.map(s), [aud]: 'sts.amazonaws.com' } });
const like = (...names: string[]) => allow({ StringLike: { [sub]: names.map(s) }, StringEquals: { [aud]: 'sts.amazonaws.com' } });
const pods = (condition?: object, Action: string | string[] = ['sts:AssumeRole', 'sts:TagSession']) => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action,
  ...(condition ? { Condition: condition } : {}),
});
const forPod = (namespace: string, name: string) =>
  pods({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': namespace, 'aws:RequestTag/kubernetes-service-account': name } });
const hub = 'token.actions.githubusercontent.com';
const github = {
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${hub}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringLike: { [`${hub}:sub`]: 'repo:acme/app:*' }, StringEquals: { [`${hub}:aud`]: 'sts.amazonaws.com' } },
};

describe('subjects', () => {
  test.each<[string, object, object, Inclusion['kind']]>([
    ['the same subject', equals('shop:orders'), equals('shop:orders'), 'included'],
    ['a list, and its values one by one', equals('shop:orders', 'shop:cart'), equals('shop:cart'), 'included'],
    ['a namespace', like('shop:*'), equals('shop:orders'), 'included'],
    ['a namespace, and more', equals('shop:orders'), like('shop:*'), 'not-included'],
    ['a pattern and a narrower one', like('demo*:app'), like('demo-*:app'), 'included'],
    ['a pattern and a wider one', like('demo-*:app'), like('demo*:app'), 'not-included'],
    [
      'a star that spans the colon spans no more than two stars, for subjects of EKS have three colons',
      like('demo*:*'),
      like('demo*'),
      'included',
    ],
    ['one character and any number', like('shop:?*'), like('shop:*'), 'included'],
    ['a literal star', like('shop:*'), equals('shop:*'), 'included'],
    [
      'another case, which no subject of Kubernetes has',
      allow({ StringEquals: { [sub]: s('shop:a') } }),
      allow({ StringEqualsIgnoreCase: { [sub]: s('Shop:A') } }),
      'included',
    ],
    ['no audience asked for', equals('shop:orders'), allow({ StringEquals: { [sub]: s('shop:orders') } }), 'not-included'],
    [
      'two conditions on one key',
      like('shop:a*'),
      allow({
        StringLike: { [sub]: s('shop:*') },
        StringEqualsIfExists: { [sub]: [s('shop:ab'), s('other:ab')], [aud]: 'sts.amazonaws.com' },
      }),
      'included',
    ],
    [
      'a negated operator',
      like('*:*'),
      allow({ StringNotLike: { [sub]: s('kube-*:*') }, StringEquals: { [aud]: 'sts.amazonaws.com' } }),
      'included',
    ],
    ['what a negated operator leaves', allow({ StringNotLike: { [sub]: s('kube-*:*') } }), like('kube-system:*'), 'not-included'],
    ['a key of another provider, which is always absent', allow({ StringNotEquals: { [`${otherIssuer}:sub`]: 'x' } }), allow(), 'included'],
    ['ForAllValues on a key that is never there', allow({ 'ForAllValues:StringEquals': { 'sts:ExternalId': 'x' } }), allow(), 'included'],
    ['a key that is never there', allow(), allow({ StringEquals: { 'sts:ExternalId': 'x' } }), 'included'],
    ['Null of a claim that is always there', equals('a:b'), allow({ Null: { [sub]: 'true' } }), 'included'],
  ])('%s', (_, all, part, expected) => expect(kind([document(all)], [document(part)])).toBe(expected));

  it('are covered by several statements and several policies together', () => {
    expect(kind([document(equals('a:b'), equals('a:c'))], [document(equals('a:b', 'a:c'))])).toBe('included');
    expect(kind([document(equals('a:b')), document(equals('a:c'))], [document(equals('a:b', 'a:c'))])).toBe('included');
    // Every namespace is kube-… or not.
    const [kube, rest] = [like('kube-*:*'), allow({ StringNotLike: { [sub]: s('kube-*:*') } })];
    expect(kind([document(kube, rest)], [document(like('*:*'))])).toBe('included');
  });

  it('names the account that is too much, for people and as a request', () => {
    const found = witness([document(equals('shop:orders'))], [document(equals('shop:orders', 'shop:cart'))]);
    expect(found).toEqual({
      request: {
        mechanism: 'irsa',
        roleAccount: account,
        rolePartition: 'aws',
        issuer,
        namespace: 'shop',
        serviceAccount: 'cart',
        audience: 'sts.amazonaws.com',
      },
      words: `system:serviceaccount:shop:cart of ${issuer}`,
    });
    expect(witness([document(equals('shop:orders'))], [document(allow({ StringEquals: { [sub]: s('shop:orders') } }))]).words).toMatch(
      / of oidc\.eks\.\S+ with the audience \S/,
    );
    expect(witness([], [document(allow())]).words).toBe(`any service account of ${issuer}`);
  });
});

describe('Deny', () => {
  const deny = (condition: object) => ({ ...allow(condition), Effect: 'Deny' });

  it('takes away, on either side', () => {
    const shut = deny({ StringLike: { [sub]: s('kube-system:*') } });
    expect(kind([document(like('*:*'))], [document(like('*:*'), shut)])).toBe('included');
    expect(witness([document(like('*:*'), shut)], [document(like('*:*'))]).request).toMatchObject({ namespace: 'kube-system' });
    expect(kind([document(like('*:*'), shut)], [document(like('shop:*'))])).toBe('included');
  });

  it('with a negated operator denies tokens of other providers, which lack the key', () => {
    const own = {
      ...deny({ StringNotEquals: { [sub]: s('a:b') } }),
      Principal: { Federated: [provider, provider.replace(issuer, otherIssuer)] },
    };
    const both = { ...allow(), Principal: { Federated: [provider, provider.replace(issuer, otherIssuer)] } };
    expect(kind([document(equals('a:b'), allow({ StringEquals: { [sub]: s('a:b') } }))], [document(both, own)])).toBe('included');
  });

  it('of one policy leaves what another one allows', () => {
    const shut = document(like('shop:*'), deny({ StringEquals: { [sub]: s('shop:cart') } }));
    expect(kind([shut], [document(equals('shop:cart'))])).toBe('not-included');
    expect(kind([shut, document(equals('shop:cart'))], [document(equals('shop:cart'))])).toBe('included');
  });
});

describe('EKS Pod Identity', () => {
  it('needs both actions, which may stand in two statements', () => {
    expect(kind([document(pods(undefined, 'sts:AssumeRole'), pods(undefined, 'sts:TagSession'))], [document(pods())])).toBe('included');
    expect(witness([document(pods(undefined, 'sts:AssumeRole'))], [document(pods())]).request).toMatchObject({ mechanism: 'pod-identity' });
    // Nobody can assume a role by sts:TagSession alone.
    expect(kind([], [document(pods(undefined, 'sts:TagSession'))])).toBe('included');
    expect(because([], [document(pods(undefined, 'sts:AssumeRole'))])).toMatch(/without session tags|disables session tags/);
  });

  it('needs both actions of one and the same pod', () => {
    const split = (namespace: string, action: string) =>
      pods({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': namespace } }, action);
    const apart = document(split('a', 'sts:AssumeRole'), split('b', 'sts:TagSession'));
    expect(kind([], [apart])).toBe('included');
    expect(kind([document(split('a', 'sts:AssumeRole'), split('a', 'sts:TagSession'))], [document(forPod('a', 'x'))])).toBe('included');
  });

  it('tells the cluster in three keys that agree', () => {
    const arn = `arn:aws:eks:eu-west-1:${account}:cluster/prod`;
    const byArn = document(pods({ StringEquals: { 'aws:RequestTag/eks-cluster-arn': arn } }));
    const byParts = document(pods({ StringEquals: { 'aws:RequestTag/eks-cluster-name': 'prod', 'aws:SourceAccount': account } }));
    expect(kind([byParts], [byArn])).toBe('included');
    expect(witness([byArn], [byParts]).request).toMatchObject({ mechanism: 'pod-identity' });
    const anyArn = document(pods({ ArnLike: { 'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:*:${account}:cluster/*` } }));
    expect(
      kind([anyArn], [document(pods({ StringEquals: { 'aws:SourceAccount': account }, Null: { 'aws:TagKeys': 'false' } }))], {
        rolePartition: 'aws',
      }),
    ).toBe('included');
    const tagged = document(pods({ Null: { 'aws:TagKeys': 'false' } }));
    expect(kind([anyArn], [tagged], { rolePartition: 'aws', roleAccount: account })).toBe('included');
    expect(kind([anyArn], [tagged], { rolePartition: 'aws' })).toBe('not-included');
  });

  it("has no tags but EKS's own, and none where an association disables them", () => {
    expect(kind([], [document(pods({ StringEquals: { 'aws:RequestTag/team': 'x' } }))])).toBe('included');
    expect(kind([document(pods({ Null: { 'aws:RequestTag/kubernetes-namespace': 'false' } }))], [document(pods())])).toBe('not-included');
    expect(kind([document(pods({ 'ForAllValues:StringLike': { 'aws:TagKeys': ['eks-*', 'kubernetes-*'] } }))], [document(pods())])).toBe(
      'included',
    );
  });
});

describe('other principals', () => {
  const aws = (AWS: string | string[], more: object = {}) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more });
  const root = `arn:aws:iam::${account}:root`;
  const role = `arn:aws:iam::${account}:role/ci`;

  it('are compared as well', () => {
    expect(kind([document(aws(account))], [document(aws(root))])).toBe('included');
    expect(witness([document(aws(role))], [document(aws([role, root]))])).toEqual({ words: `AWS principal ${root}` });
    expect(kind([document(github)], [document(github)])).toBe('included');
    expect(witness([document(equals('a:b'))], [document(equals('a:b'), github)])).toEqual({ words: expect.stringContaining(`of ${hub}`) });
    expect(witness([], [document({ ...github, Condition: {} })])).toEqual({ words: `any token of ${hub}` });
    expect(witness([], [document({ ...aws('x'), Principal: { Service: 'ec2.amazonaws.com' } })])).toEqual({
      words: 'service ec2.amazonaws.com',
    });
  });

  it('of an account are allowed through the account, where that needs nothing else', () => {
    expect(kind([document(aws(root))], [document(aws(role))], { roleAccount: '444455556666' })).toBe('included');
    expect(because([document(aws(root))], [document(aws(role))], { roleAccount: account })).toMatch(/permissions of .*role\/ci/);
    const shut = aws(role, { Effect: 'Deny' });
    expect(kind([document(aws(root), shut)], [document(aws(root))], { roleAccount: '444455556666' })).toBe('not-included');
    // Who is denied with the account is denied.
    expect(kind([], [document(aws(role), aws(root, { Effect: 'Deny' }))])).toBe('included');
  });

  it('may be everybody', () => {
    expect(witness([document(aws(root))], [document(aws('*'))])).toEqual({ words: 'any AWS principal' });
    expect(because([], [document({ ...allow(), Principal: { AWS: '*' } })])).toContain('"AWS": "*"');
    expect(kind([document({ ...allow(), Principal: { AWS: '*' } })], [document({ ...allow(), Principal: { AWS: '*' } })])).toBe('included');
  });

  it('have session tags in their tokens only if their provider writes them', () => {
    const tagged = { ...github, Condition: { ...github.Condition, Null: { 'aws:RequestTag/team': 'true' } } };
    expect(kind([document(github)], [document(tagged)])).toBe('included');
    expect(because([document(tagged)], [document(github)])).toContain('aws:RequestTag/team');
  });

  it('of another account than the role have no provider for it', () => {
    const other = allow(undefined, { Principal: { Federated: provider.replace(account, '444455556666') } });
    expect(kind([], [document(other)], { roleAccount: account })).toBe('included');
    expect(witness([document(allow())], [document(other)]).request).toMatchObject({ roleAccount: '444455556666' });
  });
});

describe('the steps of a move', () => {
  const second = JSON.parse(JSON.stringify(equals('shop:orders')).replaceAll(issuer, otherIssuer)) as object;
  const before = document(equals('shop:orders'), second, github);
  const expanded = document(equals('shop:orders'), second, github, forPod('shop', 'orders'));
  const contracted = document(second, github, forPod('shop', 'orders'));

  it('expand keeps everybody, and adds nobody but the account that moves', () => {
    expect(kind([expanded], [before])).toBe('included');
    expect(kind([before, document(forPod('shop', 'orders'))], [expanded])).toBe('included');
    expect(witness([before], [expanded]).request).toMatchObject({ mechanism: 'pod-identity', namespace: 'shop', serviceAccount: 'orders' });
  });

  it('contract keeps everybody but the tokens of the cluster that moved', () => {
    expect(kind([expanded], [contracted])).toBe('included');
    expect(kind([contracted, document(equals('shop:orders'))], [expanded])).toBe('included');
    expect(witness([contracted], [expanded]).request).toMatchObject({ mechanism: 'irsa', issuer, namespace: 'shop' });
    expect(witness([document(second, forPod('shop', 'orders'))], [contracted]).words).toContain(hub);
  });

  it('expand that forgets a condition is found out', () => {
    const careless = document(
      equals('shop:orders'),
      second,
      github,
      pods({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'shop' } }),
    );
    const found = witness([before, document(forPod('shop', 'orders'))], [careless]);
    expect(found.request).toMatchObject({ mechanism: 'pod-identity', namespace: 'shop' });
    expect(judge(read(careless), found.request!).decision).toBe('allowed');
  });

  it('are proven beside split statements that were incomplete before', () => {
    // The new statement's sts:TagSession completes the old statement's sts:AssumeRole only for its own pod.
    const old = [pods({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'shop' } }, 'sts:AssumeRole')];
    const narrow = document(...old, forPod('shop', 'orders'));
    expect(kind([document(...old), document(forPod('shop', 'orders'))], [narrow])).toBe('included');
    const wide = document(...old, pods(undefined, 'sts:TagSession'));
    expect(kind([document(...old)], [wide])).toBe('not-included');
  });
});

describe('what no file tells', () => {
  const hole = '{{ .Values.namespace }}';

  it('is the same where it is written alike, and else unknown', () => {
    const [one, two] = [equals(`${hole}:app`), equals(`${hole}:app`, 'shop:cart')];
    expect(kind([document(two)], [document(one)])).toBe('included');
    expect(witness([document(one)], [document(two, equals('kube-system:default'))]).request).toMatchObject({});
    expect(because([document(equals('shop:app'))], [document(one)])).toContain(hole);
    expect(because([document(equals('{{ .Values.other }}:app'))], [document(one)])).toContain('{{ .Values.');
    expect(kind([document(like('*:app'))], [document(one)])).toBe('included');
    expect(because([document(like('*:app'))], [document(like(`${hole}:*`))])).toContain(hole);
    // A placeholder in a pattern may be a wildcard, in a literal it is one text.
    expect(because([document(equals(`${hole}:app`))], [document(like(`${hole}:app`))])).toContain(hole);
  });

  it('is the same in equal statements even if it has no name', () => {
    const masked = JSON.stringify(document(equals('shop:app'))).replaceAll(account, '{{ . }}');
    expect(kind([masked], [masked])).toBe('included');
    expect(kind([masked.replace('"Statement":[', `"Statement":[${JSON.stringify(github)},`)], [masked])).toBe('included');
    // Two such statements may be of two accounts.
    const twice = masked.replace(/"Statement":\[(.*)\]\}$/, '"Statement":[$1,$1]}');
    expect(kind([masked], [twice])).toBe('unknown');
    expect(kind([twice], [masked])).toBe('included');
  });

  it("may be the provider of both, whose claims are then the token's", () => {
    const text = (names: string[]) =>
      JSON.stringify(document(equals(...names)))
        .replaceAll(provider, '${PROVIDER_ARN}')
        .replaceAll(issuer, '${OIDC_ISSUER}');
    expect(kind([text(['shop:a', 'shop:b'])], [text(['shop:b'])])).toBe('included');
    const found = witness([text(['shop:a'])], [text(['shop:a', 'shop:b'])]);
    expect(found.request).toMatchObject({ namespace: 'shop', serviceAccount: 'b' });
    expect(because([document(equals('shop:a'))], [text(['shop:a'])])).toContain('${PROVIDER_ARN}');
  });

  it('may be a statement of a template, a policy beyond the limits, or an answer of IAM', () => {
    const open = '{"Version":"2012-10-17","Statement":[{{ include "more" . }}]}';
    expect(kind([open], [open])).toBe('included');
    expect(because([document()], [open])).toContain('template');
    expect(kind([open], [document(allow())])).toBe('unknown');
    const doubtful = (name: string) => document(equals(name), { ...github, Action: 'sts:AssumeRole*' });
    expect(kind([doubtful('a:b')], [doubtful('a:b')])).toBe('included');
    expect(because([doubtful('a:b')], [document(equals('a:b'))])).toContain('whether IAM accepts the policy');
    expect(kind([document(equals('a:b'))], [{ ...document(allow()), Version: '2013' }])).toBe('included');
    expect(kind([{ ...document(allow()), Version: '2013' }], [document(equals('a:b'))])).toBe('not-included');
  });

  it('may be a variable, a moment or an address: the same condition is the same', () => {
    for (const condition of [
      { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
      { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.1'] } },
      { StringEquals: { [sub]: '${aws:PrincipalTag/x}' } },
      { 'ForAnyValue:StringLike': { 'aws:CalledVia': 'x*' } },
    ]) {
      expect(kind([document(allow(condition))], [document(allow(condition))])).toBe('included');
      expect(kind([document(allow(condition), github)], [document(github, allow({ ...condition, Null: { [sub]: 'false' } }))])).toBe(
        'included',
      );
      expect(kind([document(allow())], [document(allow(condition))])).toBe('included');
      expect(kind([document(allow(condition))], [document(allow())])).not.toBe('included');
    }
    expect(
      kind(
        [document(allow({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.1'] } }))],
        [document(allow({ IpAddress: { 'aws:SourceIp': '192.0.2.1' } }))],
      ),
    ).toBe('included');
    const until = (year: number) => document(allow({ DateLessThan: { 'aws:CurrentTime': `${year}-01-01T00:00:00Z` } }));
    expect(kind([until(2031)], [until(2030)])).toBe('included');
    expect(witness([until(2030)], [until(2031)]).words).toMatch(/aws:CurrentTime 2030-/);
  });
});

describe('redundant statements', () => {
  const redundant = (...statements: object[]) => redundantStatements(read(document(...statements)));

  it('are those without which the policy allows the same', () => {
    expect(redundant(equals('a:b'), equals('a:c'))).toEqual([]);
    expect(redundant(like('a:*'), equals('a:b'))).toEqual([1]);
    expect(redundant(equals('a:b'), equals('a:b'))).toHaveLength(1);
    expect(redundant(equals('a:b'), equals('a:c'), equals('a:b', 'a:c'))).toEqual([0, 1]);
    expect(redundant(like('a:*'), { ...equals('b:c'), Effect: 'Deny' })).toEqual([1]);
    expect(redundant(like('a:*'), { ...equals('a:c'), Effect: 'Deny' })).toEqual([]);
    expect(redundant(pods(undefined, 'sts:AssumeRole'), pods(undefined, 'sts:TagSession'), forPod('a', 'b'))).toEqual([2]);
  });

  it('are none where that is not proven, and none of a policy of one statement', () => {
    expect(redundant(equals('{{ .Values.x }}:b'), equals('a:b'))).toEqual([]);
    expect(redundant({ ...allow(), Effect: 'Deny' })).toEqual([]);
    expect(redundantStatements(read('{"Statement":[]}'))).toEqual([]);
  });
});
