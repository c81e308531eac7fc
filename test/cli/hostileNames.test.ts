import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { account, deployment, fixableAccount, issuer, rightAccount, trust, wrongAccount } from './files';

const cli = useCli();
const onPosix = describe.skipIf(process.platform === 'win32');

/** What people name nothing, and attackers do: line breaks before commands of CI runners, terminal codes, turned text. */
const evil =
  'x\n::error file=a::pwned\r\n  ::add-mask::a\n##[error]no ##vso[task.complete]\u001b[2J\u001b]0;t\u0007\u202egnp\u2066\u2028\u0085\u007f\u200b [a](command:x) <b> %%{init}%% "q" `c`';
const inYaml = JSON.stringify(evil);
const folderName = ' ::error::a\n::warning::b\u001b[31m\u202e##[x]';

function hostileFolder(): string {
  return folder({
    [`${folderName}/sa\n::error::c.yaml`]: `${wrongAccount}---\n${account('app', 'demo', 'arn:aws:iam::111122223333:role/app').replace('name: app', `name: ${inYaml}`)}`,
    [`${folderName}/deploy.yaml`]: deployment('app', 'demo', 'app').replace('name: app\n', `name: ${inYaml}\n`),
    [`${folderName}/fix.yaml`]:
      `${fixableAccount}    note: |\n      ::error::in the context of a change\n      \u001b[2J ##[error]here\n`.replace(
        '    note: |',
        '    other/note: |',
      ),
    'iam/app/trust.json': trust(`system:serviceaccount:demo:${evil}`),
    'broken\u001b.yaml': `kind: ServiceAccount\neks.amazonaws.com/role-arn: [\n${evil.replace(/[\r\n]/g, ' ')}`,
    'binary\n::error::.yaml': 'eks.amazonaws.com\0',
  });
}

/** Each line is one that we began; nothing in it moves a cursor, turns text or is a command of a CI runner. */
function expectSafe(output: string, github = false): void {
  for (const line of output.split('\n')) {
    expect(line.replace(/\u001b\[(1|2|22|3[1236]|39)m/g, '').replace(/\t/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(line).not.toMatch(/##(vso|teamcity)?\[/i);
    if (!github) expect(line).not.toMatch(/^\s*::/);
    expect(line).not.toMatch(/^\s*(::)?(add-mask|pwned|warning::b|error::[abc])/);
  }
}

const commands: readonly (readonly string[])[] = [
  ...['pretty', 'json', 'sarif', 'github', 'junit'].map((format) => ['check', '.', '--format', format]),
  ['check', '.', '--fix-dry-run'],
  ['check', '.', '--quiet'],
  ['check', '.', '--debug', '--fix-dry-run', '--format', 'json'],
  ...['table', 'json', 'mermaid', 'dot'].map((format) => ['map', '.', '--format', format]),
  ['explain', `demo/${evil}`, '.'],
  ['explain', `demo/${evil}`, '.', '--format', 'json'],
  ['explain', `${evil}/${evil}`, '.'],
  ['check', evil],
  ['check', '.', '--config', evil],
  ['check', '.', '--snapshot', evil],
  ['check', '.', '--rule', `${evil}=off`],
  ['check', '.', `--${evil}`],
  ['check', '.', '--format', evil],
  [evil],
  ['rules', evil],
  ['generate', '--role-name', evil, '--namespace', evil, '--service-account', evil, '--policy-file', evil],
  ['generate', '--role-name', 'app', '--namespace', 'demo', '--service-account', 'app', '--for', evil],
  ['explain', '--batch', evil],
  ['explain', '--trust', evil],
  ['oidc', '--cluster', evil, '--snapshot', evil],
  ['snapshot', '--out', `${evil}/${evil}`, '--add', '--profile', evil],
];

onPosix('names and texts of a hostile workspace', () => {
  it.each(
    commands.map(
      (command) => [command.map((word) => (word.includes(evil) ? word.replaceAll(evil, 'EVIL') : word)).join(' '), command] as const,
    ),
  )('stay texts: %s', async (_, command) => {
    const { stdout, stderr } = await cli(command, { cwd: hostileFolder(), env: { AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nowhere' } });
    expect(stdout + stderr).not.toBe('');
    expectSafe(stdout, command.includes('github'));
    expectSafe(stderr);
  });

  it('are whole in JSON, and named for the runner in annotations', async () => {
    const cwd = hostileFolder();
    const { findings } = JSON.parse((await cli(['check', '.', '--format', 'json'], { cwd })).stdout) as { findings: { path: string }[] };
    expect(findings.map(({ path }) => path)).toContain(`${folderName}/sa\n::error::c.yaml`);
    const { entries } = JSON.parse((await cli(['map', '.', '--format', 'json'], { cwd })).stdout) as {
      entries: { serviceAccount: string }[];
    };
    expect(entries.map(({ serviceAccount }) => serviceAccount)).toContain(evil);
    const { stdout } = await cli(['check', '.', '--format', 'github'], { cwd });
    expect(
      stdout
        .split('\n')
        .slice(0, -2)
        .every((line) => /^::(error|warning|notice) file=[^:]*(%3A[^:]*)*,/.test(line)),
    ).toBe(true);
    expect(stdout).toContain('sa%0A%3A%3Aerror%3A%3Ac.yaml');
  });

  it.each(['plan', 'expand', 'expand --write', 'contract'])('stay texts in a move: %s', async (step) => {
    const files = {
      'pod-roles.yaml': `clusters: [{name: demo, account: '111122223333', region: eu-west-1, issuer: ${issuer}, paths: ['**']}]\n`,
      [`${folderName}/sa\n::error::c.yaml`]: account('app', 'demo', 'arn:aws:iam::111122223333:role/app'),
      [`${folderName}/role\n::error::a.json`]: `{"Role": {"RoleName": "app", "AssumeRolePolicyDocument": ${trust('system:serviceaccount:demo:app')}}}`,
    };
    const { stdout, stderr } = await cli(['migrate', '--step', ...step.split(' ')], { cwd: folder(files) });
    expect(stdout, stderr).toContain(step === 'plan' ? 'role\\n::error::a.json:1' : step.endsWith('write') ? 'changed ' : 'demo/app');
    expectSafe(stdout);
    expectSafe(stderr);
  });

  it('keep our colours where they are on, and nobody else’s', async () => {
    const { stdout } = await cli(['check', '.'], { cwd: hostileFolder(), env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\u001b[31merror');
    expect(stdout).toContain('\\x1b[31m\\u202e');
    expectSafe(stdout);
  });

  it('are no lines of a settings file’s complaint', async () => {
    const cwd = folder({ 'pod-roles.yaml': `${inYaml}: 1\nrules:\n  ${inYaml}: off\nclusters: [${inYaml}]\n`, 'sa.yaml': rightAccount });
    const { code, stdout, stderr } = await cli(['check', '.'], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('pod-roles: pod-roles.yaml:')),
    ).toBe(true);
    expectSafe(stderr);
  });

  it('are the bytes of a generated file in a pipe', async () => {
    const cwd = folder({
      'policy.json': JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::é/*' }],
      }),
    });
    const { code, stdout } = await cli(
      [
        'generate',
        '--role-name',
        'app',
        '--namespace',
        'demo',
        '--service-account',
        'app',
        '--account',
        '111122223333',
        '--issuer',
        'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F',
        '--policy-file',
        'policy.json',
        '--for',
        'aws-cli',
        '--out',
        '-',
      ],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^#!\/usr\/bin\/env bash\n/);
    expect(spawnSync('bash', ['-n'], { input: stdout }).status).toBe(0);
  });
});

const secret = 'root:x:0:0:secret-of-another-file';

onPosix('files outside of the repository', () => {
  const outside = (): string => join(folder({ passwd: `${secret}:/root:/bin/bash\n` }), 'passwd');

  it.each<[string, (cwd: string, file: string) => readonly string[]]>([
    ['pod-roles.yaml is a link', (cwd, file) => (symlinkSync(file, join(cwd, 'pod-roles.yaml')), ['check', '.'])],
    [
      'a folder above holds a link',
      (cwd, file) => (mkdirSync(join(cwd, 'k8s')), symlinkSync(file, join(cwd, '.pod-roles.yaml')), ['check', 'k8s']),
    ],
    ['snapshot: an absolute path', (cwd, file) => (writeFileSync(join(cwd, 'pod-roles.yaml'), `snapshot: ${file}\n`), ['check', '.'])],
    [
      'snapshot: a path with ..',
      (cwd, file) => (
        writeFileSync(join(cwd, 'pod-roles.yaml'), `snapshot: ../${dirname(file).split('/').pop()!}/passwd\n`),
        ['check', '.']
      ),
    ],
    [
      'snapshot: a link',
      (cwd, file) => (
        symlinkSync(file, join(cwd, 's.json')),
        writeFileSync(join(cwd, 'pod-roles.yaml'), 'snapshot: s.json\n'),
        ['check', '.']
      ),
    ],
    ['the snapshot of the usual name is a link', (cwd, file) => (symlinkSync(file, join(cwd, 'pod-roles.snapshot.json')), ['map', '.'])],
    ['--config', (_, file) => ['check', '.', '--config', file]],
    ['--snapshot', (_, file) => ['check', '.', '--snapshot', file]],
    [
      '--policy-file',
      (_, file) => [
        'generate',
        '--role-name',
        'app',
        '--namespace',
        'demo',
        '--service-account',
        'app',
        '--account',
        '111122223333',
        '--issuer',
        'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F',
        '--policy-file',
        file,
      ],
    ],
    [
      'a link below --out',
      (cwd, file) => {
        mkdirSync(join(cwd, 'out'));
        for (const name of ['serviceaccount.yaml', 'demo-app.yaml', 'app.yaml', 'iam', 'app.sh']) symlinkSync(file, join(cwd, 'out', name));
        return [
          'generate',
          '--role-name',
          'app',
          '--namespace',
          'demo',
          '--service-account',
          'app',
          '--account',
          '111122223333',
          '--issuer',
          'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F',
          '--force',
          '--out',
          'out',
        ];
      },
    ],
  ])('are named and never quoted: %s', async (_, prepare) => {
    const cwd = folder({ '.git/HEAD': '', 'sa.yaml': rightAccount });
    const file = outside();
    const { code, stdout, stderr } = await cli(prepare(cwd, file), { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^pod-roles: .*(outside of this repository|JSON|link)/);
    expect(stdout + stderr).not.toContain('secret');
    expect(readFileSync(file, 'utf8')).toContain(secret);
  });

  it('--batch and --trust do not quote a file that is none of theirs', async () => {
    const cwd = folder();
    const batch = await cli(['explain', '--batch', outside()], { cwd });
    expect(batch.stdout).toBe('{"id":null,"error":"line 1 is not JSON"}\n');
  });

  it('are not read through a link that a walk meets, and are where the user names it', async () => {
    const outside = folder({ 'sa.yaml': wrongAccount });
    const cwd = folder({ '.git/HEAD': '' });
    symlinkSync(join(outside, 'sa.yaml'), join(cwd, 'linked.yaml'));
    const walked = await cli(['check', '.'], { cwd });
    expect(walked.stdout).toContain('linked.yaml: a link to a file outside of this repository or folder');
    expect(walked.stdout).not.toContain('role-arn-malformed');
    const named = await cli(['check', 'linked.yaml'], { cwd });
    expect([named.code, named.stdout.includes('role-arn-malformed')]).toEqual([1, true]);
  });
});

onPosix('--fix', () => {
  it('does not go out of the repository, and says why', async () => {
    const outside = folder({ 'sa.yaml': fixableAccount });
    const cwd = folder({ '.git/HEAD': '', 'own.yaml': fixableAccount.replace('name: app', 'name: own') });
    symlinkSync(join(outside, 'sa.yaml'), join(cwd, 'linked.yaml'));
    symlinkSync(outside, join(cwd, 'away'));
    for (const paths of [['.'], ['linked.yaml'], ['away'], ['away/sa.yaml']]) {
      const { code, stderr } = await cli(['check', '--fix', ...paths], { cwd });
      expect(readFileSync(join(outside, 'sa.yaml'), 'utf8')).toBe(fixableAccount);
      if (paths[0] !== '.') expect([code, stderr]).toEqual([2, expect.stringContaining('outside of this folder or repository')]);
    }
    expect(readFileSync(join(cwd, 'own.yaml'), 'utf8')).toContain('"3600"');
  });

  it('goes on where it leaves a file alone, and reports what stands on the disk', async () => {
    const cwd = folder({ 'own.yaml': fixableAccount.replace('name: app', 'name: own'), 'closed.yaml': fixableAccount });
    chmodSync(join(cwd, 'closed.yaml'), 0o444);
    const { code, stdout, stderr } = await cli(['check', '--fix'], { cwd });
    expect([code, stderr]).toEqual([2, 'pod-roles: closed.yaml: not fixed: it is read-only\n']);
    expect(stdout).toMatch(/^closed\.yaml\n.*annotation-value-not-string/);
    expect(stdout).toContain('Fixed in 1 file:\n  own.yaml');
    expect(readFileSync(join(cwd, 'closed.yaml'), 'utf8')).toBe(fixableAccount);
    expect(readFileSync(join(cwd, 'own.yaml'), 'utf8')).toContain('"3600"');
  });
});
