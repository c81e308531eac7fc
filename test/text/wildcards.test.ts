import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findHoles } from '../../server/src/core/text/holes';
import type { Text } from '../../server/src/core/text/text';
import { plain } from '../../server/src/core/text/texts';
import {
  compilePattern,
  compileValue,
  kubernetesNameSource,
  wildcardOffsets,
  WITHIN_PART,
  WITHIN_SEGMENT,
  type PatternOptions,
} from '../../server/src/core/text/wildcards/compile';
import { matchesPattern, matchSymbols, matchText, mayMeet } from '../../server/src/core/text/wildcards/match';
import { runs } from '../support/runs';

const text = (value: string): Text => ({ ...plain(value), holes: findHoles(value) });
const like: PatternOptions = { like: true, ignoreCase: false };
const pattern = (value: string, options = like) => compilePattern(text(value), options)!;

/** The plainest matcher that there is. */
function reference(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') return reference(rest, value) || (value !== '' && reference(pattern, value.slice(1)));
  return value !== '' && (pattern[0] === '?' || pattern[0] === value[0]) && reference(rest, value.slice(1));
}

const word = (letters: string) => fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((parts) => parts.join(''));

describe('a pattern and a value that are known', () => {
  test('agree with the plain matcher', () => {
    fc.assert(
      fc.property(word('ab*?'), word('ab'), (pattern, value) => {
        expect(matchesPattern(pattern, value)).toBe(reference(pattern, value));
      }),
      { numRuns: runs(2000) },
    );
  });

  test('with regard to case or without, no character special but * and ?', () => {
    expect(matchesPattern('a.c', 'abc')).toBe(false);
    expect(matchesPattern('A*', 'ab')).toBe(false);
    expect(matchesPattern('A*', 'aB', true)).toBe(true);
    expect(matchesPattern('É?', 'éx', true)).toBe(true);
    expect(matchesPattern('[ab]', 'a')).toBe(false);
    expect(matchesPattern('${*}', '${x}')).toBe(true);
  });

  test('a character beyond the Basic Multilingual Plane is one', () => {
    expect(matchesPattern('?', '😀')).toBe(true);
    expect(matchesPattern('??', '😀')).toBe(false);
    expect(matchText(plain('x😀?'), plain('X😀y'), { like: true, ignoreCase: true })).toBe(true);
  });

  test('what nobody writes is not told rather than tried for long', () => {
    expect(matchesPattern('*a'.repeat(60) + 'b', 'a'.repeat(20_000))).toBe(false);
    const hard = plain(`*${'a'.repeat(20_000)}b`);
    expect(matchText(hard, plain('a'.repeat(60_000)), like)).toBeNull();
    expect(matchText(hard, plain(`${'a'.repeat(60_000)}b`), like)).toBeNull();
  });
});

describe('holes', () => {
  test.each<[string, string, boolean | null]>([
    ['system:serviceaccount:${ns}:app', 'system:serviceaccount:demo:app', null],
    ['system:serviceaccount:${ns}:app', 'system:serviceaccount:demo:other', false],
    ['system:serviceaccount:demo:*', 'system:serviceaccount:demo:${name}', true],
    ['system:serviceaccount:demo:a*', 'system:serviceaccount:demo:${name}', null],
    ['system:serviceaccount:prod:*', 'system:serviceaccount:demo:${name}', false],
    ['${x}', 'anything', null],
    // Two documents may mean two things by one name.
    ['${x}', '${x}', null],
    ['a-${x}', 'b-${x}', false],
    ['%s', '%s', null],
    ['*', '${x}', true],
    ['?', '${x}', null],
    ['x?', 'x${n}', null],
    ['abc', 'abc', true],
    ['a<NAME>', 'a', null],
  ])('%s against %s is %s', (written, value, expected) => {
    expect(matchText(text(written), text(value), like)).toBe(expected);
  });

  test('answer for every filling', () => {
    const unit = fc.constantFrom('a', 'b', ':', '*', '?', '{{x}}');
    const fill = (parts: readonly string[], hole: string) => plain(parts.map((part) => (part.startsWith('{{') ? hole : part)).join(''));
    const values = ['', 'a', 'b', ':', 'ab', 'a:b', 'ba'];
    const sure = { true: 0, false: 0 };
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', ':', '{{y}}'), { maxLength: 5 }),
        (written, value) => {
          const answer = matchText(text(written.join('')), text(value.join('')), like);
          if (answer === null) return;
          sure[`${answer}`]++;
          for (const a of [...values, '*', '?'])
            for (const b of values) expect(matchText(fill(written, a), fill(value, b), like)).toBe(answer);
        },
      ),
      { numRuns: runs(1500) },
    );
    expect(Math.min(sure.true, sure.false)).toBeGreaterThan(runs(50));
  });

  test('a name of Kubernetes holds no colon and no capital letter', () => {
    const subject = (source: string): Text => ({ ...plain('a:X:b'), holes: [{ start: 2, end: 3, source, named: false }] });
    expect(matchText(plain('a:b:c:b'), subject(kubernetesNameSource), like)).toBe(false);
    expect(matchText(plain('a:B:b'), subject(kubernetesNameSource), like)).toBe(false);
    expect(matchText(plain('a:n-1.x:b'), subject(kubernetesNameSource), like)).toBeNull();
    expect(matchText(plain('a:b:c:b'), subject('?'), like)).toBeNull();
  });
});

describe('policy variables', () => {
  const variables = {
    ...like,
    variables: (name: string, fallback?: string) => (name === 'x' ? plain('de*mo') : fallback === undefined ? undefined : plain(fallback)),
  };

  test('stand for their value, in which nothing is a wildcard', () => {
    expect(matchText(plain('a/${x}'), plain('a/de*mo'), variables)).toBe(true);
    expect(matchText(plain('a/${x}'), plain('a/deXmo'), variables)).toBe(false);
    expect(matchText(plain("${y, 'z'}"), plain('z'), variables)).toBe(true);
    expect(matchText(plain('${y}*'), plain('z'), variables)).toBe(false);
    expect(matchText(plain('${x}'), plain('${x}'), like)).toBe(true);
  });

  test('of one name are the same where that is told, and unknown where nothing is', () => {
    const named: PatternOptions = { ...like, variables: 'named' };
    expect(matchSymbols(pattern('a${aws:x}*', named), pattern('a${aws:x}b', named))).toBe(true);
    expect(matchSymbols(pattern('a${aws:x}*', named), pattern('a${aws:y}b', named))).toBeNull();
    expect(matchText(plain('a${aws:x}'), plain('ab'), { ...like, variables: 'unknown' })).toBeNull();
    expect(matchText(plain('b${aws:x}'), plain('ab'), { ...like, variables: 'unknown' })).toBe(false);
  });

  test.each<[string, readonly number[]]>([
    ['*', [0]],
    ['a?b*', [1, 3]],
    ['${*}a*', [5]],
    ['${aws:x*}', []],
    ['{{ .a * }}*', [10]],
    ['${unclosed*', [10]],
    ['plain', []],
  ])('wildcards of %s', (value, offsets) => {
    expect(wildcardOffsets(text(value))).toEqual(offsets);
  });

  test('that are never closed cost little', () => {
    expect(wildcardOffsets(plain(`${'${'.repeat(200_000)}*`))).toEqual([400_000]);
    expect(pattern('${'.repeat(200_000), { ...like, variables: 'unknown' })).toHaveLength(400_000);
  });
});

describe('two patterns', () => {
  test('meet where some text matches both', () => {
    const texts = fc.sample(word('ab'), runs(150));
    fc.assert(
      fc.property(word('ab*?'), word('ab*?'), (a, b) => {
        const meets = mayMeet(pattern(a), pattern(b));
        expect(mayMeet(pattern(b), pattern(a))).toBe(meets);
        for (const each of texts) if (matchesPattern(a, each) && matchesPattern(b, each)) expect(meets).toBe(true);
      }),
      { numRuns: runs(600) },
    );
  });

  test.each<[string, string, boolean | null]>([
    ['a*', 'ab?', true],
    ['ab?', 'a*', null],
    ['a?', 'a?', true],
    ['a?', 'a*', null],
    ['a*b', 'a*', null],
    ['*a', '*b', false],
    ['a', 'a?', false],
  ])('%s covers %s: %s', (outer, inner, expected) => {
    expect(matchSymbols(pattern(outer), pattern(inner))).toBe(expected);
  });

  test('a run may leave characters out', () => {
    const kind = (run: number) => [...compileValue(plain('a/'), false), run, ...compileValue(plain('/z'), false)];
    expect(mayMeet(pattern('a/b:c/z'), kind(WITHIN_SEGMENT))).toBe(true);
    expect(mayMeet(pattern('a/b:c/z'), kind(WITHIN_PART))).toBe(false);
    expect(mayMeet(pattern('a/b/c/z'), kind(WITHIN_SEGMENT))).toBe(false);
    expect(mayMeet(pattern('a/*/z'), kind(WITHIN_PART))).toBe(true);
  });
});
