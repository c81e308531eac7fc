import { describe, expect, it } from 'vitest';
import { judge } from '../../../server/src/core/trust/judge';
import { policyFromText } from '../../../server/src/core/readers/policyDocument';
import { forms } from './forms';
import { allow, allowWeb, keyEnding, lastStatement, orders, policiesOf, remove, valueNamed } from './support';

/** What a statement is written as, without where it stands. */
function sources(text: string, name: string): string[] {
  const [policy] = policiesOf(text, name);
  return policy!.fact.policy.statements.map(({ span }) => policy!.document.text.slice(span.start, span.end));
}

const pod = {
  mechanism: 'pod-identity',
  namespace: 'shop',
  serviceAccount: 'orders',
  roleAccount: '111122223333',
  rolePartition: 'aws',
  account: '111122223333',
  clusterName: 'prod',
  clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
} as const;

describe.each(forms)('$id', ({ file, text, spacing }) => {
  const plain = (all: readonly string[]): string[] => all.map((each) => (spacing ? each.replace(/\s+\}$/, '}') : each));
  it('adds one statement that allows the account alone, and leaves the others to the letter', () => {
    const before = sources(text, file);
    const after = allow(text, file);
    expect(after.startsWith('[')).toBe(false);
    const [policy] = policiesOf(after, file);
    expect(policy!.fact.policy.problems).toEqual([]);
    expect(policy!.fact.concerns).toBe('both');
    expect(sources(after, file)).toHaveLength(before.length + 1);
    expect(plain(sources(after, file).slice(0, -1))).toEqual(plain(before));
    expect(policy!.document.tree().problems).toEqual([]);
    expect(judge(policy!.fact.policy, pod).decision).toBe('allowed');
    for (const other of [
      { namespace: 'shop2' },
      { serviceAccount: 'cart' },
      { clusterName: 'test', clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/test' },
    ])
      expect(judge(policy!.fact.policy, { ...pod, ...other }).decision).toBe('denied');
  });

  it('gives the first text again when the added statement leaves', () => {
    expect(remove(allow(text, file), file, lastStatement)).toBe(text);
  });

  it('adds several accounts of one namespace in one statement', () => {
    const after = allow(text, file, [orders, { ...orders, serviceAccount: { text: 'cart' } }]);
    expect(sources(after, file)).toHaveLength(sources(text, file).length + 1);
    expect(judge(policiesOf(after, file)[0]!.fact.policy, { ...pod, serviceAccount: 'cart' }).decision).toBe('allowed');
    expect(remove(after, file, lastStatement)).toBe(text);
  });

  it('keeps to its line ends', () => {
    const after = allow(text, file);
    if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    else expect(after).not.toContain('\r');
  });

  it('takes the first statement out, and leaves the second to the letter', () => {
    const [, second] = sources(text, file);
    const after = remove(text, file, () => [{ kind: 'statement', statement: 0 }]);
    expect(plain(sources(after, file))).toEqual(plain([second!]));
    expect(after).not.toContain('repo:acme');
    expect(policiesOf(after, file)[0]!.fact.policy.problems).toEqual([]);
  });

  it('takes our statement out, and leaves the other one to the letter', () => {
    const after = remove(text, file, lastStatement);
    expect(after).not.toContain('serviceaccount:shop');
    expect(after).not.toContain('# ours');
  });

  it.each(['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart'])(
    'takes %s out of its list, which stays a list',
    (subject) => {
      const after = remove(text, file, (fact) => [valueNamed(fact, subject)]);
      const { statements, problems } = policiesOf(after, file)[0]!.fact.policy;
      expect(problems).toEqual([]);
      const values = statements
        .at(-1)!
        .condition!.operators.flatMap(({ keys }) => keys)
        .find(({ key }) => key.value.endsWith(':sub'))!.values;
      expect(values.list).toBe(true);
      expect(values.values.map(({ value }) => value)).toEqual(
        ['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart'].filter((each) => each !== subject),
      );
      expect(after.length).toBeLessThan(text.length);
    },
  );

  it('takes a condition key out where it has others beside it', () => {
    const made = text.includes(':aud') ? remove(text, file, (fact) => [keyEnding(fact, ':aud')]) : undefined;
    if (made === undefined) return;
    const [policy] = policiesOf(made, file);
    expect(policy!.fact.policy.problems).toEqual([]);
    expect(
      policy!.fact.policy.statements
        .at(-1)!
        .condition!.operators.flatMap(({ keys }) => keys)
        .map(({ key }) => key.value.replace(/^.*:/, '')),
    ).toEqual(['sub']);
  });

  it('refuses to take out the only statements, and the last value', () => {
    expect(remove(text, file, (fact) => fact.policy.statements.map(({ index }) => ({ kind: 'statement', statement: index })))).toMatch(
      /^\[It is the only statement/,
    );
    expect(
      remove(text, file, (fact) => [
        valueNamed(fact, 'system:serviceaccount:shop:orders'),
        valueNamed(fact, 'system:serviceaccount:shop:cart'),
      ]),
    ).toMatch(/^\[No other value/);
  });

  it('adds a statement for IRSA, and takes it out again', () => {
    const after = allowWeb(text, file, [
      {
        namespace: { text: 'shop' },
        serviceAccount: { text: 'mail' },
        provider: { text: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/OTHER' },
        issuer: { text: 'oidc.eks.eu-west-1.amazonaws.com/id/OTHER' },
        audience: 'sts.amazonaws.com',
      },
    ]);
    const { policy } = policiesOf(after, file)[0]!.fact;
    expect(
      judge(policy, {
        mechanism: 'irsa',
        namespace: 'shop',
        serviceAccount: 'mail',
        issuer: 'oidc.eks.eu-west-1.amazonaws.com/id/OTHER',
        audience: 'sts.amazonaws.com',
        roleAccount: '111122223333',
        rolePartition: 'aws',
      }).decision,
    ).toBe('allowed');
    expect(remove(after, file, lastStatement)).toBe(text);
  });

  it.each(['a"b', 'a${x}', "a'b", 'a\nb', 'A', '', '{{ x }}'])('refuses the namespace %j', (namespace) => {
    expect(allow(text, file, [{ ...orders, namespace: { text: namespace } }])).toMatch(/^\[.* is not a valid namespace\.\]$/);
  });

  it.each(['a"b', '${file("/etc/passwd")}', 'file("/etc/passwd")', '!Sub "x"', '!Transform x', 'a\nb', 'a.b}${c'])(
    'refuses the expression %j',
    (expression) => {
      expect(allow(text, file, [{ ...orders, cluster: { expression } }])).toMatch(/^\[/);
    },
  );
});

it('the plain JSON form is what IAM takes', () => {
  const { file, text } = forms[0]!;
  expect(policyFromText(allow(text, file)).problems).toEqual([]);
});
