import { describe, expect, it } from 'vitest';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { account, deployment, rightAccount, trust } from './files';

const cli = useCli({ actions: true });
const files = {
  'sa.yaml': rightAccount,
  'deploy.yaml': `${deployment('api', 'demo', 'app')}---\n${deployment('web', 'demo', 'app')}`,
  'iam/app/trust.json': trust('system:serviceaccount:demo:app'),
  'iam/batch/trust.json': trust('system:serviceaccount:demo:other'),
  'batch.yaml': account('batch', 'demo', 'arn:aws:iam::111122223333:role/batch'),
  'lone.yaml': account('lone', 'demo', 'arn:aws:iam::111122223333:role/lone'),
};

describe('map', () => {
  const map = async (format: string) => (await cli(['map', '--format', format], { cwd: folder(files) })).stdout;

  it('is a table by default', async () => {
    const { code, stdout } = await cli(['map'], { cwd: folder(files) });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'WORKLOAD        SERVICE ACCOUNT  ROLE                                  TRUST',
        'Deployment api  demo/app         arn:aws:iam::111122223333:role/app    ✓ can assume (iam/app/trust.json:1)',
        'Deployment web  demo/app         arn:aws:iam::111122223333:role/app    ✓ can assume (iam/app/trust.json:1)',
        "-               demo/batch       arn:aws:iam::111122223333:role/batch  ✗ can't assume (iam/batch/trust.json:1)",
        '-               demo/lone        arn:aws:iam::111122223333:role/lone   ? unknown',
        '',
        "The roles' permissions aren't in these files: use --profile to read them from AWS, or --snapshot for a file.",
        '',
      ].join('\n'),
    );
    expect((await cli(['map'], { cwd: folder() })).stdout).toBe('No service account in these files uses a role.\n');
  });

  it('is JSON for scripts', async () => {
    const { version, entries } = JSON.parse(await map('json')) as { version: number; entries: object[] };
    expect([version, entries.length]).toEqual([1, 4]);
    expect(entries[0]).toEqual({
      workload: { kind: 'Deployment', name: 'api', path: 'deploy.yaml', line: 2 },
      namespace: 'demo',
      serviceAccount: 'app',
      role: 'arn:aws:iam::111122223333:role/app',
      mechanism: 'irsa',
      decision: 'allowed',
      path: 'sa.yaml',
      line: 2,
      policy: { path: 'iam/app/trust.json', line: 1 },
      permissions: null,
    });
  });

  it('is a graph for Mermaid and Graphviz, each thing once', async () => {
    const mermaid = await map('mermaid');
    expect(mermaid).toMatch(/^flowchart LR\n/);
    expect(mermaid.match(/\["arn:aws:iam::111122223333:role\/app"\]/g)).toHaveLength(1);
    expect(mermaid).toContain('-. "✗" .-x');
    const dot = await map('dot');
    expect(dot).toMatch(/^digraph access \{\n {2}rankdir=LR;\n[^]*\}\n$/);
    expect(dot.match(/label="demo\/app"/g)).toHaveLength(1);
  });

  it('lets no name of a file break out of a graph', async () => {
    const cwd = folder({ 'sa.yaml': account('app', 'demo', '\'arn:aws:iam::111122223333:role/a"]; click x "javascript:1" \\\'') });
    for (const format of ['mermaid', 'dot']) {
      const { stdout } = await cli(['map', '--format', format], { cwd });
      // Every quote that is not one of ours is escaped: what remains between quotes closes on its line.
      for (const line of stdout.split('\n'))
        expect(line.replace(/\\./g, '').match(/"/g)?.length ?? 0).toSatisfy((n: number) => n % 2 === 0);
      expect(stdout).not.toMatch(/^\s*click/m);
    }
  });
});

describe('rules', () => {
  it('lists every rule, and prints the page of one', async () => {
    const cwd = folder();
    const { code, stdout } = await cli(['rules'], { cwd });
    expect(code).toBe(0);
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]!);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toContain('subject-mismatch');
    const page = await cli(['rules', 'role-arn-malformed'], { cwd });
    expect([page.code, page.stdout]).toEqual([
      0,
      expect.stringMatching(/^role-arn-malformed: .*\nLevel: error[^]*\nPage: https:\/\/.*role-arn-malformed\.md\n$/),
    ]);
  });

  it('names the nearest of a rule that is not there', async () => {
    const { code, stderr } = await cli(['rules', 'subject-mismatsh'], { cwd: folder() });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean subject-mismatch?')]);
  });
});

describe('map with a snapshot of AWS', () => {
  const role = (name: string, more: object) => ({
    arn: `arn:aws:iam::111122223333:role/${name}`,
    name,
    path: '/',
    detail: true,
    attached: [],
    inline: {},
    ...more,
  });
  const statement = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::data/*' };
  const snapshot = JSON.stringify({
    version: 1,
    accounts: [
      {
        id: '111122223333',
        partition: 'aws',
        takenAt: '2026-11-20T00:00:00Z',
        policies: [],
        providers: [],
        clusters: [],
        associations: [],
        partial: [],
        regions: [],
        roles: [
          role('app', { inline: { data: { Version: '2012-10-17', Statement: [statement] } } }),
          role('batch', { inline: { all: { Version: '2012-10-17', Statement: [{ ...statement, Action: '*', Resource: '*' }] } } }),
        ],
      },
    ],
  });
  const drawn = async (format: string) =>
    (await cli(['map', '--format', format], { cwd: folder({ ...files, 'pod-roles.snapshot.json': snapshot }) })).stdout;

  it('says what each role may do', async () => {
    const table = await drawn('table');
    expect(table).toMatch(/^WORKLOAD .* TRUST +PERMISSIONS\n/);
    expect(table).toMatch(/demo\/app .* 1 read, 1 write action\n/);
    expect(table).toMatch(/demo\/batch .* all permissions ⚠\n/);
    expect(table).toMatch(/demo\/lone .* -\n/);
    expect(table).not.toContain('is not in these files');
  });

  it('gives scripts the numbers', async () => {
    const { entries } = JSON.parse(await drawn('json')) as { entries: { serviceAccount: string; permissions: object | null }[] };
    expect(entries.find((entry) => entry.serviceAccount === 'app')!.permissions).toEqual({
      list: 0,
      read: 1,
      write: 1,
      permissions: 0,
      tagging: 0,
      administrator: false,
      complete: true,
    });
    expect(entries.find((entry) => entry.serviceAccount === 'batch')!.permissions).toMatchObject({ administrator: true });
    expect(entries.find((entry) => entry.serviceAccount === 'lone')!.permissions).toBeNull();
  });

  it('stands in the graphs', async () => {
    expect(await drawn('mermaid')).toContain('["arn:aws:iam::111122223333:role/app<br/>1 read, 1 write action"]');
    expect(await drawn('dot')).toContain('label="arn:aws:iam::111122223333:role/app\\n1 read, 1 write action"');
  });
});
