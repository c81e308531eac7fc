import fc from 'fast-check';
import picomatch from 'picomatch/posix';
import { describe, expect, it } from 'vitest';
import { fileMatcher } from '../../server/src/core/config/globs';
import { runs } from '../support/runs';

const base = 'file:///repo';
const matches = (globs: readonly string[], path: string): boolean => fileMatcher(globs, base)(`${base}/${path}`);

const names = fc
  .array(fc.constantFrom('a', 'b', 'ab', '.', '-', 'x.yaml', '.hid', '1', '2'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))
  .filter((name) => !/^\.+$/.test(name));
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const segments = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('**', '*') },
  fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        '.',
        '-',
        '*',
        '?',
        '[ab]',
        '[^a]',
        '[a-c]',
        '{a,b}',
        '{ab,x.yaml}',
        '{1..2}',
        '{a,b{1,2}}',
        '@(a|b)',
        '.yaml',
        '*.yaml',
        '\\a',
      ),
      { minLength: 1, maxLength: 3 },
    )
    // Two stars within a name are not the same to everyone.
    .map((parts) => parts.join(''))
    .filter((name) => !name.includes('**') && !/^\.+$|^\.\*|\)[?*]/.test(name)),
);
const globs = fc
  .array(segments, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  // A glob of folders alone ends within a folder for picomatch, and here takes the folder itself as well.
  .filter((glob) => !/\*\*\/\*\*/.test(glob));

/** What these globs mean, by picomatch: each as it stands, anywhere without a slash, and all below what it names. */
function byPicomatch(glob: string, path: string): boolean {
  const rooted = glob.includes('/') ? glob : `**/${glob}`;
  return [rooted, `${rooted}/**`].some((each) => picomatch(each, { dot: true })(path));
}

describe('globs', () => {
  it('mean what picomatch says', () => {
    fc.assert(
      fc.property(globs, paths, (glob, path) => {
        expect({ glob, path, matches: matches([glob], path) }).toEqual({ glob, path, matches: byPicomatch(glob, path) });
      }),
      { numRuns: runs(10_000) },
    );
  });

  it.each([
    ['!(*.test).yaml', 'a.yaml', true],
    ['!(*.test).yaml', 'a.test.yaml', false],
    ['!(a|b)/x', 'c/x', true],
    ['!(a|b)/x', 'a/x', false],
    ['+(ab).yaml', 'abab.yaml', true],
    ['+(ab).yaml', '.yaml', false],
    ['*(ab).yaml', '.yaml', true],
    ['?(x)a', 'xa', true],
    ['?(x)a', 'a', true],
    ['a@(/b|)/c', 'a/b/c', true],
    ['a@(/b|)/c', 'a/c', true],
    ['(a|b)', 'b', true],
    ['{a', '{a', true],
    ['{a}', '{a}', true],
    ['a,b', 'a,b', true],
    ['[a', '[a', true],
    ['a)', 'a)', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['{1..12}', '11', true],
    ['{a..c}', 'b', true],
    ['{3..1}', '2', true],
    ['{1..100000}', '5', false],
    ['[!a]', 'b', true],
    ['[!a]', 'a', false],
    ['[]a]', ']', true],
    ['[[:digit:]]x', '3x', true],
    ['x/', 'x/y', true],
    ['./x', 'x', true],
    ['/x', 'y/x', false],
    ['*/**', 'a', false],
    ['*/**', 'a/b', true],
    ['a/**', 'a/.b/.c', true],
    ['', 'a', false],
    ['/', 'a', false],
    ['**', 'a/b', true],
    ['+(a/b)', 'a/b', false],
  ])('%j and %s', (glob, path, expected) => {
    expect(matches([glob], path)).toBe(expected);
  });

  it('that begin with ! take back what those before them name, and name nothing themselves', () => {
    expect(matches(['deploy', '!deploy/keep.yaml'], 'deploy/a.yaml')).toBe(true);
    expect(matches(['deploy', '!deploy/keep.yaml'], 'deploy/keep.yaml')).toBe(false);
    expect(matches(['!deploy/keep.yaml', 'deploy'], 'deploy/keep.yaml')).toBe(true);
    expect(matches(['!deploy/keep.yaml'], 'other.yaml')).toBe(false);
  });

  const long = `${'a'.repeat(200)}c`;
  it.each([
    '*a'.repeat(30),
    '*a'.repeat(30) + 'b',
    '(a+)+b',
    '+(a|aa|a*)b',
    '*(*(*(*(a))))b',
    `${'**/a/'.repeat(15)}b`,
    `${'**/'.repeat(300)}b`,
    '?'.repeat(200) + '*'.repeat(200) + 'x',
    '{a,b}'.repeat(40),
    '{'.repeat(500),
    '('.repeat(500),
    '['.repeat(1000),
    `${'{a,'.repeat(200)}${'}'.repeat(200)}`,
    '!(*a*a*a*a*a*)b',
    '[\\]'.repeat(200),
    `${'*a'.repeat(4000)}`,
    '{1..99999}{1..99999}',
  ])('that would take a backtracking engine for ever end: %s', (glob) => {
    const path = `${`${long}/`.repeat(40)}${long}`;
    expect(matches([glob], path)).toBe(false);
  });

  it('are looked up by name, path and ending: 60,000 of them and 2,000 files', () => {
    const globs = Array.from({ length: 20_000 }, (_, i) => [`name-${i}`, `deep/path-${i}/x.yaml`, `*.end-${i}`]).flat();
    const matcher = fileMatcher(globs, base);
    const found = Array.from({ length: 2000 }, (_, i) =>
      [`x/name-${i}/a.yaml`, `deep/path-${i}/x.yaml`, `a/b.end-${i}`, `deep/path-${i}/y.yaml`].map((path) => matcher(`${base}/${path}`)),
    );
    expect(found.every(([name, path, ending, other]) => name && path && ending && !other)).toBe(true);
  });
});
