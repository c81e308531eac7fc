import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs';
import { firstLine, headline, headlineLimit, line, lines, shortened } from '../../server/src/core/text/message';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('\n', '\r\n', '\u2028', '\u202e', '😀', '\ud83d', 'a', '##vso['), maxLength: 400 }),
  fc.constantFrom('x'.repeat(300), '', ' ', '/', `arn:aws:iam::111122223333:role/${'p/'.repeat(250)}demo-role`),
);

describe('the first line of a diagnostic', () => {
  it('names short values as they are', () => {
    expect(headline`The trust policy of ${'orders'} allows ${'shop/order'}, not ${'shop/orders'}.`).toBe(
      'The trust policy of orders allows shop/order, not shop/orders.',
    );
  });

  it('keeps within its limit whatever the values are, on one line', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const text = headline`The trust policy of ${a} allows ${b}, not ${c}.`;
        expect(text.length).toBeLessThanOrEqual(headlineLimit);
        expect(text).not.toMatch(/[\n\r\u2028\u2029\u202e]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('shortens the long values alone', () => {
    const text = headline`The trust policy of ${'orders'} allows ${`shop/${'order'.repeat(60)}`}, not ${'shop/orders'}.`;
    expect(text).toMatch(/^The trust policy of orders allows shop\/order[a-z]*…[a-z]*, not shop\/orders\.$/);
    expect(text.length).toBeGreaterThan(100);
  });

  it('still shows two different values as different', () => {
    const [a, b] = [`${'x'.repeat(150)}a${'x'.repeat(150)}`, `${'x'.repeat(150)}b${'x'.repeat(150)}`];
    const [, first, second] = /^(.*) is not (.*)\.$/.exec(headline`${a} is not ${b}.`)!;
    expect(first).not.toBe(second);
    expect(second).toContain('b');
  });
});

describe('a message', () => {
  it('has only the lines that say something', () => {
    expect(lines('Wrong.', 'Pods get "x".', 'Change it.')).toBe('Wrong.\nPods get "x".\nChange it.');
    expect(lines('Wrong.', undefined, 'Change it.')).toBe('Wrong.\nChange it.');
    expect(lines('Wrong.', '', '')).toBe('Wrong.');
    expect(firstLine('Wrong.\nPods get "x".')).toBe('Wrong.');
  });

  it('has further lines of bounded length too', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const text = line`Change the subject to ${value}`;
        expect(text.length).toBeLessThanOrEqual('Change the subject to '.length + 160);
        expect(text).not.toContain('\n');
      }),
      { seed: 13 },
    );
  });

  it('cuts a long value in its middle', () => {
    expect(shortened('system:serviceaccount:demo-namespace:demo-sa', 20)).toBe('system:servic…emo-sa');
  });
});
