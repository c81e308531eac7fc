import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ignoreRules } from '../../server/src/host/ignoreRules';
import { walk } from '../../server/src/host/walk';
import { folder } from '../support/folder';
import { runs } from '../support/runs';

const plainGit = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_DIR: undefined, GIT_WORK_TREE: undefined };

function walked(root: string): string[] {
  return [...walk(root, { wants: () => true })]
    .map((met) => relative(root, met.path) + (met.kind === 'file' ? '' : ` (${met.reason})`))
    .sort();
}

function byGit(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', env: plainGit });
  return listed.split('\0').filter(Boolean).sort();
}

const names = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'B', '.', '-', '1', ' ', 'ä', '!', '#', '[', ']', 'x.yaml'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))
  .filter((name) => !/^\.+$|^\.git/.test(name));
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
// No `**` within a name: what Git makes of `a**/b` depends on whether characters without a wildcard stand before it.
const piece = fc.constantFrom(
  'a',
  'b',
  'B',
  '*',
  '?',
  '[ab]',
  '[!a]',
  '[^b]',
  '[a-b]',
  '[]]',
  '[[:alpha:]]',
  '[[:digit:]',
  '\\a',
  '\\*',
  '\\[',
  '[',
  ']',
  '.',
  '-',
  '1',
  ' ',
  'ä',
  '*.yaml',
  'x.yaml',
  '!',
  '#',
  '\\',
  '{a,b}',
);
const segment = fc.oneof(
  fc.constantFrom('**', '*', 'a', 'b', 'ab'),
  fc
    .array(piece, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join(''))
    .filter((name) => !name.includes('**')),
);
const line = fc
  .tuple(
    fc.constantFrom('', '', '!', '/', '!/', '#', '\\#', '\\!', ' '),
    fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    fc.constantFrom('', '', '/', ' ', '\\ ', '/ ', '\r'),
  )
  .map((parts) => parts.join(''));
const ignoreFiles = fc.dictionary(
  fc.constantFrom('', 'a/', 'b/', 'a/b/', 'ab/'),
  fc.array(line, { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n')),
  { maxKeys: 3, noNullPrototype: true },
);

describe('ignore files', () => {
  it('are read as Git reads them', () => {
    // One repository for all: each case is a folder of it, and Git is asked once.
    const cases = fc.sample(fc.tuple(fc.uniqueArray(paths, { minLength: 4, maxLength: 10 }), ignoreFiles), { numRuns: runs(150) });
    const root = folder();
    for (const [i, [files, ignores]] of cases.entries()) {
      for (const path of [...Object.keys(ignores).map((at) => `${at}.gitignore`), ...files]) {
        const absolute = join(root, `case${i}`, path);
        try {
          mkdirSync(dirname(absolute), { recursive: true });
          writeFileSync(absolute, path.endsWith('.gitignore') ? ignores[path.slice(0, -'.gitignore'.length)]! : '', { flag: 'wx' });
        } catch {
          // A name that is a file cannot be a folder as well.
        }
      }
    }
    execFileSync('git', ['init', '-q'], { cwd: root, env: plainGit });
    const [ours, gits] = [walked(root), byGit(root)];
    const of = (all: readonly string[], i: number): string[] => all.filter((path) => path.startsWith(`case${i}/`));
    for (const [i, [, ignores]] of cases.entries()) expect({ ignores, files: of(ours, i) }).toEqual({ ignores, files: of(gits, i) });
  });

  it('are bytes: what is not UTF-8 spoils no other line', () => {
    const rules = ignoreRules(Buffer.from([0xff, 0x0a, 0x61, 0x0a]), false);
    expect(rules.of('a', false)).toBe('ignored');
    expect(ignoreRules(Buffer.from('Ä*\nFoo/\n'), true).of('foo', true)).toBe('ignored');
  });

  it('that are no regular files of a sane size are told and not read', () => {
    const root = folder({
      '.git/HEAD': '',
      '.git/info/exclude': 'x.yaml\n',
      'x.yaml': '',
      'a.yaml': '',
      'link/a.yaml': '',
      'pipe/a.yaml': '',
      'large/a.yaml': '',
      'large/.gitignore': `${'#'.repeat(6 * 1024 * 1024)}\na.yaml\n`,
      'dir/.gitignore/x.txt': '',
      'all.txt': '*\n',
    });
    symlinkSync('/dev/zero', join(root, '.gitignore'));
    symlinkSync('../all.txt', join(root, 'link/.gitignore'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(root, 'pipe/.gitignore')]);
    const met = [...walk(root, { wants: (path) => path.endsWith('.yaml') })].map((each) => [
      relative(root, each.path),
      each.kind === 'skipped' ? each.reason : '',
    ]);
    expect(met).toEqual([
      ['.gitignore', 'an ignore file that is a link: it is not read, by Git neither'],
      ['a.yaml', ''],
      ['large/.gitignore', 'an ignore file that is not read: too large: 6.0 MB, the limit is 5.0 MB'],
      ['large/a.yaml', ''],
      ['link/.gitignore', 'an ignore file that is a link: it is not read, by Git neither'],
      ['link/a.yaml', ''],
      ['pipe/.gitignore', 'an ignore file that is not read: a named pipe'],
      ['pipe/a.yaml', ''],
    ]);
  });

  it.each(['*a'.repeat(1000), `${'**/a/'.repeat(400)}b`, '['.repeat(2000), `${'**/'.repeat(600)}x`, '*'.repeat(2000)])(
    'that would take a backtracking engine for ever end: %s',
    (rule) => {
      const rules = ignoreRules(Buffer.from(`${rule}\n`.repeat(200)), false);
      expect(rules.of(`${'a/'.repeat(60)}c`, false)).toBe(/^\*+$/.test(rule) ? 'ignored' : undefined);
    },
  );
});
