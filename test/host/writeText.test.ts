import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { readText, type TextFile } from '../../server/src/host/readText';
import { removeStaleTemporaries, temporaryNameFor } from '../../server/src/host/temporaryFile';
import { treeForWriting } from '../../server/src/host/tree';
import { createText, hasLinkBelow, replaceText } from '../../server/src/host/writeText';
import { folder } from '../support/folder';

const asRoot = it.skipIf(process.getuid?.() !== 0);
const onPosix = it.skipIf(process.platform === 'win32');
const utf8 = { name: 'utf8', bom: false } as const;
const old: TextFile = { text: 'old\n', encoding: utf8 };
/** The id of a process that has ended. */
const dead = spawnSync(process.execPath, ['-e', '']).pid;

describe('replacing a text', () => {
  it('keeps a link as a link, and byte order mark, encoding and mode of its target', () => {
    const root = folder({ 'real.yaml': '\uFEFFold\r\n' });
    chmodSync(join(root, 'real.yaml'), 0o640);
    symlinkSync('real.yaml', join(root, 'link.yaml'));
    replaceText(join(root, 'link.yaml'), { text: 'old\r\n', encoding: { name: 'utf8', bom: true } }, 'new\r\n', root);
    expect(readFileSync(join(root, 'real.yaml'), 'utf8')).toBe('\uFEFFnew\r\n');
    expect(readlinkSync(join(root, 'link.yaml'))).toBe('real.yaml');
    if (process.platform !== 'win32') expect(statSync(join(root, 'real.yaml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(root).sort()).toEqual(['link.yaml', 'real.yaml']);
  });

  it('makes no file where there is none', () => {
    const root = folder();
    expect(() => replaceText(join(root, 'gone.yaml'), old, 'new', root)).toThrow('no such file');
    expect(readdirSync(root)).toEqual([]);
  });

  onPosix.each([
    ['a link', 'link.yaml'],
    ['a folder that is a link', 'folder/sa.yaml'],
    ['a link to a link', 'second.yaml'],
  ])('does not go out of the tree through %s', (_, path) => {
    const outside = folder({ 'sa.yaml': 'old\n' });
    const root = folder();
    symlinkSync(join(outside, 'sa.yaml'), join(root, 'link.yaml'));
    symlinkSync('link.yaml', join(root, 'second.yaml'));
    symlinkSync(outside, join(root, 'folder'));
    expect(() => replaceText(join(root, path), old, 'new', root)).toThrow('outside of this folder or repository');
    expect(readFileSync(join(outside, 'sa.yaml'), 'utf8')).toBe('old\n');
    expect(readdirSync(outside)).toEqual(['sa.yaml']);
  });

  it.each([
    ['0444', 0o444],
    ['0400', 0o400],
  ])('leaves a file of mode %s alone, as root too', (_, mode) => {
    const root = folder({ 'sa.yaml': 'old\n' });
    chmodSync(join(root, 'sa.yaml'), mode);
    expect(() => replaceText(join(root, 'sa.yaml'), old, 'new', root)).toThrow('it is read-only');
    expect(readFileSync(join(root, 'sa.yaml'), 'utf8')).toBe('old\n');
    chmodSync(join(root, 'sa.yaml'), 0o644);
  });

  onPosix('leaves a file with further names alone', () => {
    const root = folder({ 'sa.yaml': 'old\n' });
    linkSync(join(root, 'sa.yaml'), join(root, 'other.yaml'));
    expect(() => replaceText(join(root, 'sa.yaml'), old, 'new', root)).toThrow('2 names (hard links)');
    expect(statSync(join(root, 'sa.yaml')).ino).toBe(statSync(join(root, 'other.yaml')).ino);
  });

  it('leaves a file alone that is not what was read', () => {
    const root = folder({ 'sa.yaml': 'other\n' });
    expect(() => replaceText(join(root, 'sa.yaml'), old, 'new', root)).toThrow('it changed since it was read');
    expect(readFileSync(join(root, 'sa.yaml'), 'utf8')).toBe('other\n');
  });

  it('has nothing to do where the new text is there already', () => {
    const root = folder({ 'sa.yaml': 'new\n' });
    utimesSync(join(root, 'sa.yaml'), 1, 1);
    replaceText(join(root, 'sa.yaml'), old, 'new\n', root);
    expect(statSync(join(root, 'sa.yaml')).mtimeMs).toBe(1000);
  });

  it('is not done to a folder or a pipe', () => {
    const root = folder({ 'sa.yaml/x': '' });
    expect(() => replaceText(join(root, 'sa.yaml'), old, 'new', root)).toThrow();
    if (process.platform === 'win32') return;
    spawnSync('mkfifo', [join(root, 'pipe.yaml')]);
    expect(() => replaceText(join(root, 'pipe.yaml'), old, 'new', root)).toThrow('it is not a regular file');
  });

  asRoot('keeps owner, group and mode as root', () => {
    const root = folder({ 'sa.yaml': 'old\n' });
    chownSync(join(root, 'sa.yaml'), 1234, 5678);
    chmodSync(join(root, 'sa.yaml'), 0o4664);
    replaceText(join(root, 'sa.yaml'), old, 'new\n', root);
    const { uid, gid, mode } = statSync(join(root, 'sa.yaml'));
    expect([uid, gid, mode & 0o7777]).toEqual([1234, 5678, 0o4664]);
    expect(readFileSync(join(root, 'sa.yaml'), 'utf8')).toBe('new\n');
  });

  asRoot('leaves a file alone whose owner an ordinary user cannot keep, and one without permission', async () => {
    const root = folder({ 'others.yaml': 'old\n', 'closed.yaml': 'old\n' });
    chownSync(root, 1234, 1234);
    chownSync(join(root, 'others.yaml'), 4321, 1234);
    chmodSync(join(root, 'others.yaml'), 0o664);
    chmodSync(root, 0o755);
    const program = await bundled();
    const run = (path: string) =>
      spawnSync(process.execPath, [program, join(root, path), root], { uid: 1234, gid: 1234, encoding: 'utf8' }).stdout;
    expect(run('others.yaml')).toBe('it belongs to another user or group, which a new file could not be given to');
    expect(run('closed.yaml')).toBe('permission denied');
    expect(['others.yaml', 'closed.yaml'].map((name) => readFileSync(join(root, name), 'utf8'))).toEqual(['old\n', 'old\n']);
    expect(readdirSync(root).sort()).toEqual(['closed.yaml', 'others.yaml']);
  });

  onPosix('leaves the old file and nothing beside it where the disk is full', async () => {
    const root = folder({ 'sa.yaml': 'old\n' });
    // A limit on the size of files stands for the full disk: the write fails in the middle, as there.
    const program = await bundled();
    const { stdout } = spawnSync(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 64; exec "$0" "$@"`, process.execPath, program, join(root, 'sa.yaml'), root, '1000000'],
      { encoding: 'utf8' },
    );
    expect(stdout).toContain('EFBIG');
    expect(readFileSync(join(root, 'sa.yaml'), 'utf8')).toBe('old\n');
    expect(readdirSync(root)).toEqual(['sa.yaml']);
  });
});

describe('several runs at once', () => {
  onPosix('leave a whole file of one of them, and nothing beside it', async () => {
    const root = folder({ 'sa.yaml': 'old\n' });
    const program = await bundled();
    const runs = Array.from(
      { length: 6 },
      (_, i) =>
        new Promise<string>((done) => {
          const child = spawn(process.execPath, [program, join(root, 'sa.yaml'), root, String(100_000 + i)], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          let out = '';
          child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
          child.on('close', () => done(out));
        }),
    );
    const said = await Promise.all(runs);
    const text = readFileSync(join(root, 'sa.yaml'), 'utf8');
    expect(said.filter((each) => each === 'written')).toHaveLength(1);
    expect(text).toBe('x'.repeat(100_000 + said.indexOf('written')));
    expect(readdirSync(root)).toEqual(['sa.yaml']);
  });

  onPosix('that are killed leave the old file or the new one, and the next run clears away the rest', async () => {
    const root = folder({ 'sa.yaml': 'old\n' });
    const program = await bundled();
    for (let i = 0; i < 6; i++) {
      writeFileSync(join(root, 'sa.yaml'), 'old\n');
      const child = spawn(process.execPath, [program, join(root, 'sa.yaml'), root, '30000000'], { stdio: 'ignore' });
      const ended = new Promise((done) => child.on('close', done));
      while (
        child.exitCode === null &&
        child.signalCode === null &&
        readdirSync(root).length === 1 &&
        statSync(join(root, 'sa.yaml')).size < 10
      )
        await new Promise((done) => setImmediate(done));
      child.kill('SIGKILL');
      await ended;
      expect([4, 30_000_000]).toContain(statSync(join(root, 'sa.yaml')).size);
    }
    rmSync(join(root, 'sa.yaml'));
    writeFileSync(join(root, 'sa.yaml'), 'old\n');
    replaceText(join(root, 'sa.yaml'), old, 'new\n', root);
    expect(readdirSync(root)).toEqual(['sa.yaml']);
  });

  it('wait for a file that another one writes, and then say so', () => {
    const root = folder({ 'sa.yaml': 'old\n' });
    const others = temporaryNameFor(join(root, 'sa.yaml')).replace(`-${process.pid}-`, `-${process.ppid}-`);
    writeFileSync(others, '');
    expect(() => replaceText(join(root, 'sa.yaml'), old, 'new\n', root)).toThrow('another run of pod-roles is writing it');
    expect(readFileSync(join(root, 'sa.yaml'), 'utf8')).toBe('old\n');
    rmSync(others);
    replaceText(join(root, 'sa.yaml'), old, 'new\n', root);
    expect(readdirSync(root)).toEqual(['sa.yaml']);
  });
});

describe('what a killed run left', () => {
  onPosix('is removed where it is surely ours, and nothing else', () => {
    const root = folder();
    const name = (pid: number): string => temporaryNameFor(join(root, 'sa.yaml')).replace(`-${process.pid}-`, `-${pid}-`);
    const [stale, running, linked, ofOther, directory] = [name(dead), name(process.ppid), name(dead), name(dead), name(dead)];
    const similar = ['.pod-roles-note.tmp', `.pod-roles-${dead}-0badc0de.tmp`, 'pod-roles.yaml', `${stale}.bak`.slice(root.length + 1)];
    for (const path of [stale, running, ofOther, ...similar.map((each) => join(root, each))]) writeFileSync(path, '');
    symlinkSync('pod-roles.yaml', linked);
    mkdirSync(directory);
    if (process.getuid?.() === 0) chownSync(ofOther, 4321, 4321);
    else unlinkSync(ofOther);
    removeStaleTemporaries(root);
    expect(existsSync(stale)).toBe(false);
    for (const path of [
      running,
      linked,
      directory,
      ...(process.getuid?.() === 0 ? [ofOther] : []),
      ...similar.map((each) => join(root, each)),
    ])
      expect(lstatSync(path), path).toBeTruthy();
    removeStaleTemporaries(join(root, 'no-such-folder'));
  });
});

describe('creating a text', () => {
  it('makes folders, keeps what is there, and can be run', () => {
    const root = join(folder(), 'new', 'out');
    createText(join(root, 'iam/run.sh'), 'text\n', root, { executable: true });
    expect(readFileSync(join(root, 'iam/run.sh'), 'utf8')).toBe('text\n');
    if (process.platform !== 'win32') expect(statSync(join(root, 'iam/run.sh')).mode & 0o100).toBe(0o100);
    expect(() => createText(join(root, 'iam/run.sh'), 'other\n', root)).toThrow('it appeared meanwhile');
    expect(readFileSync(join(root, 'iam/run.sh'), 'utf8')).toBe('text\n');
    expect(readdirSync(join(root, 'iam'))).toEqual(['run.sh']);
  });

  onPosix.each([
    ['a link', 'link.yaml'],
    ['a link to nothing', 'dangling.yaml'],
    ['a folder that is a link', 'folder/new.yaml'],
    ['a folder below one', 'folder/deep/new.yaml'],
  ])('goes through no link below its root: %s', (_, path) => {
    const outside = folder({ 'victim.yaml': 'old\n' });
    const root = folder();
    symlinkSync(join(outside, 'victim.yaml'), join(root, 'link.yaml'));
    symlinkSync(join(outside, 'made.yaml'), join(root, 'dangling.yaml'));
    symlinkSync(outside, join(root, 'folder'));
    expect(hasLinkBelow(root, join(root, path))).toBe(true);
    expect(() => createText(join(root, path), 'new\n', root)).toThrow('no file is written through links');
    expect(readdirSync(outside)).toEqual(['victim.yaml']);
    expect(readFileSync(join(outside, 'victim.yaml'), 'utf8')).toBe('old\n');
  });

  onPosix('may be in a root that the user reaches through a link', () => {
    const real = folder();
    const link = join(folder(), 'out');
    symlinkSync(real, link);
    createText(join(link, 'sa.yaml'), 'new\n', link);
    expect(readFileSync(join(real, 'sa.yaml'), 'utf8')).toBe('new\n');
  });
});

describe('the tree that may be written', () => {
  onPosix('is the repository, and is not left by naming a link in it', () => {
    const outside = folder({ '.git/HEAD': '', 'sa.yaml': '' });
    const root = folder({ '.git/HEAD': '', 'k8s/sa.yaml': '' });
    symlinkSync(outside, join(root, 'away'));
    symlinkSync('k8s', join(root, 'near'));
    expect(treeForWriting(join(root, 'k8s'), root)).toBe(root);
    expect(treeForWriting(join(root, 'near'), root)).toBe(root);
    expect(treeForWriting(join(root, 'away'), root)).toBe(root);
    expect(treeForWriting(outside, root)).toBe(outside);
  });

  it('is the folder itself where there is no repository', () => {
    const root = folder({ 'a/sa.yaml': '', 'b/.git/HEAD': '' });
    expect(treeForWriting(root, root)).toBe(root);
    expect(treeForWriting(join(root, 'a'), root)).toBe(join(root, 'a'));
    expect(treeForWriting(join(root, 'b'), root)).toBe(join(root, 'b'));
  });
});

it('a swap for a link between check and write is noticed', () => {
  const root = folder({ 'sa.yaml': 'old\n', 'other.yaml': 'old\n' });
  const before = readText(join(root, 'sa.yaml'));
  renameSync(join(root, 'sa.yaml'), join(root, 'moved.yaml'));
  const outside = folder({ 'sa.yaml': 'old\n' });
  symlinkSync(join(outside, 'sa.yaml'), join(root, 'sa.yaml'));
  expect(before.kind).toBe('text');
  if (before.kind === 'text') expect(() => replaceText(join(root, 'sa.yaml'), before.file, 'new', root)).toThrow('outside');
  expect(readFileSync(join(outside, 'sa.yaml'), 'utf8')).toBe('old\n');
});

let program: Promise<string> | undefined;

/** A program that replaces `old` in the file of its first argument by so many letters, and says `written` or why not. */
function bundled(): Promise<string> {
  return (program ??= (async () => {
    const out = join(import.meta.dirname, '../../out', `test-write-${process.pid}.cjs`);
    await build({
      stdin: {
        contents: `import { replaceText } from './writeText';
          const [, , path, tree, size = '4'] = process.argv;
          try { replaceText(path, { text: 'old\\n', encoding: { name: 'utf8', bom: false } }, 'x'.repeat(Number(size)), tree); process.stdout.write('written'); }
          catch (error) { process.stdout.write(error.message); }`,
        resolveDir: join(import.meta.dirname, '../../server/src/host'),
        loader: 'ts',
      },
      outfile: out,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'warning',
    });
    return out;
  })());
}
