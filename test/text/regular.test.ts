import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regularMatches, replaceRegular } from '../../server/src/core/text/regular/regular';
import { runs } from '../support/runs';

/** Expressions that mean the same to RE2 and to JavaScript, without what JavaScript may take exponential time for. */
const atoms = fc.constantFrom(
  'a',
  'b',
  '-',
  '.',
  '[ab]',
  '[^a]',
  '\\.',
  '\\d',
  '\\w',
  '[a-c0-2]',
  '\\/',
  '(?:ab)',
  '(a|b)',
  '(?:a|ab|)',
  '^',
  '$',
  '\\b',
  '[\\w.]',
);
const times = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?', '??');
const piece = fc
  .tuple(atoms, times)
  .filter(([atom, time]) => time === '' || !/^(?:\^|\$|\\b)$/.test(atom))
  .map(([atom, time]) => atom + time);
const expressions = fc
  .array(
    fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  )
  .map((options) => options.join('|'));
const texts = fc.array(fc.constantFrom('a', 'b', 'c', '-', '.', '0', '/', ']'), { maxLength: 8 }).map((parts) => parts.join(''));

describe('expressions of a workspace', () => {
  it('match as a backtracking engine says', () => {
    fc.assert(
      fc.property(expressions, texts, (expression, text) => {
        expect({ expression, text, matches: regularMatches(expression, text) }).toEqual({
          expression,
          text,
          matches: new RegExp(`^(?:${expression})$`).test(text),
        });
      }),
      { numRuns: runs(3000) },
    );
  });

  it('replace as a backtracking engine does, but for an empty match right behind another', () => {
    fc.assert(
      fc.property(expressions, texts, (expression, text) => {
        const matches = [...text.matchAll(new RegExp(expression, 'g'))];
        fc.pre(!matches.some((match, i) => match[0] === '' && i > 0 && matches[i - 1]!.index + matches[i - 1]![0].length === match.index));
        expect({ expression, text, after: replaceRegular(text, expression, '<>') }).toEqual({
          expression,
          text,
          after: text.replace(new RegExp(expression, 'g'), '<>'),
        });
      }),
      { numRuns: runs(3000) },
    );
  });

  // Go Playground: regexp.MustCompile(`a*`).ReplaceAllLiteralString("baaac", "x") is "xbxcx".
  it('replace empty matches as Go does', () => {
    expect(replaceRegular('baaac', 'a*', 'x')).toBe('xbxcx');
    expect(replaceRegular('', '', 'x')).toBe('x');
  });

  it.each([
    ['(?i)EKS-[a-z]+', 'eks-Admin', true],
    ['(?i:A)b', 'ab', true],
    ['(?i:A)b', 'aB', false],
    ['(?i)k', '\u212a', true],
    ['a(?i)b(?-i)c', 'aBC', false],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['(?P<name>a)(?<other>b)', 'ab', true],
    ['[[:alpha:]]+', 'aZ', true],
    ['[^[:digit:]]', '1', false],
    ['[[:^digit:]]', 'x', true],
    ['\\x41\\x{1F600}', 'A😀', true],
    ['.', '😀', true],
    ['a{2}', 'aa', true],
    ['a{,2}', 'a{,2}', true],
    ['[a\\-z]+', 'a-z', true],
    ['[]a]+', ']a', true],
    ['\\A\\w+\\z', 'ab', true],
    ['\\S+\\B', 'ab', false],
    ['', '', true],
  ])('%j and %j', (expression, text, matches) => {
    expect(regularMatches(expression, text)).toBe(matches);
  });

  it.each([
    'a**',
    '*a',
    '(a',
    'a)',
    '[a',
    '[z-a]',
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '(a)\\1',
    'a{1001}',
    'a{3,2}',
    '\\',
    '\\pL',
    '\\Qa\\E',
    '\\C',
    '(?U)a',
    '[[:nothing:]]',
    'a{900}{900}',
    `${'('.repeat(60)}${')'.repeat(60)}`,
    'x'.repeat(1001),
  ])('are unknown where RE2 refuses them or they are not read here: %s', (expression) => {
    expect(regularMatches(expression, 'a')).toBeUndefined();
    expect(replaceRegular('a', expression, 'b')).toBeUndefined();
  });

  it.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*)*x', '(a*)*b', '([a-z]+)*!', '(a?){30}a{30}', '(.*a){20}', '((a*)*)*b'])(
    'that take others exponential time are answered: %s',
    (expression) => {
      const text = `${'a'.repeat(4000)}!`;
      expect(regularMatches(expression, `${'a'.repeat(60)}!`)).toBe(/[!]/.test(expression));
      // A long one is answered, or unknown once the budget is spent: it ends.
      expect([true, false, undefined]).toContain(regularMatches(expression, text));
      expect(typeof replaceRegular(text, expression, '')).toMatch(/^(string|undefined)$/);
    },
  );

  it('share a budget', () => {
    const budget = { left: 10_000 };
    expect(replaceRegular('a-b', '-', '', budget)).toBe('ab');
    for (let i = 0; i < 10_000 && budget.left > 0; i++) replaceRegular('a-b', '-', '', budget);
    expect(replaceRegular('a-b', '-', '', budget)).toBeUndefined();
  });

  it('of longer texts are not run', () => {
    expect(regularMatches('a*', 'a'.repeat(5000))).toBeUndefined();
  });
});
