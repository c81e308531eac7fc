import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isCandidate } from '../../server/src/host/candidates';
import { linkOut, Seen, walk } from '../../server/src/host/walk';
import { folder } from '../support/folder';

function walked(root: string, start = root, ignores?: (path: string) => boolean): string[] {
  return [...walk(start, { wants: isCandidate, ...(ignores ? { ignores } : {}) })].map((met) => {
    const path = relative(root, met.path) || '.';
    return met.kind === 'file' ? path : `${path} (${met.reason})`;
  });
}

describe('walking a folder', () => {
  it('gives YAML and JSON, and templates of them, sorted by code units', () => {
    const root = folder({
      'b.yaml': '',
      'a/z.json': '',
      'B.yml': '',
      'a.yaml': '',
      'a/ä.yaml': '',
      'a/y.jsonc': '',
      'notes.md': '',
      'main.tf': '',
      'policy.json.tpl': '',
      'x.yaml.tftpl': '',
      kustomization: '',
      'Ünïcode dir/with space.yaml': '',
    });
    expect(walked(root)).toEqual([
      'B.yml',
      'a/y.jsonc',
      'a/z.json',
      'a/ä.yaml',
      'a.yaml',
      'b.yaml',
      'kustomization',
      'main.tf',
      'policy.json.tpl',
      'x.yaml.tftpl',
      'Ünïcode dir/with space.yaml',
    ]);
  });

  it('passes over other people’s packages and tools’ stores, but not every hidden folder', () => {
    const root = folder({
      'node_modules/a/a.yaml': '',
      '.terraform/m/a.json': '',
      '.git/x.yaml': '',
      '.cache/a.yaml': '',
      'deep/node_modules/a.yaml': '',
      '.github/role.yaml': '',
      '.argocd/app.yaml': '',
    });
    expect(walked(root)).toEqual(['.argocd/app.yaml', '.github/role.yaml']);
  });

  it('passes over what the user ignores, files and whole folders', () => {
    const root = folder({ 'a.yaml': '', 'vendor/b.yaml': '', 'vendor/deep/c.yaml': '' });
    expect(walked(root, root, (path) => path.endsWith('vendor'))).toEqual(['a.yaml']);
  });
});

describe('.gitignore', () => {
  it('counts from its own folder, nested ones win, a negation takes back', () => {
    const root = folder({
      '.git/HEAD': '',
      '.gitignore': '*.gen.yaml\n/build/\n',
      'a.yaml': '',
      'a.gen.yaml': '',
      'build/b.yaml': '',
      'sub/build/c.yaml': '',
      'sub/.gitignore': '!keep.gen.yaml\nlocal.yaml\n',
      'sub/keep.gen.yaml': '',
      'sub/x.gen.yaml': '',
      'sub/local.yaml': '',
      'local.yaml': '',
    });
    expect(walked(root)).toEqual(['a.yaml', 'local.yaml', 'sub/build/c.yaml', 'sub/keep.gen.yaml']);
  });

  it('agrees with Git itself', () => {
    const root = folder({
      '.gitignore':
        '# comment\n*.log.yaml\ntmp/\n/only-root.yaml\ndocs/**/draft*.yaml\n!docs/a/draft-kept.yaml\nsp\\ ace.yaml\n[ab]x.json\n',
      'x.log.yaml': '',
      'tmp/a.yaml': '',
      'sub/tmp/a.yaml': '',
      'only-root.yaml': '',
      'sub/only-root.yaml': '',
      'docs/a/draft1.yaml': '',
      'docs/a/draft-kept.yaml': '',
      'docs/a/b/draft2.yaml': '',
      'sp ace.yaml': '',
      'ax.json': '',
      'cx.json': '',
      'sub/.gitignore': '*\n!.gitignore\n!ok.yaml\n',
      'sub/ok.yaml': '',
      'sub/not.yaml': '',
    });
    execFileSync('git', ['init', '-q'], { cwd: root });
    const git = execFileSync('git', ['ls-files', '--others', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, HOME: root },
    });
    expect(walked(root)).toEqual(
      git
        .split('\0')
        .filter((path) => path && isCandidate(path))
        .sort(),
    );
  });

  it('of the folders above counts within the repository', () => {
    const root = folder({ '.git/HEAD': '', '.gitignore': 'skip.yaml\n', 'sub/skip.yaml': '', 'sub/a.yaml': '' });
    expect(walked(root, join(root, 'sub'))).toEqual(['sub/a.yaml']);
  });

  it('of folders above does not count for an ignored folder that is named', () => {
    const root = folder({ '.git/HEAD': '', '.gitignore': 'build/\n', 'build/a.yaml': '', 'build/deep/b.yaml': '' });
    expect(walked(root, join(root, 'build'))).toEqual(['build/a.yaml', 'build/deep/b.yaml']);
    expect(walked(root, join(root, 'build/deep'))).toEqual(['build/deep/b.yaml']);
  });

  it('counts without a repository too, from the start', () => {
    const root = folder({ '.gitignore': 'x.yaml', 'x.yaml': '', 'y.yaml': '' });
    expect(walked(root)).toEqual(['y.yaml']);
  });
});

describe('links and odd files', () => {
  it('survives links in a circle and says so', () => {
    const root = folder({ 'a/x.yaml': '' });
    symlinkSync('..', join(root, 'a/up'));
    symlinkSync('loop2', join(root, 'loop1'));
    symlinkSync('loop1', join(root, 'loop2'));
    expect(walked(root)).toEqual(
      [
        'a/x.yaml',
        'a/up (a link back to a folder that holds it; its files are read once)',
        'loop1 (a link that leads back to itself)',
        'loop2 (a link that leads back to itself)',
      ].sort((x, y) => Number(x.includes('(')) - Number(y.includes('('))),
    );
  });

  it('reads a file once, by its own name', () => {
    const root = folder({ 'z.yaml': '', 'dir/real.yaml': '' });
    symlinkSync('z.yaml', join(root, 'a.yaml'));
    symlinkSync('dir', join(root, 'alias'));
    expect(walked(root)).toEqual(['dir/real.yaml', 'z.yaml']);
  });

  it('follows no link to a file or folder elsewhere, and says when there is nothing', () => {
    const other = folder({ 'file.yaml': '', 'dir/x.yaml': '' });
    const root = folder();
    symlinkSync(join(other, 'file.yaml'), join(root, 'linked.yaml'));
    symlinkSync(join(other, 'dir'), join(root, 'outside'));
    symlinkSync('nowhere.yaml', join(root, 'gone.yaml'));
    expect(walked(root)).toEqual([
      'gone.yaml (a link to nothing)',
      `linked.yaml (${linkOut})`,
      'outside (a link to a folder outside of the one that was given)',
    ]);
  });

  it('follows a link to a file elsewhere in the repository, not to one in another', () => {
    const root = folder({ '.git/HEAD': '', 'shared/sa.yaml': '', 'k8s/x.yaml': '', 'other/.git/HEAD': '', 'other/y.yaml': '' });
    symlinkSync('../shared/sa.yaml', join(root, 'k8s/linked.yaml'));
    symlinkSync('../k8s/x.yaml', join(root, 'other/x.yaml'));
    expect(walked(root, join(root, 'k8s'))).toEqual(['k8s/x.yaml', 'k8s/linked.yaml']);
    expect(walked(root, join(root, 'other'))).toEqual(['other/y.yaml', `other/x.yaml (${linkOut})`]);
  });

  it('starts at a folder that is named through a link', () => {
    const root = folder({ 'real/a.yaml': '' });
    symlinkSync('real', join(root, 'link'));
    expect(walked(root, join(root, 'link'))).toEqual(['link/a.yaml']);
  });

  it.skipIf(process.platform === 'win32')('names a pipe and goes on', () => {
    const root = folder({ 'b.yaml': '' });
    execFileSync('mkfifo', [join(root, 'a.yaml')]);
    expect(walked(root)).toEqual(['a.yaml (a named pipe)', 'b.yaml']);
  });

  it('names a start that is not there', () => {
    const root = folder();
    expect(walked(root, join(root, 'no'))).toEqual(['no (no such file)']);
  });
});

describe('what several walks share', () => {
  it('is read once, whatever leads to it', () => {
    const root = folder({
      '.git/HEAD': '',
      'a/.gitignore': 'hidden.yaml\n',
      'a/real.yaml': '',
      'a/hidden.yaml': '',
      'a/notes.txt': '',
      'b/x.yaml': '',
    });
    symlinkSync('../a/real.yaml', join(root, 'b/again.yaml'));
    symlinkSync('../a/hidden.yaml', join(root, 'b/shown.yaml'));
    symlinkSync('../a/notes.txt', join(root, 'b/notes.yaml'));
    symlinkSync('../a/notes.txt', join(root, 'b/notes-again.yaml'));
    const seen = new Seen();
    const walk_ = (start: string): string[] =>
      [...walk(join(root, start), { wants: isCandidate, seen })].map(({ path }) => relative(root, path));
    expect(walk_('a')).toEqual(['a/real.yaml']);
    expect(walk_('b')).toEqual(['b/x.yaml', 'b/notes-again.yaml', 'b/shown.yaml']);
    expect(walk_('.')).toEqual([]);
  });
});
