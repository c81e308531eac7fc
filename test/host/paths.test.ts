import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { URI } from 'vscode-uri';
import { fileMatcher } from '../../server/src/core/config/globs';
import { folderKey, pathKey, relativePath as below, resolvePath } from '../../server/src/core/config/paths';
import { readSettings } from '../../server/src/core/config/readSettings';
import { isIgnoreFile } from '../../server/src/host/ignoredPaths';
import { pathsOn, toUri } from '../../server/src/host/paths';

const windows = pathsOn(win32);
const unix = pathsOn(posix);

describe('on Windows', () => {
  it.each([
    ['C:\\repo\\k8s\\sa.yaml', 'file:///c%3A/repo/k8s/sa.yaml'],
    ['c:\\repo\\k8s\\sa.yaml', 'file:///c%3A/repo/k8s/sa.yaml'],
    ['C:/repo/k8s/sa.yaml', 'file:///c%3A/repo/k8s/sa.yaml'],
    ['C:\\repo\\.\\k8s\\..\\sa.yaml', 'file:///c%3A/repo/sa.yaml'],
    ['D:\\', 'file:///d%3A/'],
    ['C:\\my repo\\a@2 (new)\\ä#1%.yaml', 'file:///c%3A/my%20repo/a%402%20%28new%29/%C3%A4%231%25.yaml'],
    ['\\\\Server\\share\\x.yaml', 'file://server/share/x.yaml'],
    ['\\\\?\\C:\\repo\\x.yaml', 'file:///c%3A/repo/x.yaml'],
    ['\\\\?\\UNC\\server\\share\\x.yaml', 'file://server/share/x.yaml'],
  ])('%s is %s', (path, uri) => {
    expect(windows.toUri(path)).toBe(uri);
    // What VS Code sends for the same file.
    expect(URI.parse(uri).toString()).toBe(uri);
  });

  it.each([
    ['file:///c%3A/repo/sa.yaml', 'c:\\repo\\sa.yaml'],
    ['file:///C%3A/repo/sa.yaml', 'c:\\repo\\sa.yaml'],
    ['file:///C:/repo/sa.yaml', 'c:\\repo\\sa.yaml'],
    ['file:///c:/my%20repo/a%402.yaml', 'c:\\my repo\\a@2.yaml'],
    ['file://server/share/x.yaml', '\\\\server\\share\\x.yaml'],
    ['untitled:Untitled-1', 'untitled:Untitled-1'],
  ])('%s is the path %s', (uri, path) => expect(windows.toPath(uri)).toBe(path));

  it.each(['file:///repo/sa.yaml', 'file:///c%3A/a%2Fb.yaml', 'file:///c%3A/a%5Cb.yaml'])('%s names no path', (uri) =>
    expect(() => windows.toPath(uri)).toThrow(),
  );

  it('all spellings of a file come to one path and one key', () => {
    const spellings = [
      'file:///c%3A/repo/k8s/sa.yaml',
      'file:///C%3A/repo/k8s/sa.yaml',
      'file:///C:/repo/k8s/sa.yaml',
      'file:///c:/repo/k8s/sa.yaml',
    ];
    expect(new Set(spellings.map((uri) => windows.toUri(windows.toPath(uri))))).toEqual(new Set([spellings[0]]));
    expect(new Set(spellings.map(pathKey))).toEqual(new Set(['c:/repo/k8s/sa.yaml']));
    expect(new Set(spellings.map(folderKey))).toEqual(new Set(['c:/repo/k8s']));
    for (const uri of spellings) expect(below(uri, 'file:///C:/repo')).toBe('k8s/sa.yaml');
  });

  it.each([
    ['C:\\repo', 'C:\\repo\\k8s\\sa.yaml', 'k8s/sa.yaml'],
    ['C:\\repo', 'c:\\Repo\\k8s\\sa.yaml', 'k8s/sa.yaml'],
    ['C:\\repo\\ci', 'C:\\repo\\k8s\\sa.yaml', '../k8s/sa.yaml'],
    ['C:\\repo', 'C:\\repo', '.'],
    ['C:\\repo', 'D:\\other\\sa.yaml', 'D:/other/sa.yaml'],
  ])('from %s, %s is shown as %s', (from, path, shown) => expect(windows.relativePath(from, path)).toBe(shown));

  it.each([
    ['C:\\repo', 'C:\\repo\\a.yaml', true],
    ['C:\\repo', 'c:\\REPO\\a.yaml', true],
    ['C:\\repo', 'C:\\repo', true],
    ['C:\\repo', 'C:\\REPO', true],
    ['C:\\repo', 'C:\\repository\\a.yaml', false],
    ['C:\\', 'C:\\a.yaml', true],
    ['C:\\', 'D:\\a.yaml', false],
    ['\\\\server\\share', '\\\\server\\share\\a.yaml', true],
    ['\\\\server\\share', '\\\\server\\other\\a.yaml', false],
  ])('%s holds %s: %s', (folder, path, holds) => expect(windows.isWithin(folder, path)).toBe(holds));

  it('goes upward to the drive, or to the share', () => {
    expect(windows.upward('C:\\repo\\k8s')).toEqual(['C:\\repo\\k8s', 'C:\\repo', 'C:\\']);
    expect(windows.upward('\\\\server\\share\\repo')).toEqual(['\\\\server\\share\\repo', '\\\\server\\share\\']);
  });

  it('globs of pod-roles.yaml and of the command line meet its paths', () => {
    const { settings, problems } = readSettings(
      'ignore: [k8s/generated/**, "*.tmpl.yaml", "!k8s/generated/keep.yaml"]\n',
      windows.toUri('C:\\repo\\pod-roles.yaml'),
    );
    expect(problems).toEqual([]);
    const ignores = fileMatcher(settings.ignore, windows.toUri('C:\\repo'));
    const ignored = (path: string): boolean => ignores(windows.toUri(path));
    expect(ignored('C:\\repo\\k8s\\generated\\a\\sa.yaml')).toBe(true);
    expect(ignored('c:\\repo\\k8s\\generated\\sa.yaml')).toBe(true);
    expect(ignored('C:\\repo\\k8s\\generated\\keep.yaml')).toBe(false);
    expect(ignored('C:\\repo\\any where\\x.tmpl.yaml')).toBe(true);
    expect(ignored('C:\\repo\\k8s\\sa.yaml')).toBe(false);
    expect(ignored('D:\\repo\\k8s\\generated\\sa.yaml')).toBe(false);
  });

  it.each([
    ['c:/repo/overlays/dev', '../../base', 'c:/repo/base'],
    ['c:/repo/overlays/dev', '..\\..\\base\\sa.yaml', 'c:/repo/base/sa.yaml'],
    ['c:/repo', 'D:\\shared\\trust.json', 'd:/shared/trust.json'],
    ['c:/repo', 'C:/repo/iam/trust.json', 'c:/repo/iam/trust.json'],
    ['c:/repo', '.', 'c:/repo'],
    ['c:/repo', '', 'c:/repo'],
  ])('in %s, the link %s leads to %s', (folder, link, target) => expect(resolvePath(folder, link)).toBe(target));
});

describe('on POSIX', () => {
  it.each([
    ['/repo/k8s/sa.yaml', 'file:///repo/k8s/sa.yaml'],
    ['/repo/node@20/c++/app (1).yaml', 'file:///repo/node%4020/c%2B%2B/app%20%281%29.yaml'],
    ["/repo/it's/ä#1%.yaml", 'file:///repo/it%27s/%C3%A4%231%25.yaml'],
    ['/repo/C:/x.yaml', 'file:///repo/C%3A/x.yaml'],
    ['/repo/a\\b.yaml', 'file:///repo/a%5Cb.yaml'],
    ['/repo/half \ud800.yaml', 'file:///repo/half%20%EF%BF%BD.yaml'],
    ['/', 'file:///'],
  ])('%j is %s, as VS Code has it', (path, uri) => {
    expect(unix.toUri(path)).toBe(uri);
    expect(URI.parse(uri).toString()).toBe(uri);
    if (!path.includes('\ud800')) expect(unix.toPath(uri)).toBe(path);
  });

  it('tells upper from lower case, and a backslash is a letter', () => {
    expect(unix.isWithin('/repo', '/REPO/a.yaml')).toBe(false);
    expect(unix.isWithin('/repo', '/repo\\a.yaml')).toBe(false);
    expect(unix.isWithin('/', '/a.yaml')).toBe(true);
    expect(unix.relativePath('/repo', '/repo/a\\b.yaml')).toBe('a\\b.yaml');
    expect(unix.upward('/repo/k8s')).toEqual(['/repo/k8s', '/repo', '/']);
  });

  it('all printable characters are spelled as VS Code spells them', () => {
    for (let code = 0x20; code < 0x2000; code++) {
      const path = `/r/x${String.fromCharCode(code)}y`;
      if (code !== 0x2f) expect(unix.toUri(path), path).toBe(URI.file(path).toString());
    }
  });
});

it('the ignore files of this system are known by their names', () => {
  expect(isIgnoreFile('/repo/.gitignore')).toBe(true);
  expect(toUri('/repo/.gitignore')).toBe('file:///repo/.gitignore');
});
