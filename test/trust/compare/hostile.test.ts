import { describe, expect, it } from 'vitest';
import { policyFromText } from '../../../server/src/core/readers/policyDocument';
import { includes } from '../../../server/src/core/trust/compare/includes';
import { redundantStatements } from '../../../server/src/core/trust/compare/redundant';
import { allow, document, issuer, provider, sub } from '../support';

const subject = (name: string) => `system:serviceaccount:${name}`;
const like = (...values: string[]) => allow({ StringLike: { [sub]: values } });
const range = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
/** Numbers that look like chance, the same each time. */
const some = (i: number, of: number): number => (i * 7919 + 104729) % of;

// What does not end in time takes minutes: the tests' own time limit ends it.
describe('hostile policies are compared within a limit of work', () => {
  const cases: [string, () => object, string][] = [
    [
      'hundreds of statements with long lists',
      () => document(...range(300, (i) => like(...range(40, (j) => subject(`n${i}:a${some(i + j, 97)}`))))),
      'included',
    ],
    [
      'hundreds of patterns that begin with a star',
      () => document(...range(400, (i) => like(`*${some(i, 1000)}*${some(i * 3, 1000)}`))),
      'unknown',
    ],
    ['patterns with question marks behind a star', () => document(like(...range(30, (i) => `*a${'?'.repeat(i)}`))), 'unknown'],
    ['a star between each two characters', () => document(like(`*${[...subject('demo:app')].join('*')}*`, `${'*a'.repeat(80)}*b`)), 'any'],
    ['a value of a megabyte', () => document(like('a*'.repeat(500_000))), 'any'],
    ['a literal of a megabyte', () => document(allow({ StringEquals: { [sub]: 'a'.repeat(1_000_000) } })), 'any'],
    ['fifty thousand values', () => document(like(...range(50_000, (i) => `*${i}`))), 'unknown'],
    ['thousands of statements', () => document(...range(3000, (i) => like(subject(`demo:x${i}*`)))), 'any'],
    [
      'thousands of providers',
      () => document(...range(3000, (i) => allow(undefined, { Principal: { Federated: provider.replace(issuer, `i${i}.example.com`) } }))),
      'any',
    ],
    [
      'hundreds of keys',
      () =>
        document(
          ...range(200, (i) =>
            allow(
              Object.fromEntries(
                range(5, (j) => [`String${j % 2 ? 'Like' : 'NotLike'}`, { [`aws:RequestTag/k${some(i * j, 50)}`]: `*${j}*` }]),
              ),
            ),
          ),
        ),
      'any',
    ],
    [
      'Deny statements over one another',
      () => document(allow(), ...range(200, (i) => ({ ...like(`*${some(i, 30)}*`, `${some(i, 20)}*`), Effect: 'Deny' }))),
      'any',
    ],
    [
      'twenty thousand values',
      () =>
        document(
          allow(
            { StringEquals: { [`i.example.com:sub`]: range(20_000, String) } },
            { Principal: { Federated: provider.replace(issuer, 'i.example.com') } },
          ),
        ),
      'any',
    ],
    ['hundreds of thousands of values', () => document(allow({ StringEquals: { [sub]: range(300_000, String) } })), 'any'],
    ['holes in a row', () => document(like(`${'{{ x }}'.repeat(20_000)}b`)), 'any'],
    ['unclosed variables', () => document(like('${'.repeat(200_000))), 'any'],
  ];
  it.each(cases)(
    '%s',
    (_, make, expected) => {
      const policy = policyFromText(JSON.stringify(make()));
      expect(includes([policy], [policy])).toEqual({ kind: 'included' });
      // The same once more, in another order and with a condition that changes nothing, so that no two statements are equal.
      const { Version, Statement } = make() as { Version: string; Statement: { Condition?: object }[] };
      const other = policyFromText(
        JSON.stringify({
          Version,
          Statement: Statement.map((each) => ({
            ...each,
            Condition: { ...each.Condition, Null: { [sub]: 'false', 'aws:SecureTransport': 'false' } },
          })).reverse(),
        }),
      );
      for (const result of [includes([policy], [other]), includes([other], [policy])]) {
        if (expected !== 'any')
          expect(result).toMatchObject(expected === 'unknown' ? { kind: 'unknown', because: expect.stringContaining('too many') } : {});
      }
      redundantStatements(policy);
    },
    120_000,
  );

  it('pigeons and holes end, too', () => {
    // Each of eight keys has one of seven values, and no two keys have the same: nobody can, which takes long to prove by cases.
    const keys = range(8, (i) => `aws:UserAgent${i}`);
    const alone = range(7, (v) =>
      keys.flatMap((a, i) => keys.slice(i + 1).map((b) => allow({ StringEquals: { [a]: `v${v}`, [b]: `v${v}` } }, awsPrincipal))),
    ).flat();
    const part = document(allow({ StringEquals: Object.fromEntries(keys.map((key) => [key, range(7, (v) => `v${v}`)])) }, awsPrincipal));
    const result = includes([policyFromText(JSON.stringify(document(...alone)))], [policyFromText(JSON.stringify(part))]);
    expect(['included', 'unknown']).toContain(result.kind);
  }, 120_000);
});

const awsPrincipal = { Principal: { AWS: 'arn:aws:iam::111122223333:role/a' }, Action: 'sts:AssumeRole' };
