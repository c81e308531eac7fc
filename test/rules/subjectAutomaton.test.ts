import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNamespaceName, isServiceAccountName } from '../../server/src/core/model/subject';
import { plain } from '../../server/src/core/text/texts';
import { matchesPattern } from '../../server/src/core/text/wildcards/match';
import { admitsSome, subjectPattern } from '../../server/src/core/rules/trust/subjectAutomaton';
import { openWorkspace } from '../support/fixtureWorkspace';
import { runs } from '../support/runs';

const name = fc.stringMatching(/^[a-z0-9.-]{1,6}$/);

describe('subjects that a pattern admits', () => {
  test('a pattern that takes a subject of Kubernetes admits some', () => {
    fc.assert(
      fc.property(name, name, fc.array(fc.tuple(fc.nat(), fc.constantFrom('*', '?'))), (namespace, account, wild) => {
        fc.pre(isNamespaceName(namespace) && isServiceAccountName(account));
        const subject = `system:serviceaccount:${namespace}:${account}`;
        const letters = [...subject];
        for (const [at, char] of wild) letters[at % letters.length] = char;
        const pattern = plain(letters.join(''));
        expect(matchesPattern(pattern.value, subject)).toBe(true);
        expect(admitsSome(subjectPattern(pattern))).toBe(true);
        expect(admitsSome(subjectPattern(pattern), namespace)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  test('a text without wildcards admits itself or nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9.:A-Z_-]{0,12}$/), (rest) => {
        const parts = rest.split(':');
        const right = parts.length === 2 && isNamespaceName(parts[0]!) && isServiceAccountName(parts[1]!);
        expect(admitsSome(subjectPattern(plain(`system:serviceaccount:${rest}`)))).toBe(right);
      }),
      { numRuns: runs(1000) },
    );
  });

  test.each([
    ['system:serviceaccount:demo', false],
    ['system:serviceaccount:demo*', true],
    ['*', true],
    ['system:serviceaccounts:*', false],
    ['system:serviceaccount:*/x', false],
    ['system:serviceaccount:demo:${aws:PrincipalTag/x}', true],
    ['system:serviceaccount:demo:a${*}', false],
  ])('%s: %s', (pattern, expected) => {
    expect(admitsSome(subjectPattern(plain(pattern)))).toBe(expected);
  });
});

describe('policies that nobody writes cost bounded time', () => {
  const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A';
  const statement = (Condition: unknown, Federated: unknown = `arn:aws:iam::111122223333:oidc-provider/${issuer}`) => ({
    Effect: 'Allow',
    Principal: { Federated },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
  });
  const many = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));
  test.each<[string, unknown]>([
    [
      'keys of other issuers',
      statement({ StringEquals: Object.fromEntries(many(3000, (i) => [`oidc.eks.eu-west-1.amazonaws.com/id/X${i}:sub`, 'x'])) }),
    ],
    ['operators that IAM does not have', statement(Object.fromEntries(many(2000, (i) => [`StringLike${i}`, { [`${issuer}:sub`]: 'x' }])))],
    ['statements', many(1000, () => statement({ StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo:*' } }))],
    ['stars', statement({ StringLike: { [`${issuer}:sub`]: `system:serviceaccount:${'*a'.repeat(50_000)}` } })],
    [
      'providers',
      statement(
        { StringEquals: Object.fromEntries(many(500, (i) => [`oidc.eks.eu-west-1.amazonaws.com/id/X${i}:sub`, 'x'])) },
        many(1000, (i) => `arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X${i}`),
      ),
    ],
  ])('%s', (_, Statement) => {
    expect(() => openWorkspace(new Map([['trust.json', JSON.stringify({ Version: '2012-10-17', Statement })]]))).not.toThrow();
  });
});
