import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli } from '../support/cli';
import { fakeRenderers } from '../support/fakeRenderers';
import { folder } from '../support/folder';
import { account, trust } from './files';

const cli = useCli();
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

const chart = {
  'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'app/values.yaml': `# values\nserviceAccount:\n  name: demo-sa\n  roleArn: ${role('demo-role')}\n`,
  'app/templates/sa.yaml':
    'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ .Values.serviceAccount.name }}\n  namespace: {{ .Release.Namespace }}\n  annotations:\n    eks.amazonaws.com/role-arn: {{ .Values.serviceAccount.roleArn }}\n',
  'iam/demo-role/trust.json': trust('system:serviceaccount:demo:demo-sa'),
};
const overlay = {
  'base/kustomization.yaml': 'resources: [sa.yaml]\n',
  'base/sa.yaml': account('app', undefined, role('demo-role')),
  'overlays/prod/kustomization.yaml': 'namespace: prod\nresources: [../../base]\n',
  'overlays/prod/rendered.out': account('app', 'prod', role('demo-role')),
  'iam/demo-role/trust.json': trust('system:serviceaccount:prod:api'),
};

interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

async function check(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  tools: readonly ('helm' | 'kustomize')[] = ['helm', 'kustomize'],
  path?: string,
) {
  const root = folder(files);
  const bin = folder();
  fakeRenderers(bin, tools);
  writeFileSync(join(bin, 'calls'), '');
  const { code, stdout, stderr } = await cli(['check', '.', '--format', 'json', ...args], {
    cwd: root,
    env: { PATH: path ?? bin, CALLS: join(bin, 'calls') },
  });
  const report = stdout === '' ? undefined : (JSON.parse(stdout) as { findings: Finding[]; skipped: { path: string; reason: string }[] });
  const calls = readFileSync(join(bin, 'calls'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as string[]).map((word) => word.replace(root, '.')));
  return {
    code,
    stderr,
    calls,
    root,
    skipped: report?.skipped ?? [],
    found: (report?.findings ?? []).map(({ rule, path: at, line, column }) => `${at}:${line}:${column} ${rule}`),
    messages: (report?.findings ?? []).map(({ message }) => message),
  };
}

describe('check --render: charts', () => {
  it('renders each chart with fixed words, and finds nothing where nothing is wrong', async () => {
    const { code, stderr, calls, found } = await check(
      { ...chart, 'app/charts/sub/Chart.yaml': 'name: sub\n', 'lib/Chart.yaml': 'name: lib\ntype: library\n' },
      ['--render', '--namespace', 'demo', '--release', 'demo'],
    );
    expect({ code, stderr, found }).toEqual({ code: 0, stderr: '', found: [] });
    expect(calls).toEqual([['helm', 'template', 'demo', './app', '--namespace', 'demo']]);
  });

  it('judges the output with the trust policies, and leads back to the value in the values file', async () => {
    const wrong = { ...chart, 'app/values.yaml': chart['app/values.yaml'].replace('demo-sa', 'demo-sb') };
    expect((await check(wrong, [])).found).toEqual([]);
    const { code, found, messages } = await check(wrong, ['--render', '--namespace', 'demo']);
    expect({ code, found }).toEqual({ code: 1, found: ['app/values.yaml:4:12 subject-mismatch'] });
    expect(messages[0]).toMatch(/ \(Rendered by helm from app\.\)$/);
  });

  it("takes values files, whose values are pointed to before the chart's own", async () => {
    const files = { ...chart, 'prod.yaml': `serviceAccount:\n  roleArn: ${role('demo-role').replace('role/', 'user/')}\n` };
    const { found, calls } = await check(files, ['--render', '--namespace', 'demo', '--values', 'prod.yaml']);
    expect(found).toEqual(['prod.yaml:2:12 role-arn-malformed']);
    expect(calls[0]!.slice(4)).toEqual(['--namespace', 'demo', '--values', './prod.yaml']);
  });

  it('leads back to the line of a template that makes the value', async () => {
    const files = {
      ...chart,
      'app/templates/sa.yaml': chart['app/templates/sa.yaml'].replace(
        '{{ .Values.serviceAccount.roleArn }}',
        'arn:aws:iam::111122223333:{{ .Values.serviceAccount.kind }}/x',
      ),
      'app/values.yaml': `${chart['app/values.yaml']}  kind: user\n`,
    };
    expect((await check(files, [])).found).toEqual([]);
    expect((await check(files, ['--render'])).found).toEqual(['app/templates/sa.yaml:7:5 role-arn-malformed']);
  });

  it("says nothing that hangs on a namespace or a release's name that nobody told", async () => {
    const files = { ...chart, 'iam/demo-role/trust.json': trust('system:serviceaccount:other:demo-sa') };
    expect((await check(files, ['--render'])).found).toEqual([]);
    expect((await check(files, ['--render', '--namespace', 'demo'])).found).toEqual(['app/values.yaml:4:12 subject-mismatch']);
    const named = {
      ...chart,
      'app/templates/sa.yaml': chart['app/templates/sa.yaml'].replace('{{ .Values.serviceAccount.name }}', '{{ .Release.Name }}-app'),
    };
    expect((await check(named, ['--render', '--namespace', 'demo'])).found).toEqual([]);
  });

  it('says once what the sources say themselves', async () => {
    const files = {
      ...chart,
      'app/values.yaml':
        'serviceAccount:\n  name: demo-sa\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:user/x\n',
      'app/templates/sa.yaml': chart['app/templates/sa.yaml'].replace(
        '{{ .Values.serviceAccount.roleArn }}',
        'arn:aws:iam::111122223333:user/x',
      ),
    };
    const alone = (await check(files, [])).found;
    const { found } = await check(files, ['--render']);
    expect(alone).toEqual(['app/templates/sa.yaml:7:33 role-arn-malformed', 'app/values.yaml:4:33 role-arn-malformed']);
    expect(found).toEqual(alone);
  });
});

describe('check --render: kustomizations', () => {
  it('renders those that no other one takes, and leads back through the tree', async () => {
    const { code, calls, found, messages } = await check(overlay, ['--render', '--rule', 'role-admits-no-account=off']);
    expect(calls).toEqual([['kustomize', 'build', './overlays/prod']]);
    expect({ code, found: found.filter((each) => each.includes('subject-mismatch')) }).toEqual({
      code: 1,
      found: ['base/sa.yaml:6:33 subject-mismatch', 'iam/demo-role/trust.json:12:88 subject-mismatch'],
    });
    expect(messages.join()).toContain('prod/app');
  });

  it('takes a patch before what it mends', async () => {
    const files = {
      ...overlay,
      'base/sa.yaml': account('app', undefined, role('base')),
      'iam/demo-role/trust.json': trust('system:serviceaccount:prod:app'),
      'overlays/prod/kustomization.yaml': 'namespace: prod\nresources: [../../base]\npatches: [{path: patch.yaml}]\n',
      'overlays/prod/patch.yaml': account('app', undefined, role('x').replace('role/', 'user/')),
      'overlays/prod/rendered.out': account('app', 'prod', role('x').replace('role/', 'user/')),
    };
    expect((await check(files, ['--render'])).found.filter((each) => each.includes('malformed'))).toEqual([
      'overlays/prod/patch.yaml:6:33 role-arn-malformed',
    ]);
  });

  it.skipIf(spawnSync('kubectl', ['kustomize', '--help']).status !== 0)('runs the real kubectl kustomize', async () => {
    const { 'overlays/prod/rendered.out': _, ...files } = overlay;
    const bin = (process.env['PATH'] ?? '').split(delimiter).find((each) => existsSync(join(each, 'kubectl')))!;
    const { code, stderr, found, messages } = await check(files, ['--render'], [], bin);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(found.filter((each) => each.includes('subject-mismatch'))).toEqual([
      'base/sa.yaml:6:33 subject-mismatch',
      'iam/demo-role/trust.json:12:88 subject-mismatch',
    ]);
    expect(messages.join()).toContain('overlays/prod');
  });

  it.skipIf(spawnSync('helm', ['version']).status !== 0)('runs the real helm', async () => {
    const bin = (process.env['PATH'] ?? '').split(delimiter).find((each) => existsSync(join(each, 'helm')))!;
    const { found } = await check(
      { ...chart, 'app/values.yaml': chart['app/values.yaml'].replace('demo-sa', 'demo-sb') },
      ['--render', '--namespace', 'demo'],
      [],
      bin,
    );
    expect(found).toEqual(['app/values.yaml:4:12 subject-mismatch']);
  });
});

describe('check --render: what goes wrong', () => {
  it('ends with 2 and a plain word where a tool is missing', async () => {
    const helm = await check(chart, ['--render'], []);
    expect({ code: helm.code, stderr: helm.stderr }).toEqual({
      code: 2,
      stderr: 'pod-roles: --render needs helm on the PATH. Install it, or check without --render.\n',
    });
    const both = await check({ ...chart, ...overlay }, ['--render'], ['helm']);
    expect({ code: both.code, stderr: both.stderr, calls: both.calls }).toEqual({
      code: 2,
      stderr: 'pod-roles: --render needs kustomize or kubectl on the PATH (only helm is there). Install it, or check without --render.\n',
      calls: [],
    });
  });

  it('tells a chart that fails, judges the rest, and ends with 2', async () => {
    const files = {
      ...chart,
      'bad/Chart.yaml': 'name: bad\n',
      'bad/fail': 'walk.go:74: found symbolic link\nError: found in Chart.yaml, but missing in charts/ directory: redis\n',
      'app/values.yaml': chart['app/values.yaml'].replace('role/', 'user/'),
    };
    const { code, stderr, skipped, found } = await check(files, ['--render']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'pod-roles: bad was not rendered: helm ended with exit code 1: found in Chart.yaml, but missing in charts/ directory: redis\n',
    );
    expect(skipped).toEqual([
      { path: 'bad', reason: 'helm ended with exit code 1: found in Chart.yaml, but missing in charts/ directory: redis' },
    ]);
    expect(found).toEqual(['app/values.yaml:4:12 role-arn-malformed']);
  });

  it('says that there is nothing to render, and takes its options only with --render', async () => {
    const nothing = await check({ 'sa.yaml': account('a', 'b', role('c')) }, ['--render'], []);
    expect({ code: nothing.code, stderr: nothing.stderr }).toEqual({
      code: 0,
      stderr: 'Nothing to render: no Chart.yaml and no kustomization here.\n',
    });
    expect((await check(chart, ['--values', 'app/values.yaml'])).stderr).toBe(
      'pod-roles: --values says how to render: give it with --render.\n',
    );
    expect((await check(chart, ['--render', '--values', 'none.yaml'])).stderr).toBe('pod-roles: none.yaml: no such file\n');
  });

  it('never runs a program of the repository where a folder of it is checked', async () => {
    const root = folder({
      ...Object.fromEntries(Object.entries(chart).map(([path, text]) => [`deploy/${path}`, text])),
      '.git/HEAD': 'ref: x\n',
    });
    fakeRenderers(join(root, 'node_modules/.bin'), ['helm']);
    const { code, stderr } = await cli(['check', '.', '--render'], {
      cwd: join(root, 'deploy'),
      env: { PATH: join(root, 'node_modules/.bin'), CALLS: join(root, 'calls') },
    });
    expect({ code, stderr, ran: existsSync(join(root, 'calls')) }).toEqual({
      code: 2,
      stderr: 'pod-roles: --render needs helm on the PATH. Install it, or check without --render.\n',
      ran: false,
    });
  });

  it('never runs a program of the folder that is checked, nor one of a relative PATH', async () => {
    const root = folder(chart);
    fakeRenderers(join(root, 'node_modules/.bin'), ['helm']);
    const { code, stderr } = await cli(['check', '.', '--render'], {
      cwd: root,
      env: { PATH: [join(root, 'node_modules/.bin'), 'node_modules/.bin', '.'].join(delimiter), CALLS: join(root, 'calls') },
    });
    expect({ code, stderr, ran: existsSync(join(root, 'calls')) }).toEqual({
      code: 2,
      stderr: 'pod-roles: --render needs helm on the PATH. Install it, or check without --render.\n',
      ran: false,
    });
  });
});
