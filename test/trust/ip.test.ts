import { expect, it } from 'vitest';
import { inRange } from '../../server/src/core/trust/conditions/ip';
import { parseOperator } from '../../server/src/core/trust/operators';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7', '203.0.113.0/24'],
  ['203.0.113.7', ' 203.0.113.0 / 24 '],
  ['203.0.113.127', '203.0.113.0/25'],
  ['203.0.113.7', '203.0.113.8/28'],
  ['203.0.113.7', '0.0.0.0/0'],
  ['203.0.113.7', '203.0.113.7/32'],
  ['255.255.255.255', '255.255.255.255'],
  ['2001:db8::1', '2001:db8::/32'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6/128'],
  ['2001:db8:1:2:3:4::6', '2001:db8:1:2:3:4:0:6'],
  ['::1', '0:0:0:0:0:0:0:1'],
  ['::ffff:203.0.113.7', '::ffff:cb00:7107'],
  ['2001:db8:7fff::', '2001:db8::/33'],
  ['1::2', '::/0'],
])('%s is in %s', (address, range) => expect(inRange(address, range)).toBe(true));

it.each([
  ['203.0.113.7', '203.0.113.8'],
  ['203.0.114.7', '203.0.113.0/24'],
  ['203.0.113.128', '203.0.113.0/25'],
  ['203.0.113.16', '203.0.113.8/28'],
  ['203.0.113.6', '203.0.113.7/32'],
  ['2001:db9::1', '2001:db8::/32'],
  ['2001:db8:8000::', '2001:db8::/33'],
  ['2001:db8::1', '2001:db8::2'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:8:8'],
  // Another family, though the first bytes are alike.
  ['203.0.113.7', 'cb00:7107::/32'],
  ['203.0.113.7', '::/0'],
  ['::1', '0.0.0.0/0'],
  // A range is no host.
  ['203.0.113.0/24', '203.0.113.0/24'],
])('%s is not in %s', (address, range) => expect(inRange(address, range)).toBe(false));

it.each([
  '',
  '203.0.113',
  '203.0.113.7.1',
  '203.0.113.256',
  '203.0.113.1000',
  '203.0.113.a',
  'x203.0.113.7',
  '203.0.113.7x',
  '203.0.113.7/',
  '203.0.113.7/33',
  '203.0.113.7/1x',
  '203.0.113.7/x1',
  '203.0.113.7/0000',
  '203.0.113.7/-1',
  '::1/129',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '1:2:3:4:5:6:7:8::',
  '1::2::3',
  ':1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:',
  '12345::1',
  'x1::1',
  '1x::1',
  '::203.0.113.256',
  '::203.0.113',
  `${'0'.repeat(46)}::1`,
])('%j is no address and no range', (text) => {
  expect(inRange(text, text)).toBe(false);
  for (const all of ['0.0.0.0/0', '::/0']) expect(inRange(text, all)).toBe(false);
  for (const host of ['203.0.113.7', '::1', '1::2']) expect(inRange(host, text)).toBe(false);
});

it.each([
  ['StringEquals', { base: 'StringEquals', negated: false, like: false, ignoreCase: false, known: true, ifExists: false }],
  ['forAnyValue:stringLikeIfExists', { base: 'StringLike', like: true, set: 'ForAnyValue', known: true, ifExists: true }],
  ['ForAllValues:StringNotEquals', { negated: true, set: 'ForAllValues', known: true }],
  ['StringEqualsIfExistsX', { base: 'StringEqualsIfExistsX', known: false, ifExists: false }],
  ['NullIfExists', { known: false, ifExists: true }],
  [':StringEquals', { base: ':StringEquals', known: false }],
  ['Sometimes:StringEquals', { base: 'Sometimes:StringEquals', known: false }],
  ['Nonsense', { base: 'Nonsense', known: false, negated: false, like: false, ignoreCase: false, variables: false }],
])('the operator %s', (name, parts) => expect(parseOperator(name)).toMatchObject(parts));
