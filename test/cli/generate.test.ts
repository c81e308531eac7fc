import { chmodSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';

const cli = useCli();
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const base = ['generate', '--role-name', 'demo-role', '--namespace', 'demo-namespace', '--service-account', 'demo-sa'];
const pair = [...base, '--account', '111122223333', '--issuer', issuer];
const queue = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] });

function tree(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? tree(root, join(below, entry.name)) : [join(below, entry.name)]))
    .sort();
}

describe('printed', () => {
  test('files under their names; nothing is written', async () => {
    const cwd = folder();
    const { code, stdout, stderr } = await cli(pair, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^==> k8s\/demo-namespace\/demo-sa\.yaml <==\napiVersion: v1\nkind: ServiceAccount\n[\s\S]*\n==> iam\/demo-role\/trust-policy\.json <==\n\{\n/,
    );
    expect(stderr).toContain('Nothing was written');
    expect(tree(cwd)).toEqual([]);
  });

  test('a single file as it is', async () => {
    const { code, stdout } = await cli([...pair, '--for', 'terraform', '--out', '-'], { cwd: folder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^resource "aws_iam_role" "demo_role" \{\n/);
  });

  test('what is printed is what "explain" admits', async () => {
    const cwd = folder();
    const { stdout } = await cli(pair, { cwd });
    const input = stdout.slice(stdout.indexOf('{'));
    const explain = (name: string) =>
      cli(
        [
          'explain',
          '--trust',
          '-',
          '--issuer',
          issuer,
          '--account',
          '111122223333',
          '--namespace',
          'demo-namespace',
          '--service-account',
          name,
        ],
        { cwd, input },
      );
    expect((await explain('demo-sa')).code).toBe(0);
    expect((await explain('demo')).code).toBe(1);
  });
});

describe('written', () => {
  test.each([
    [
      'an account without a namespace',
      'sa.yaml',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa\n',
      /role-arn: arn:aws:iam::111122223333:role\/demo-role\n$/,
    ],
    [
      'an account in JSON',
      'sa.json',
      '{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "demo-sa", "namespace": "demo-namespace"}}\n',
      /"annotations": \{"eks\.amazonaws\.com\/role-arn": "arn:aws:iam::111122223333:role\/demo-role"\}\}\}\n$/,
    ],
  ])('%s is edited, and gets no second file', async (_, name, text, after) => {
    const cwd = folder({ [name]: text });
    const { code, stderr } = await cli([...pair, '--out', '.'], { cwd });
    expect(code, stderr).toBe(0);
    expect(readFileSync(join(cwd, name), 'utf8')).toMatch(after);
    expect(tree(cwd)).toEqual([join('iam', 'demo-role', 'trust-policy.json'), name]);
  });

  test('every format at once; a second run has nothing to do; check has nothing to say', async () => {
    const cwd = folder({ 'queue.json': queue });
    const args = [
      ...base,
      '--account',
      '111122223333',
      '--issuer',
      issuer,
      '--cluster',
      'demo-cluster',
      '--policy-arn',
      'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
      '--policy-file',
      'queue.json',
      ...['manifests', 'aws-cli', 'terraform', 'cloudformation', 'eksctl', 'ack', 'crossplane'].flatMap((id) => ['--for', id]),
      '--out',
      'out',
    ];
    const first = await cli(args, { cwd });
    expect(first).toMatchObject({ code: 0 });
    const made = [
      'demo-role.ack.yaml',
      'demo-role.cloudformation.yaml',
      'demo-role.crossplane.yaml',
      'demo-role.eksctl.yaml',
      'demo-role.sh',
      'demo-role.tf',
      'iam/demo-role/queue.json',
      'iam/demo-role/trust-policy.json',
      'k8s/demo-namespace/demo-sa.yaml',
    ];
    expect(tree(join(cwd, 'out'))).toEqual(made);
    expect(first.stdout.trim().split('\n').sort()).toEqual(made);
    expect(statSync(join(cwd, 'out/demo-role.sh')).mode & 0o100).toBe(0o100);
    const second = await cli(args, { cwd });
    expect(second).toMatchObject({ code: 0, stdout: '' });
    expect(second.stderr).toContain('the files say it already');

    const only = folder();
    await cli([...pair, '--out', 'out'], { cwd: only });
    const check = await cli(['check', 'out'], { cwd: only });
    expect(check.code).toBe(0);
    expect(check.stdout + check.stderr).toContain('1 can assume its role');
  });

  test('an account that is there gets its annotation, a trust policy one subject more; all else stays', async () => {
    const account =
      '# who owns it\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa # the app\n  namespace: demo-namespace\n  labels: {app: demo}\n';
    const cwd = folder({ 'deploy/accounts.yaml': `kind: Namespace\nmetadata: {name: demo-namespace}\n---\n${account}` });
    await cli([...pair.map((word) => (word === 'demo-sa' ? 'other' : word)), '--out', 'deploy'], { cwd });
    const { code, stderr, stdout } = await cli([...pair, '--out', 'deploy'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual(['accounts.yaml', 'iam/demo-role/trust-policy.json']);
    expect(readFileSync(join(cwd, 'deploy/accounts.yaml'), 'utf8')).toBe(
      `kind: Namespace\nmetadata: {name: demo-namespace}\n---\n${account}  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role\n`,
    );
    expect(stderr).toMatch(
      /^ *\+ .*:sub": \["system:serviceaccount:demo-namespace:other", "system:serviceaccount:demo-namespace:demo-sa"\]$/m,
    );
    const trust = JSON.parse(readFileSync(join(cwd, 'deploy/iam/demo-role/trust-policy.json'), 'utf8')) as {
      Statement: { Condition: { StringEquals: Record<string, unknown> } }[];
    };
    expect(trust.Statement).toHaveLength(1);
    expect(trust.Statement[0]!.Condition.StringEquals[`${issuer}:sub`]).toEqual([
      'system:serviceaccount:demo-namespace:other',
      'system:serviceaccount:demo-namespace:demo-sa',
    ]);
  });

  test("another role's annotation and other files are written over with --force alone", async () => {
    const files = {
      'k8s/demo-namespace/demo-sa.yaml':
        'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa\n  namespace: demo-namespace\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other # why\n',
      'demo-role.tf': '# by hand\n',
    };
    const cwd = folder(files);
    const args = [...pair, '--for', 'manifests', '--for', 'terraform', '--out', '.'];
    const refused = await cli(args, { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'demo-namespace/demo-sa has the annotation eks.amazonaws.com/role-arn already, with "arn:aws:iam::111122223333:role/other"',
    );
    expect(refused.stderr).toContain('demo-role.tf is there already, with other content.');
    for (const [path, text] of Object.entries(files)) expect(readFileSync(join(cwd, path), 'utf8')).toBe(text);
    expect(existsSync(join(cwd, 'iam'))).toBe(false);
    expect((await cli([...args, '--force'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'k8s/demo-namespace/demo-sa.yaml'), 'utf8')).toContain('role/demo-role # why');
  });

  test('pod-roles.yaml that is there tells of the role', async () => {
    const cwd = folder({
      'pod-roles.yaml': `# ours\nclusters:\n  - name: demo-cluster\n    account: "111122223333"\n    region: eu-west-1\n    issuer: ${issuer}\nroles:\n  other: x.json # keep\n\n# end\n`,
      'x.json': '{}',
    });
    const { code } = await cli([...base, '--cluster', 'demo-cluster', '--out', 'deploy/app'], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'pod-roles.yaml'), 'utf8')).toContain(
      'roles:\n  other: x.json # keep\n  demo-role: deploy/app/iam/demo-role/trust-policy.json\n\n# end\n',
    );
    expect((await cli(['explain', 'demo-namespace/demo-sa', '.'], { cwd })).code).toBe(0);
  });

  test('where one file cannot be written, none is', async () => {
    if (process.getuid?.() === 0) return expect(existsSync('/proc')).toBe(true);
    const cwd = folder({ 'iam/x': '' });
    chmodSync(join(cwd, 'iam'), 0o500);
    const { code, stderr } = await cli([...pair, '--out', '.'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('Nothing was written.');
    expect(existsSync(join(cwd, 'k8s/demo-namespace/demo-sa.yaml'))).toBe(false);
  });

  test('a file where a folder is needed: nothing is written', async () => {
    const cwd = folder({ iam: 'a file' });
    const { code, stderr } = await cli([...pair, '--out', '.'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('Nothing was written.');
    expect(tree(cwd)).toEqual(['iam']);
  });

  test('the account in two overlays: nobody guesses', async () => {
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa\n  namespace: demo-namespace\n';
    const { code, stderr } = await cli([...pair, '--out', '.'], { cwd: folder({ 'a.yaml': account, 'b.yaml': account }) });
    expect(code).toBe(2);
    expect(stderr).toContain('demo-namespace/demo-sa is in 2 files (a.yaml, b.yaml)');
  });
});

describe('from a snapshot', () => {
  const snapshot = {
    version: 1,
    accounts: [
      {
        id: '111122223333',
        partition: 'aws',
        takenAt: '2026-11-20T00:00:00Z',
        roles: [],
        policies: [],
        providers: [],
        clusters: [{ arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/demo-cluster', name: 'demo-cluster', region: 'eu-west-1', issuer }],
        associations: [],
        partial: [],
        regions: ['eu-west-1'],
      },
    ],
  };

  test("the cluster's name is enough", async () => {
    const cwd = folder({ 'pod-roles.snapshot.json': JSON.stringify(snapshot), 'pod-roles.yaml': '' });
    const { code, stdout } = await cli([...base, '--cluster', 'demo-cluster'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(`oidc-provider/${issuer}`);
    const pods = await cli([...base, '--cluster', 'demo-cluster', '--mechanism', 'pod-identity', '--for', 'crossplane'], { cwd });
    expect(pods.stdout).toContain('kind: PodIdentityAssociation');
  });
});

describe('refused', () => {
  test.each([
    [
      ['--issuer', 'https://oidc-eks.eu-west-1.api.aws/id/X', '--account', '111122223333'],
      '--issuer: "oidc-eks.eu-west-1.api.aws/id/X" isn\'t an EKS issuer',
    ],
    [['--issuer', issuer], '--account: The AWS account is missing: 12 digits.'],
    [['--issuer', issuer, '--account', '1'], '--account: "1" isn\'t an AWS account ID'],
    [
      ['--issuer', issuer, '--account', '111122223333', '--policy-arn', 'arn:aws:iam::999999999999:policy/x'],
      '--policy-arn: "arn:aws:iam::999999999999:policy/x" is in account 999999999999',
    ],
    [
      ['--issuer', issuer, '--account', '111122223333', '--region', 'us-east-1'],
      '--region: The issuer is one of eu-west-1, not of us-east-1.',
    ],
    [['--issuer', issuer, '--account', '111122223333', '--path', 'eks'], '--path: "eks" is not a valid path of a role'],
    [
      ['--issuer', issuer, '--account', '111122223333', '--max-session-duration', '60'],
      '--max-session-duration: The session duration is 3600 to 43200 seconds',
    ],
    [['--issuer', issuer, '--account', '111122223333', '--tag', 'aws:x=1'], '--tag: "aws:x" cannot be a tag\'s key'],
    [['--issuer', issuer, '--account', '111122223333', '--tag', 'x'], 'A tag has the form KEY=VALUE.'],
    [['--issuer', issuer, '--account', '111122223333', '--for', 'pulumi'], 'unknown format pulumi: use one of manifests,'],
    [['--issuer', issuer, '--account', '111122223333', '--for', 'eksctl'], "eksctl needs the cluster's name and region."],
    [['--cluster', 'demo-cluster'], 'Not enough is known about the cluster demo-cluster: use --aws or --region to read it from AWS'],
    [['--issuer', issuer, '--account', '111122223333', '--policy-file', 'nowhere.json'], 'nowhere.json: no such file'],
    [
      ['--mechanism', 'pod-identity', '--account', '111122223333', '--cluster', 'demo', '--region', 'eu-west-1', '--audience', 'x'],
      '--audience: Pod Identity has no audience to choose',
    ],
  ])('%j', async (options, message) => {
    const cwd = folder();
    const { code, stderr, stdout } = await cli([...base, ...options, '--out', 'out'], { cwd });
    expect(stderr).toContain(message);
    expect({ code, stdout, files: tree(cwd) }).toEqual({ code: 2, stdout: '', files: [] });
  });
});
