import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { wrongAccount } from './files';

const cli = useCli();

interface Outcome {
  readonly findings: readonly { readonly rule: string; readonly path: string }[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** Checks a folder in which one account is wrong: whatever else stands there, that is found, in bounded time. */
async function checked(cwd: string): Promise<Outcome> {
  writeFileSync(join(cwd, 'zz planted é.yaml'), wrongAccount);
  const { code, stdout, stderr } = await cli(['check', '.', '--format', 'json'], { cwd });
  const outcome = JSON.parse(stdout) as Outcome;
  expect(outcome.findings.filter(({ path }) => path === 'zz planted é.yaml').map(({ rule }) => rule)).toEqual(['role-arn-malformed']);
  expect([code, stderr]).toEqual([1, '']);
  return outcome;
}

const trigger = 'kind: ServiceAccount\nmetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: ';

describe('bad input never hides the findings of other files', () => {
  it('binary, not UTF-8, huge: each is named with a reason', async () => {
    const cwd = folder({
      'binary.yaml': `${trigger}\0\u0001`,
      'latin1.json': Buffer.from('{"kind": "ServiceAccount", "name": "café"}', 'latin1'),
      'torn utf8.yaml': Buffer.concat([Buffer.from(trigger), Buffer.from([0xe2, 0x82])]),
      'huge.yaml': `${trigger}x\n${'# filler\n'.repeat(2_700_000)}`,
    });
    const { skipped } = await checked(cwd);
    expect(skipped).toEqual([
      { path: 'binary.yaml', reason: `binary: a NUL byte at offset ${trigger.length}` },
      { path: 'huge.yaml', reason: 'too large: 23 MB, the limit is 20 MB' },
      { path: 'latin1.json', reason: 'not UTF-8: byte 0xE9 at offset 39' },
      { path: 'torn utf8.yaml', reason: `not UTF-8: byte 0xE2 at offset ${trigger.length}` },
    ]);
  });

  it.skipIf(process.platform === 'win32')('links in circles, pipes and sockets', async () => {
    const cwd = folder({ 'deep/er/a.yaml': 'a: 1\n' });
    symlinkSync('../..', join(cwd, 'deep/er/up'));
    symlinkSync('self.yaml', join(cwd, 'self.yaml'));
    symlinkSync('gone.yaml', join(cwd, 'dangling.yaml'));
    execFileSync('mkfifo', [join(cwd, 'pipe.yaml')]);
    const server = createServer().listen(join(cwd, 'sock.yaml'));
    try {
      const { skipped } = await checked(cwd);
      expect(skipped).toEqual([
        { path: 'dangling.yaml', reason: 'a link to nothing' },
        { path: 'deep/er/up', reason: 'a link back to a folder that holds it; its files are read once' },
        { path: 'pipe.yaml', reason: 'a named pipe' },
        { path: 'self.yaml', reason: 'a link that leads back to itself' },
        { path: 'sock.yaml', reason: 'a socket' },
      ]);
    } finally {
      server.close();
    }
  });

  it.each<[string, string, string, RegExp?]>([
    ['torn YAML', 'torn.yaml', `${trigger}"arn:aws:iam::1111`, /^read in part, line 4: .*closing/],
    ['YAML that is none', 'mess.yaml', `${trigger}[}{\n\t- ]:\n  : :\n? ? !!x &a *a`, /^read in part, line \d+: /],
    [
      'torn JSON',
      'torn.json',
      '{"kind": "ServiceAccount", "metadata": {"annotations": {"eks.amazonaws.com/role-arn": "arn',
      /^read in part, line 1: The string is not closed/,
    ],
    [
      'YAML nested a hundred thousand deep',
      'deep.yaml',
      `${trigger}x\nb: ${'['.repeat(100_000)}`,
      /^read in part, line 1: The text nests deeper than 2000 brackets/,
    ],
    [
      'YAML nested by indentation',
      'indent.yaml',
      `${trigger}x\n${Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')}`,
      /nests deeper than \d+ levels/,
    ],
    [
      'JSON nested a hundred thousand deep',
      'deep.json',
      `{"kind": "ServiceAccount", "a": ${'{"a":'.repeat(100_000)}`,
      /nests deeper than \d+ levels/,
    ],
    [
      'an alias bomb',
      'bomb.yaml',
      `${trigger}x\n${Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} [${Array.from({ length: 9 }, () => (i === 0 ? 'x' : `*a${i - 1}`)).join(', ')}]\n`).join('')}`,
      /Aliases repeat more than/,
    ],
    ['a circular anchor', 'circle.yaml', `${trigger}x\na: &a\n  b: *a\n  <<: *a\n`, /An alias is within its own anchor/],
    ['one line of five megabytes', 'line.json', `{"kind": "ServiceAccount", "metadata": {"name": "${'x'.repeat(5_000_000)}"}}`],
    [
      'fifty thousand documents',
      'many.yaml',
      '---\nkind: ServiceAccount\nmetadata:\n  name: a\n'.repeat(50_000),
      /^too many documents: 50000, the limit is 10000/,
    ],
    [
      'half a surrogate pair',
      'half.json',
      '{"kind": "ServiceAccount", "metadata": {"name": "\\ud800", "annotations": {"eks.amazonaws.com/role-arn": "\\udfff"}}}',
    ],
    ['an empty file', 'empty.yaml', ''],
  ])('%s', async (_, name, text, reason) => {
    const { skipped } = await checked(folder({ [name]: text }));
    expect(skipped).toEqual(reason === undefined ? [] : [{ path: name, reason: expect.stringMatching(reason) as string }]);
  });

  it.skipIf(process.platform === 'win32')('folders and files that may not be read', () => {
    const cwd = folder({ 'closed/sa.yaml': wrongAccount, 'closed.yaml': wrongAccount, 'sa.yaml': wrongAccount });
    copyFileSync(cli.program, join(cwd, 'cli.js'));
    for (const path of ['closed', 'closed.yaml']) chmodSync(join(cwd, path), 0);
    chmodSync(cwd, 0o755);
    // Root may read everything, so the program runs as nobody then.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { status, stdout } = spawnSync(process.execPath, [join(cwd, 'cli.js'), 'check', '--format', 'json'], {
      cwd,
      encoding: 'utf8',
      ...nobody,
    });
    for (const path of ['closed', 'closed.yaml']) chmodSync(join(cwd, path), 0o755);
    const { findings, skipped } = JSON.parse(stdout) as Outcome;
    expect([status, findings.map(({ path }) => path)]).toEqual([1, ['sa.yaml']]);
    expect(skipped).toEqual([
      { path: 'closed', reason: 'a folder that cannot be read: permission denied' },
      { path: 'closed.yaml', reason: 'permission denied' },
    ]);
  });

  it('a folder named like a manifest, and a name that would move the cursor', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'dir.yaml'));
    if (process.platform !== 'win32') writeFileSync(join(cwd, 'x\u001b[2Jx.yaml'), wrongAccount);
    await checked(cwd);
    const { stdout } = await cli(['check'], { cwd });
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('says the same at the end of the report for people', async () => {
    const cwd = folder({ 'binary.yaml': 'kind: ServiceAccount\0', 'sa.yaml': wrongAccount });
    const { code, stdout } = await cli(['check'], { cwd });
    expect(stdout).toContain(
      "\n1 path was not read:\n  binary.yaml: binary: a NUL byte at offset 20\n\n1 error in 1 file. Checked 1 of 1 file: 1 service account, 1 can't assume its role.\n",
    );
    expect(code).toBe(1);
  });

  it('a named file that is not read is said, and the exit code stays that of the others', async () => {
    const cwd = folder({ 'binary.yaml': '\0', 'sa.yaml': wrongAccount.replace('user/', 'role/') });
    const { code, stdout } = await cli(['check', 'binary.yaml', 'sa.yaml'], { cwd });
    expect(stdout).toContain('binary.yaml: binary: a NUL byte at offset 0');
    expect(code).toBe(0);
  });
});

describe('a file that is named', () => {
  it.skipIf(process.platform === 'win32')('and cannot be read stops the command: nothing is said of what nobody looked at', async () => {
    const cwd = folder({ 'sa.yaml': wrongAccount, 'large.yaml': ' '.repeat(21 * 1024 * 1024) });
    spawnSync('mkfifo', [join(cwd, 'pipe.yaml')]);
    expect(await cli(['check', 'sa.yaml', 'pipe.yaml'], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'pod-roles: pipe.yaml: a named pipe\n',
    });
    expect(await cli(['check', 'large.yaml'], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'pod-roles: large.yaml: too large: 21 MB, the limit is 20 MB\n',
    });
  });

  it('and is no text is skipped, as hooks name files of every kind', async () => {
    const cwd = folder({ 'sa.yaml': wrongAccount });
    writeFileSync(join(cwd, 'picture.yaml'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]));
    const { code, stdout } = await cli(['check', 'sa.yaml', 'picture.yaml', '--format', 'json'], { cwd });
    expect([code, (JSON.parse(stdout) as Outcome).skipped.map(({ path }) => path)]).toEqual([1, ['picture.yaml']]);
  });
});

describe('a configuration that names a file that does not exist', () => {
  it('is a mistake for what reads the workspace', async () => {
    const cwd = folder({ 'pod-roles.yaml': 'roles:\n  demo: iam/demo.json\n', 'sa.yaml': wrongAccount });
    const { code, stderr } = await cli(['check', '.'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('pod-roles.yaml:2:9: The file "iam/demo.json" doesn\'t exist.')]);
  });
  it('says nothing of what is outside of the repository', async () => {
    const cwd = folder({ 'pod-roles.yaml': 'roles:\n  demo: ../../no-such-file.json\n', 'sa.yaml': wrongAccount });
    expect((await cli(['check', '.'], { cwd })).code).toBe(1);
  });
});
