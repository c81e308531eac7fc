import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { account, deployment, fixableAccount, rightAccount, trust, wrongAccount } from './files';

const cli = useCli();

interface Json {
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly endColumn: number;
    readonly docs: string;
  }[];
  readonly summary: Readonly<Record<string, number>>;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

async function check(cwd: string, args: readonly string[] = [], input?: string): Promise<{ code: number | null; json: Json }> {
  const { code, stdout } = await cli(['check', ...args, '--format', 'json'], { cwd, ...(input === undefined ? {} : { input }) });
  return { code, json: JSON.parse(stdout) as Json };
}

const found = ({ findings }: Json) => findings.map(({ rule, path, line, column }) => `${path}:${line}:${column} ${rule}`);

describe('exit codes', () => {
  it('are 1 for a finding at or above --fail-on, else 0', async () => {
    const cwd = folder({ 'sa.yaml': wrongAccount });
    const codeOf = async (...args: string[]) => (await cli(['check', ...args], { cwd })).code;
    expect(await codeOf()).toBe(1);
    expect(await codeOf('--fail-on', 'never')).toBe(0);
    expect(await codeOf('--rule', 'role-arn-malformed=warning')).toBe(0);
    expect(await codeOf('--rule', 'role-arn-malformed=warning', '--fail-on', 'warning')).toBe(1);
    expect(await codeOf('--rule', 'role-arn-malformed=off', '--fail-on', 'info')).toBe(0);
  });

  it.each<[string, string[], RegExp]>([
    ['a path that is not there', ['check', 'sa.yaml', 'nowhere'], /^pod-roles: nowhere: no such file\n$/],
    ['an unknown option', ['check', '--frmat', 'json'], /unknown option '--frmat'\n\(Did you mean --format\?\)/],
    ['an unknown command', ['chekc'], /unknown command 'chekc'\n\(Did you mean check\?\)/],
    ['an unknown format', ['check', '--format', 'xml'], /Allowed choices are pretty, json, sarif, github, junit/],
    [
      'an unknown rule',
      ['check', '--rule', 'role-arn-malformd=off'],
      /There is no rule role-arn-malformd. Did you mean role-arn-malformed\?/,
    ],
    ['an unknown level', ['check', '--rule', 'role-arn-malformed=loud'], /loud is not a level: use error, warning, info or off/],
    ['a rule without a level', ['check', '--rule', 'role-arn-malformed'], /Use the form ID=LEVEL/],
    ['a configuration that is not there', ['check', '--config', 'no.yaml'], /no\.yaml: no such file/],
    ['nothing to do', [], /Usage: pod-roles/],
  ])('are 2 for %s, said in a line and without a stack', async (_, args, message) => {
    const cwd = folder({ 'sa.yaml': rightAccount });
    const { code, stdout, stderr } = await cli(args, { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('are 0 for help and version, of the program and of each command', async () => {
    const cwd = folder();
    for (const args of [['--help'], ['--version'], ['check', '--help'], ['explain', '--help'], ['map', '--help'], ['rules', '--help']]) {
      const { code, stdout, stderr } = await cli(args, { cwd });
      expect([args, code, stderr]).toEqual([args, 0, '']);
      if (args.length === 2) expect(stdout).toMatch(/Examples:\n {2}pod-roles /);
      if (args.length === 2) expect(stdout).toContain('--no-color');
    }
  });
});

describe('findings', () => {
  it('on both sides of a mismatch are one mistake', async () => {
    const role = 'arn:aws:iam::111122223333:role/orders-role';
    const cwd = folder({
      'k8s/sa.yaml': account('orders', 'shop', role),
      'iam/orders-role/trust.json': trust('system:serviceaccount:shop:order'),
    });
    const { json } = await check(cwd);
    expect(json.findings.map(({ rule, path }) => `${path} ${rule}`)).toEqual([
      'iam/orders-role/trust.json subject-mismatch',
      'k8s/sa.yaml subject-mismatch',
    ]);
    expect(json.summary).toMatchObject({ errors: 1, warnings: 0 });
  });

  it('are sorted, with paths from the working directory', async () => {
    const cwd = folder({
      'b/sa.yaml': wrongAccount,
      'a.yaml': `${wrongAccount}---\n${wrongAccount}`,
      'work/c.yaml': wrongAccount,
      'é dir/sp ace.yaml': wrongAccount,
    });
    const { json } = await check(cwd);
    expect(found(json)).toEqual([
      'a.yaml:7:33 role-arn-malformed',
      'a.yaml:15:33 role-arn-malformed',
      'b/sa.yaml:7:33 role-arn-malformed',
      'work/c.yaml:7:33 role-arn-malformed',
      'é dir/sp ace.yaml:7:33 role-arn-malformed',
    ]);
    expect(json.findings[0]!.docs).toMatch(/^https:\/\/.*\/role-arn-malformed\.md$/);
    const below = await check(join(cwd, 'work'), ['..', 'c.yaml']);
    expect(found(below.json)).toEqual([
      '../a.yaml:7:33 role-arn-malformed',
      '../a.yaml:15:33 role-arn-malformed',
      '../b/sa.yaml:7:33 role-arn-malformed',
      '../é dir/sp ace.yaml:7:33 role-arn-malformed',
      'c.yaml:7:33 role-arn-malformed',
    ]);
  });

  it('are the same bytes again, in every format', async () => {
    const cwd = folder({
      'b.yaml': wrongAccount,
      'a.yaml': fixableAccount,
      'c/trust.json': trust('system:serviceaccount:demo:other'),
      'c/sa.yaml': rightAccount,
    });
    for (const format of ['pretty', 'json', 'sarif', 'github', 'junit']) {
      const first = await cli(['check', '--format', format], { cwd });
      const again = await cli(['check', '--format', format, '.', 'b.yaml', 'c'], { cwd });
      expect(again.stdout).toBe(first.stdout);
      expect(first.code).toBe(1);
    }
  });

  it('count columns in UTF-16 units, without a byte order mark, and lines whatever their ends', async () => {
    const one =
      '{"🙂": 1, "kind": "ServiceAccount", "metadata": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:user/x"}}}';
    const cwd = folder({
      'bom.yaml': `\uFEFF${wrongAccount}`,
      'crlf.yaml': wrongAccount.replaceAll('\n', '\r\n'),
      'one.json': one,
      'utf16.yaml': Buffer.from(`\uFEFF${wrongAccount}`, 'utf16le'),
    });
    const { json } = await check(cwd);
    expect(found(json)).toEqual([
      'bom.yaml:7:33 role-arn-malformed',
      'crlf.yaml:7:33 role-arn-malformed',
      `one.json:1:${one.indexOf('arn:aws') + 1} role-arn-malformed`,
      'utf16.yaml:7:33 role-arn-malformed',
    ]);
  });

  it('say what was looked at when there are none', async () => {
    const cwd = folder({
      'sa.yaml': rightAccount,
      'deploy.yaml': deployment('api', 'demo', 'app'),
      'iam/app/trust.json': trust('system:serviceaccount:demo:app'),
      'other.yaml': 'a: 1\n',
      'lone/sa.yaml': account('lone', 'demo', 'arn:aws:iam::111122223333:role/lone'),
    });
    const { code, stdout, stderr } = await cli(['check'], { cwd });
    expect(stdout).toBe(
      'No problems. Checked 4 of 5 files: 2 service accounts, 1 can assume its role, 1 unknown (trust policy not found).\n',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect((await cli(['check', '--quiet'], { cwd })).stdout).toBe('');
  });

  it('are painted only where that is wanted', async () => {
    const cwd = folder({ 'sa.yaml': wrongAccount });
    const coloured = async (args: string[], env: Record<string, string>) =>
      (await cli(['check', ...args], { cwd, env })).stdout.includes('\u001b[');
    expect(await coloured([], {})).toBe(false);
    expect(await coloured([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
    expect(await coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('end quietly when nobody reads them', async () => {
    const cwd = folder(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.yaml`, wrongAccount])));
    const built = await cli(['--version'], { cwd });
    expect(built.code).toBe(0);
    const shell = await cli(['check', '--format', 'json'], { cwd });
    expect(shell.stdout.length).toBeGreaterThan(100_000);
    const piped = execFileSync('sh', ['-c', `"${process.execPath}" "$0" check --format json 2>&1 | head -c 2`, cli.program], {
      cwd,
      encoding: 'utf8',
    });
    expect(piped).toBe('{\n');
  });
});

describe('what is read', () => {
  const list = JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: 'wrong', namespace: 'demo', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:user/x' } },
        },
      ],
    },
    null,
    2,
  );

  it('a stream of JSON or YAML from standard input', async () => {
    const cwd = folder();
    expect(found((await check(cwd, ['-'], list)).json)).toEqual(['<stdin>:12:42 role-arn-malformed']);
    expect(found((await check(cwd, ['-', '--stdin-path', 'k8s/all.json'], list)).json)).toEqual(['k8s/all.json:12:42 role-arn-malformed']);
    expect(found((await check(cwd, ['-'], `${rightAccount}---\n${wrongAccount}`)).json)).toEqual(['<stdin>:15:33 role-arn-malformed']);
  });

  it('not of an empty or a cut stream, as a command that failed leaves it', async () => {
    const cwd = folder();
    const empty = { code: 2, stdout: '', stderr: 'pod-roles: standard input is empty.\n' };
    for (const args of [
      ['check', '-'],
      ['map', '-'],
      ['migrate', '-'],
      ['explain', 'demo/right', '-'],
    ]) {
      expect(await cli(args, { cwd, input: '' })).toEqual(empty);
      expect(await cli(args, { cwd, input: ' \n' })).toEqual(empty);
      const cut = await cli(args, { cwd, input: '{"a":\n' });
      expect([cut.code, cut.stdout]).toEqual([2, '']);
      expect(cut.stderr).toBe("pod-roles: standard input isn't valid JSON, line 1: A value is missing.\n");
    }
    expect((await cli(['check', '-'], { cwd, input: list.slice(0, -3) })).code).toBe(2);
    expect((await cli(['check', '-'], { cwd, input: `${list}\n${list}` })).code).toBe(2);
    expect((await cli(['check', '-'], { cwd, input: 'a\0b' })).code).toBe(2);
  });

  it('--help shows how a cluster is read, with its pods too', async () => {
    const { stdout } = await cli(['check', '--help'], { cwd: folder() });
    expect(stdout).toContain('kubectl get pods,serviceaccounts -A -o json | pod-roles check -');
  });

  it('an empty file of an editor, templates with holes, JSON with comments, and YAML that begins with a brace', async () => {
    const cwd = folder();
    expect((await check(cwd, ['-', '--stdin-path', 'sa.yaml'], '')).code).toBe(0);
    for (const text of [
      `{{- if .Values.account }}\n${rightAccount}{{- end }}\n`,
      '{"a": {{ .Values.a | toJson }}, "b": ["{{ .Values.b }}"]}',
      '{"a": 1, // note\n}',
      '// note\n{"a": 1}',
      '{kind: ConfigMap, metadata: {name: a}}\n',
      '{}',
      '[]',
      '# nothing\n',
    ]) {
      expect((await cli(['check', '-'], { cwd, input: text })).code, text).toBe(0);
    }
    const { json } = await check(cwd, ['-'], `{{- if .Values.account }}\n${wrongAccount}{{- end }}\n`);
    expect(found(json)).toEqual(['<stdin>:8:33 role-arn-malformed']);
  });

  it('not what Git ignores, unless it is named', async () => {
    const cwd = folder({
      '.gitignore': 'gen/\n',
      'gen/sa.yaml': wrongAccount,
      'sa.yaml': rightAccount,
      'node_modules/a/sa.yaml': wrongAccount,
    });
    expect((await check(cwd)).code).toBe(0);
    expect(found((await check(cwd, ['gen/sa.yaml'])).json)).toEqual(['gen/sa.yaml:7:33 role-arn-malformed']);
    expect(found((await check(cwd, ['gen'])).json)).toEqual(['gen/sa.yaml:7:33 role-arn-malformed']);
  });

  it('not what --ignore and pod-roles.yaml name, and a named file says so', async () => {
    const cwd = folder({ 'a/sa.yaml': wrongAccount, 'b/sa.yaml': wrongAccount, 'pod-roles.yaml': 'ignore:\n  - b/**\n' });
    expect(found((await check(cwd)).json)).toEqual(['a/sa.yaml:7:33 role-arn-malformed']);
    expect(found((await check(cwd, ['--ignore', 'a'])).json)).toEqual([]);
    const named = await check(cwd, ['b/sa.yaml', 'a/sa.yaml', '--ignore', 'a/*.yaml']);
    expect(named.json.skipped).toEqual([
      { path: 'a/sa.yaml', reason: 'ignored by --ignore' },
      { path: 'b/sa.yaml', reason: 'ignored by pod-roles.yaml' },
    ]);
  });

  it('a named file whatever its name', async () => {
    const cwd = folder({ 'account.txt': wrongAccount, 'trust.policy': trust('system:serviceaccount:demo:app') });
    const { json } = await check(cwd, ['account.txt', 'trust.policy']);
    expect(found(json)).toEqual(['account.txt:7:33 role-arn-malformed']);
    expect(json.summary['relevant']).toBe(2);
  });

  it('each file once', async () => {
    const cwd = folder({ 'a/sa.yaml': wrongAccount });
    expect(found((await check(cwd, ['a', '.', 'a/sa.yaml', './a'])).json)).toHaveLength(1);
  });
});

describe('pod-roles.yaml', () => {
  it('is found upward from the paths, not beyond the repository', async () => {
    const off = 'rules:\n  role-arn-malformed: off\n';
    const cwd = folder({
      'pod-roles.yaml': off,
      'repo/.git/HEAD': '',
      'repo/deep/er/sa.yaml': wrongAccount,
      'plain/deep/sa.yaml': wrongAccount,
    });
    expect((await check(cwd, ['plain/deep'])).code).toBe(0);
    expect((await check(cwd, ['repo/deep/er'])).code).toBe(1);
    expect((await check(join(cwd, 'plain/deep'), ['sa.yaml'])).code).toBe(0);
    expect((await check(cwd, ['repo/deep/er', '--config', 'pod-roles.yaml'])).code).toBe(0);
  });

  it('applies to its own folder where several are found', async () => {
    const cwd = folder({
      'a/.git/HEAD': '',
      'a/pod-roles.yaml': 'rules:\n  role-arn-malformed: off\n',
      'a/sa.yaml': wrongAccount,
      'b/.pod-roles.yaml': 'rules:\n  role-arn-malformed: info\n',
      'b/sa.yaml': wrongAccount,
    });
    const { code, json } = await check(cwd, ['a', 'b']);
    expect([code, json.findings.map(({ path, severity }) => `${path} ${severity}`)]).toEqual([0, ['b/sa.yaml info']]);
  });

  it('gives way to --rule, for its paths too', async () => {
    const cwd = folder({
      'pod-roles.yaml': 'overrides:\n  - paths: ["*.yaml"]\n    rules: { role-arn-malformed: off }\n',
      'sa.yaml': wrongAccount,
    });
    expect((await check(cwd)).code).toBe(0);
    expect((await check(cwd, ['--rule', 'role-arn-malformed=error'])).code).toBe(1);
  });

  it.each<[string, string, RegExp]>([
    ['no YAML', 'rules: [\n', /^pod-roles: pod-roles\.yaml:\d+:\d+: /],
    ['an unknown key', 'clusters: []\nruls: {}\n', /^pod-roles: pod-roles\.yaml:2:1: .*"ruls".*"rules"/],
    ['an unknown rule', 'rules:\n  role-arn-malformd: off\n', /^pod-roles: pod-roles\.yaml:2:3: .*role-arn-malformed/],
    ['a binary', 'a\0b', /^pod-roles: pod-roles\.yaml: binary/],
  ])('stops the check when it is %s, with line and column', async (_, text, message) => {
    const cwd = folder({ 'pod-roles.yaml': text, 'sa.yaml': wrongAccount });
    const { code, stdout, stderr } = await cli(['check', '--format', 'json'], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('may be an empty folder’s only file', async () => {
    const cwd = folder({ 'pod-roles.yaml': '' });
    mkdirSync(join(cwd, 'empty'));
    expect((await cli(['check', 'empty'], { cwd })).stdout).toBe(
      'No problems. Checked 0 of 0 files: no roles for pods, and no trust policies for EKS.\n',
    );
  });
});
