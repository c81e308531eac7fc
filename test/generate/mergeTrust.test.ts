import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alreadyAllows, mergeTrust, type TrustMerge } from '../../server/src/core/generate/mergeTrust';
import { neighbours, prove } from '../../server/src/core/generate/prove';
import { requestFor, type Pair } from '../../server/src/core/generate/pair';
import { toJson } from '../../server/src/core/generate/json';
import { trustDocument, trustStatement } from '../../server/src/core/generate/trust';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { judge } from '../../server/src/core/trust/judge';
import { pairOf, pairs, podPair } from './arbitraries';
import { runs } from '../support/runs';

const quota = 2_048;
const demo = pairOf();
const other = pairOf({ serviceAccount: 'other' });
const { issuer, arn: provider } = demo.provider!;

function allow(condition: object | undefined, more: object = {}): object {
  return {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...(condition ? { Condition: condition } : {}),
    ...more,
  };
}
const policy = (...statements: object[]): string => toJson({ Version: '2012-10-17', Statement: statements });

function changed(merge: TrustMerge): string {
  expect(merge.kind).toBe('changed');
  return (merge as { text: string }).text;
}

function statements(text: string): { Sid?: string; Condition?: Record<string, Record<string, unknown>> }[] {
  return (JSON.parse(text) as { Statement: [] }).Statement;
}

describe('the proof', () => {
  const own = trustStatement(demo);
  test('finds whom no neighbour stands for', () => {
    const before = policyFromText(policy(allow({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' } })));
    const also = (more: object): string[] =>
      prove(policyFromText(policy(allow({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' } }), own, more)), demo, before);
    expect(also(own)).toEqual([]);
    expect(also(allow({ StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:far-away-*:*' } }))).toEqual([
      expect.stringMatching(/^The trust policy would also allow system:serviceaccount:far-away-\S*:\S+ of oidc\.eks/),
    ]);
    expect(also({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:role/other' }, Action: 'sts:AssumeRole' })).toEqual([
      'The trust policy would also allow AWS principal arn:aws:iam::444455556666:role/other.',
    ]);
    expect(
      also({ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }),
    ).toEqual([expect.stringContaining('through EKS Pod Identity')]);
  });

  test('finds who loses access', () => {
    const before = policyFromText(policy(allow({ StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:far-away-*:*' } })));
    expect(prove(policyFromText(policy(own)), demo, before)).toEqual([
      expect.stringMatching(/would no longer allow system:serviceaccount:far-away-/),
    ]);
  });
});

describe('a value more in a statement that fits', () => {
  test('keeps everything else as it is written', () => {
    const text = `{ "Version": "2012-10-17",\r\n\t"Statement": [ {"Effect":"Allow", "Sid": "Mine",\r\n\t\t"Principal": {"Federated": "${provider}"},\r\n\t\t"Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],\r\n\t\t"Condition": {"StringLike": {"${issuer}:sub": ["system:serviceaccount:a:*", "system:serviceaccount:b:x"], "${issuer}:aud": "sts.amazonaws.com"}}}]}`;
    const after = changed(mergeTrust(text, demo, quota));
    expect(after.replace(/,\s*"system:serviceaccount:demo-namespace:demo-sa"/, '')).toBe(text);
    expect(JSON.parse(after)).toBeTruthy();
  });

  test.each([
    [
      'each value in its line',
      '[\n        "system:serviceaccount:a:b"\n      ]',
      '[\n        "system:serviceaccount:a:b",\n        "system:serviceaccount:demo-namespace:demo-sa"\n      ]',
    ],
    ['one value', '"system:serviceaccount:a:b"', '["system:serviceaccount:a:b", "system:serviceaccount:demo-namespace:demo-sa"]'],
  ])('is written as its neighbours are: %s', (_, before, after) => {
    const of = (value: string): string =>
      policy(allow({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: 'SUBJECT' } })).replace('"SUBJECT"', value);
    expect(changed(mergeTrust(of(before), demo, quota))).toBe(of(after));
  });

  test.each([
    ['equal to one', { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b', [`${issuer}:aud`]: 'sts.amazonaws.com' } }],
    [
      'alike several',
      { StringLike: { [`${issuer}:sub`]: ['system:serviceaccount:a:*'] }, StringEquals: { [`${issuer}:aud`]: ['x', 'sts.amazonaws.com'] } },
    ],
  ])('%s', (_, condition) => {
    const after = changed(mergeTrust(policy(allow(condition)), demo, quota));
    expect(statements(after)).toHaveLength(1);
    expect(judge(policyFromText(after), requestFor(demo)).decision).toBe('allowed');
  });

  test('Pod Identity: an account beside one of the same namespace', () => {
    const text = toJson(trustDocument(podPair({ serviceAccount: 'other' })));
    const after = changed(mergeTrust(text, podPair(), quota));
    expect(statements(after)).toHaveLength(1);
    expect(statements(after)[0]!.Condition!['StringEquals']!['aws:RequestTag/kubernetes-service-account']).toEqual(['other', 'demo-sa']);
  });

  test('a Statement that is no list stays one', () => {
    const text = toJson({ Version: '2012-10-17', Statement: trustStatement(other) });
    const after = changed(mergeTrust(text, demo, quota));
    expect((JSON.parse(after) as { Statement: unknown }).Statement).toMatchObject({
      Condition: {
        StringEquals: { [`${issuer}:sub`]: ['system:serviceaccount:demo-namespace:other', 'system:serviceaccount:demo-namespace:demo-sa'] },
      },
    });
  });
});

describe('a statement of its own', () => {
  test.each<[string, object]>([
    [
      'another provider',
      allow({ StringEquals: { [`${issuer}0:sub`]: 'system:serviceaccount:a:b' } }, { Principal: { Federated: `${provider}0` } }),
    ],
    [
      'several providers',
      allow({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' } }, { Principal: { Federated: [provider, `${provider}0`] } }),
    ],
    ['another condition', allow({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b', 'aws:RequestedRegion': 'eu-west-1' } })],
    ['an audience that is another', allow({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b', [`${issuer}:aud`]: 'x' } })],
    ['IfExists', allow({ StringEqualsIfExists: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' } })],
    // A token for any audience would come in: that is more than was asked for.
    ['no audience', allow({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' } })],
    ['a set operator', allow({ 'ForAnyValue:StringEquals': { [`${issuer}:sub`]: 'system:serviceaccount:a:b' } })],
    ['a negation', allow({ StringNotEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo-namespace:demo-sa' } })],
    [
      'two conditions on the subject',
      allow({
        StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:a:b' },
        StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:a:*' },
      }),
    ],
    ['a service', { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    ['Pod Identity', trustStatement(podPair())],
  ])('beside %s', (_, before) => {
    const text = policy({ Sid: 'Theirs', ...before });
    const after = changed(mergeTrust(text, demo, quota));
    expect(statements(after)).toHaveLength(2);
    // As if it had been written by the same hand.
    expect(after).toBe(policy(...statements(text), statements(after)[1]!));
    expect(JSON.stringify(JSON.parse(changed(mergeTrust(JSON.stringify(JSON.parse(text)), demo, quota))))).toBe(
      JSON.stringify(JSON.parse(after)),
    );
    expect(judge(policyFromText(after), requestFor(demo)).decision).toBe('allowed');
  });

  test('Pod Identity: no product of namespaces and accounts', () => {
    const both = {
      StringEquals: {
        'aws:RequestTag/eks-cluster-arn': podPair().cluster!.arn,
        'aws:RequestTag/kubernetes-namespace': ['a', 'demo-namespace'],
        'aws:RequestTag/kubernetes-service-account': ['x'],
      },
    };
    const after = changed(
      mergeTrust(
        policy({
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: both,
        }),
        podPair(),
        quota,
      ),
    );
    expect(statements(after)).toHaveLength(2);
    expect(judge(policyFromText(after), requestFor(podPair(), { namespace: 'a', name: 'demo-sa' })).decision).toBe('denied');
  });
});

describe('left alone', () => {
  test.each<[string, string]>([
    ['it admits the account', toJson(trustDocument(demo))],
    ['it admits any account', policy(allow(undefined))],
    ['by a pattern', policy(allow({ StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:demo-*:*' } }))],
  ])('where %s already', (what, text) =>
    expect(mergeTrust(text, demo, quota)).toEqual({ kind: 'same', ...(what === 'it admits any account' ? { everybody: true } : {}) }),
  );

  test('what is said of a policy without a subject names everybody', () => {
    expect(alreadyAllows(demo, true)).toBe(
      'The trust policy allows demo-namespace/demo-sa already, and every other service account of the cluster: it has no condition on the subject that limits it.',
    );
    expect(alreadyAllows(demo, undefined)).toBe('The trust policy allows demo-namespace/demo-sa already.');
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', 'Version: 2012-10-17', /isn't strict JSON/],
    ['comments', `// ours\n${toJson(trustDocument(other))}`, /isn't strict JSON/],
    ['a mistake', policy({ ...trustStatement(other), Resource: '*' }), /has an error: Resource isn't allowed/],
    ['a key twice', toJson(trustDocument(other)).replace('"Effect": "Allow",', '"Effect": "Allow", "Effect": "Allow",'), /has an error/],
    [
      'a Deny',
      policy(trustStatement(other), { Effect: 'Deny', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithWebIdentity' }),
      /effect Deny \(number 2\) keeps demo-namespace\/demo-sa out/,
    ],
    [
      'a Deny that may apply',
      policy(trustStatement(other), {
        Effect: 'Deny',
        Principal: { Federated: provider },
        Action: 'sts:*',
        Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      }),
      /effect Deny/,
    ],
    ['a list', '[]', /isn't a JSON object/],
    ['nothing', '', /isn't strict JSON/],
  ])('where it holds %s', (_, text, message) => {
    const merge = mergeTrust(text, demo, quota);
    expect(merge.kind).toBe('refused');
    expect((merge as { message: string }).message).toMatch(message);
  });

  test('where the quota would be passed; near it, it is said', () => {
    const many = (n: number): string =>
      policy(
        allow({
          StringEquals: {
            [`${issuer}:aud`]: 'sts.amazonaws.com',
            [`${issuer}:sub`]: Array.from({ length: n }, (_, i) => `system:serviceaccount:namespace:account-${i}`),
          },
        }),
      );
    expect(mergeTrust(many(60), demo, quota)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/would have \d{4} characters without white space; its quota is 2048/) as string,
    });
    expect(mergeTrust(many(34), demo, quota)).toMatchObject({
      kind: 'changed',
      note: expect.stringMatching(/has then \d{4} of 2048 characters/) as string,
    });
    expect(mergeTrust(many(60), demo, 8_192)).toMatchObject({ kind: 'changed' });
  });
});

test('any number of accounts, one after the other: each is admitted, nobody else, and the order does not matter', () => {
  fc.assert(
    fc.property(fc.array(pairs, { minLength: 1, maxLength: 6 }), (all) => {
      const done: Pair[] = [];
      let text = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
      for (const pair of all) {
        const before = policyFromText(text);
        const merge = mergeTrust(text, pair, 100_000);
        expect(merge.kind).not.toBe('refused');
        if (merge.kind === 'changed') text = merge.text;
        done.push(pair);
        const after = policyFromText(text);
        for (const each of done) expect(judge(after, requestFor(each)).decision).toBe('allowed');
        for (const { request } of neighbours(pair)) expect(judge(after, request).decision).toBe(judge(before, request).decision);
        expect(mergeTrust(text, pair, 100_000)).toEqual({ kind: 'same' });
      }
    }),
    { numRuns: runs(60) },
  );
});

test('any text gives an answer', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.jsonValue().map((value) => JSON.stringify({ Version: '2012-10-17', Statement: value })),
      ),
      (text) => {
        expect(['same', 'changed', 'refused']).toContain(mergeTrust(text, demo, quota).kind);
      },
    ),
    { numRuns: runs(300) },
  );
});
