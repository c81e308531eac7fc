import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesGlob, mayMatch } from '../../server/src/core/text/glob';
import { findHoles } from '../../server/src/core/text/holes';
import type { Text } from '../../server/src/core/text/text';
import { plain } from '../../server/src/core/text/texts';
import { runs } from '../support/runs';

const text = (value: string): Text => ({ ...plain(value), holes: findHoles(value) });

/** The plainest matcher that there is. */
function reference(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') return reference(rest, value) || (value !== '' && reference(pattern, value.slice(1)));
  return value !== '' && (pattern[0] === '?' || pattern[0] === value[0]) && reference(rest, value.slice(1));
}

const word = (letters: string) => fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((parts) => parts.join(''));

describe('matchesGlob', () => {
  test('agrees with the plain matcher', () => {
    fc.assert(
      fc.property(word('ab*?'), word('ab'), (pattern, value) => {
        expect(matchesGlob(pattern, value)).toBe(reference(pattern, value));
      }),
      { numRuns: runs(2000) },
    );
  });

  test('keeps case, and takes no character for special but * and ?', () => {
    expect(matchesGlob('a.c', 'abc')).toBe(false);
    expect(matchesGlob('A', 'a')).toBe(false);
    expect(matchesGlob('[ab]', 'a')).toBe(false);
    expect(matchesGlob('?', '😀')).toBe(true);
  });

  test('dozens of stars cost little', () => {
    expect(matchesGlob('*a'.repeat(60) + 'b', 'a'.repeat(20_000))).toBe(false);
  });
});

describe('mayMatch', () => {
  test.each<[string, string, boolean | null]>([
    ['system:serviceaccount:${ns}:app', 'system:serviceaccount:demo:app', null],
    ['system:serviceaccount:${ns}:app', 'system:serviceaccount:demo:other', false],
    ['system:serviceaccount:demo:*', 'system:serviceaccount:demo:${name}', true],
    ['system:serviceaccount:demo:a*', 'system:serviceaccount:demo:${name}', null],
    ['system:serviceaccount:prod:*', 'system:serviceaccount:demo:${name}', false],
    ['${x}', 'anything', null],
    ['${x}', '${x}', true],
    ['a-${x}', 'b-${x}', false],
    ['%s', '%s', null],
    ['*', '${x}', true],
    ['?', '${x}', null],
    ['x?', 'x${n}', null],
    ['abc', 'abc', true],
  ])('%s against %s is %s', (pattern, value, expected) => {
    expect(mayMatch(text(pattern), text(value))).toBe(expected);
  });

  test('what each filling says, it says too', () => {
    const filled = (value: string, x: string) => value.replaceAll('${x}', x);
    const template = fc.array(fc.constantFrom('a', 'b', '*', '?', '${x}'), { maxLength: 5 }).map((parts) => parts.join(''));
    const valueTemplate = fc.array(fc.constantFrom('a', 'b', '${x}'), { maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(template, valueTemplate, fc.constantFrom('', 'a', 'b', 'ab', 'ba', 'aab'), (pattern, value, x) => {
        const answer = mayMatch(text(pattern), text(value));
        const actual = matchesGlob(filled(pattern, x), filled(value, x));
        if (answer !== null) expect(actual).toBe(answer);
      }),
      { numRuns: runs(3000) },
    );
  });
});
