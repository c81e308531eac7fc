import { describe, expect, it } from 'vitest';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { admits } from '../../server/src/core/trust/admits';
import { refusals } from '../../server/src/core/trust/refusals';
import { allow, askIrsa, document, sub, subject } from './support';

// What is not near-linear takes minutes: the tests' own time limit ends it.
describe('hostile policies cost no more than their length', () => {
  const stars = `${'*a'.repeat(60)}*b`;
  const many = Array.from({ length: 3000 }, (_, i) => allow({ StringLike: { [sub]: [`system:serviceaccount:demo:x${i}*`, stars] } }));
  const cases: [string, () => object | string, string][] = [
    [
      'sixty stars',
      () => document(allow({ StringLike: { [sub]: [stars, `${'*'.repeat(100_000)}b`, `${'?*'.repeat(50_000)}`] } })),
      'denied',
    ],
    ['a star between each two characters', () => document(allow({ StringLike: { [sub]: `*${[...subject].join('*')}*` } })), 'allowed'],
    ['thousands of statements', () => document(...many), 'denied'],
    ['thousands of statements, the last of which allows', () => document(...many, allow()), 'allowed'],
    ['a value of a megabyte', () => document(allow({ StringLike: { [sub]: 'a*'.repeat(500_000) } })), 'denied'],
    [
      'fifty thousand values',
      () => document(allow({ StringLike: { [sub]: Array.from({ length: 50_000 }, (_, i) => `*${i}`) } })),
      'denied',
    ],
    ['unclosed variables', () => document(allow({ StringLike: { [sub]: '${'.repeat(200_000) } })), 'denied'],
    ['variables without end', () => document(allow({ StringLike: { [sub]: "${aws:username, 'a'}".repeat(20_000) } })), 'denied'],
    ['holes in a row', () => document(allow({ StringLike: { [sub]: `${'{{ x }}'.repeat(20_000)}b` } })), 'denied'],
    [
      'a provider of holes',
      () => document(allow(undefined, { Principal: { Federated: `arn:aws:iam::1:oidc-provider/${'{{ x }}a'.repeat(20_000)}` } })),
      'denied',
    ],
    ['a key of holes', () => document(allow({ StringEquals: { [`${'{{ :x }}a'.repeat(20_000)}:sub`]: 'x' } })), 'denied'],
    [
      'thousands of providers',
      () =>
        document(
          ...Array.from({ length: 3000 }, (_, i) =>
            allow(
              { StringEquals: { [`i${i}.example.com:sub`]: subject } },
              { Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/i${i}.example.com` } },
            ),
          ),
        ),
      'denied',
    ],
    [
      'deep nesting',
      () => `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Condition":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]}`,
      'denied',
    ],
    ['brackets that never close', () => '['.repeat(300_000), 'denied'],
  ];
  it.each(cases)(
    '%s',
    (_, make, decision) => {
      const made = make();
      const text = typeof made === 'string' ? made : JSON.stringify(made);
      expect(askIrsa(text).decision).toBe(decision);
      askIrsa(text, { issuer: undefined, namespace: undefined });
      const policy = policyFromText(text);
      refusals(policy);
      admits(policy);
    },
    60_000,
  );
});
