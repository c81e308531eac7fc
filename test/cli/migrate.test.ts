import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { plainJson, terraformAndHelm } from '../migrate/repositories';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';

const cli = useCli();

describe('migrate', () => {
  it('prints a plan by default, and ends with 0 if everything can move', async () => {
    const cwd = folder(plainJson);
    expect(await cli(['migrate'], { cwd })).toEqual({
      code: 0,
      stderr: '',
      stdout: `✓ shop/orders → orders in cluster demo: can move
    annotation k8s/orders.yaml:9 · trust policy iam/orders.json:1
    used by Deployment shop/orders

1 service account to EKS Pod Identity: 1 can move, 0 can't, 0 unknown, 0 done.
`,
    });
  });

  it('ends with 1 if something cannot move, and says why and where', async () => {
    const { 'pod-roles.yaml': _, ...files } = plainJson;
    const { code, stdout } = await cli(['migrate'], { cwd: folder(files) });
    expect([code, stdout]).toEqual([1, expect.stringContaining("? shop/orders → orders: unknown\n    The cluster's name is unknown")]);
    expect((await cli(['migrate', '--cluster', 'demo'], { cwd: folder(files) })).code).toBe(0);
  });

  it('is JSON for scripts', async () => {
    const { stdout } = await cli(['migrate', '--format', 'json'], { cwd: folder(plainJson) });
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      direction: 'to-pod-identity',
      accounts: [
        {
          account: 'shop/orders',
          namespace: 'shop',
          serviceAccount: 'orders',
          role: 'orders',
          cluster: 'demo',
          state: 'not-started',
          outcome: 'can-move',
          reasons: [],
          places: [
            { label: 'annotation', path: 'k8s/orders.yaml', line: 9, column: 5 },
            { label: 'trust policy', path: 'iam/orders.json', line: 1, column: 1 },
          ],
          workloads: ['Deployment shop/orders'],
        },
      ],
    });
  });

  it('shows a step as a diff that git takes, and writes nothing', async () => {
    const cwd = folder(terraformAndHelm);
    const { code, stdout, stderr } = await cli(['migrate', '--step', 'expand', '--quiet'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(join(cwd, 'infra/role.tf'), 'utf8')).toBe(terraformAndHelm['infra/role.tf']);
    const end = stdout.indexOf('Would add EKS Pod Identity to shop/orders.');
    writeFileSync(join(cwd, 'step.diff'), stdout.slice(0, end));
    execFileSync('git', ['apply', 'step.diff'], { cwd });
    const written = await cli(['migrate', '--step', 'expand', '--write'], { cwd: folder(terraformAndHelm) });
    expect(written.stdout).toContain('changed infra/role.tf\nAdded EKS Pod Identity to shop/orders.\nProven for 1 trust policy');
    expect((await cli(['migrate', '--step', 'expand'], { cwd })).stdout).toBe('Nothing to do.\n');
    expect(readFileSync(join(cwd, 'infra/role.tf'), 'utf8')).toContain('aws_eks_pod_identity_association');
  });

  it('goes the whole way and back on the disk', async () => {
    const cwd = folder(terraformAndHelm);
    const run = async (step: string) => cli(['migrate', 'shop/orders', '--step', step, '--write', '--format', 'json'], { cwd });
    const first = JSON.parse((await run('expand')).stdout) as { written: boolean; files: { path: string }[] };
    expect([first.written, first.files.map(({ path }) => path)]).toEqual([true, ['infra/role.tf']]);
    expect((await run('undo')).code).toBe(0);
    expect(readFileSync(join(cwd, 'infra/role.tf'), 'utf8')).toBe(terraformAndHelm['infra/role.tf']);
    await run('expand');
    expect((await run('contract')).code).toBe(0);
    expect(readFileSync(join(cwd, 'charts/orders/values.yaml'), 'utf8')).toBe('serviceAccount:\n  create: true\n  name: orders\n');
    expect((await cli(['migrate'], { cwd })).stdout).toContain('= shop/orders → orders in cluster demo: already uses EKS Pod Identity');
  });

  it('writes all files of a step or none, and says what is on the disk', async () => {
    const cwd = folder(terraformAndHelm);
    await cli(['migrate', '--step', 'expand', '--write'], { cwd });
    const before = readFileSync(join(cwd, 'infra/role.tf'), 'utf8');
    chmodSync(join(cwd, 'charts/orders/values.yaml'), 0o444);
    const { code, stderr, stdout } = await cli(['migrate', '--step', 'contract', '--write'], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('pod-roles: charts/orders/values.yaml: not written: it is read-only. Nothing was changed.\n');
    expect(readFileSync(join(cwd, 'infra/role.tf'), 'utf8')).toBe(before);
  });

  it('writes the script to a new file, and never over another one', async () => {
    const cwd = folder(plainJson);
    const { code, stdout, stderr } = await cli(['migrate', '--step', 'expand', '--out', 'associate.sh'], { cwd });
    expect([code, stderr]).toEqual([0, 'The files were not changed. Use --write to change these files.\n']);
    expect(stdout).toContain('wrote associate.sh\nWould add EKS Pod Identity to shop/orders.\n');
    expect(readFileSync(join(cwd, 'associate.sh'), 'utf8')).toMatch(
      /^#!\/usr\/bin\/env bash\nset -euo pipefail\naws eks create-pod-identity-association /,
    );
    execFileSync('bash', ['-n', 'associate.sh'], { cwd });
    const again = await cli(['migrate', '--step', 'expand', '--write', '--out', 'associate.sh'], { cwd });
    expect([again.code, again.stderr]).toEqual([2, 'pod-roles: --out associate.sh: already exists. Name a new file.\n']);
    expect(readFileSync(join(cwd, 'iam/orders.json'), 'utf8')).toBe(plainJson['iam/orders.json']);
  });

  it('takes a path for a path, and says which accounts it does not know', async () => {
    const cwd = folder({ ...plainJson, 'shop/orders/other.yaml': 'kind: ConfigMap\n' });
    expect((await cli(['migrate', 'shop/orders'], { cwd })).stdout).toBe(
      'No service account to move to EKS Pod Identity in these files.\n',
    );
    expect((await cli(['migrate', '--service-account', 'shop/orders'], { cwd })).code).toBe(0);
    const missing = await cli(['migrate', 'shop/none', '--step', 'expand'], { cwd });
    expect([missing.code, missing.stderr]).toEqual([2, 'pod-roles: No file connects a role to shop/none.\n']);
  });

  it('says what was probably meant', async () => {
    const cwd = folder(plainJson);
    for (const [args, message] of [
      [['shop/ordres'], 'No file connects a role to shop/ordres. Did you mean shop/orders?'],
      [['default/orders', '--step', 'expand'], 'No file connects a role to default/orders. Did you mean shop/orders?'],
      [['other/thing'], 'No file connects a role to other/thing.'],
      [['orders'], 'orders: no such file or folder. Write a service account as NAMESPACE/NAME.'],
      [['./orders.yaml'], './orders.yaml: no such file'],
      [['--namespace', 'shpo'], 'No service account in namespace shpo in these files. Did you mean shop?'],
      [['--cluster', 'dem', '--step', 'contract'], 'No service account of cluster dem in these files. Did you mean demo?'],
      // Both are right, and don't go together.
      [['shop/orders', '--cluster', 'other'], 'No service account of cluster other in these files.'],
    ] as const) {
      const { code, stdout, stderr } = await cli(['migrate', ...args], { cwd });
      expect([code, stdout, stderr]).toEqual([2, '', `pod-roles: ${message}\n`]);
    }
  });

  it('refuses options that do not go together', async () => {
    const cwd = folder(plainJson);
    for (const [args, message] of [
      [['--write'], '--write needs --step'],
      [['--out', 'x.sh'], '--out needs --step'],
      [['--step', 'expand', '--write', '-'], '--write cannot write to standard input'],
      [['--service-account', 'orders'], 'write it as NAMESPACE/NAME'],
      [['--step', 'everything'], 'Allowed choices'],
    ] as const) {
      const { code, stderr } = await cli(['migrate', ...args], { cwd, input: '' });
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    expect(existsSync(join(cwd, 'x.sh'))).toBe(false);
  });

  it('says that nothing is in a namespace or a cluster', async () => {
    const cwd = folder(plainJson);
    for (const [args, message] of [
      [['--namespace', 'dve'], 'No service account in namespace dve in these files.'],
      [['--cluster', 'nope'], 'No service account of cluster nope in these files.'],
      [['--namespace', 'dve', '--step', 'expand'], 'No service account in namespace dve in these files.'],
    ] as const) {
      const { code, stdout, stderr } = await cli(['migrate', ...args], { cwd });
      expect([code, stdout, stderr]).toEqual([2, '', `pod-roles: ${message}\n`]);
    }
    expect((await cli(['migrate', '--namespace', 'shop', '--cluster', 'demo'], { cwd })).code).toBe(0);
  });

  it('prints the contract step with the same selection and options', async () => {
    const { 'pod-roles.yaml': _, ...files } = plainJson;
    const command = async (...args: string[]): Promise<string | undefined> =>
      /^The contract step: (.*)$/m.exec((await cli(['migrate', '--step', 'expand', ...args], { cwd: folder(files) })).stdout)?.[1];
    expect(await command('shop/orders', '--cluster', 'demo')).toBe(
      'pod-roles migrate shop/orders --cluster demo --step contract --write --aws',
    );
    expect(await command('--service-account', 'shop/orders', '--namespace', 'shop', '--cluster', 'demo', '--ignore', 'a b/**')).toBe(
      "pod-roles migrate --service-account shop/orders --namespace shop --cluster demo --step contract --write --ignore 'a b/**' --aws",
    );
  });

  it('undoes an association that a script made by a script, which only deletes one with this role', async () => {
    const cwd = folder(plainJson);
    await cli(['migrate', '--step', 'expand', '--write'], { cwd });
    const { stdout } = await cli(['migrate', 'shop/orders', '--step', 'undo', '--write', '--out', 'undo.sh'], { cwd });
    expect(stdout).toContain('wrote undo.sh\nRemoved EKS Pod Identity from shop/orders.\n');
    execFileSync('bash', ['-n', 'undo.sh'], { cwd });
    // A program in place of the AWS CLI: it has one association, of the role that is asked for or of another one.
    const aws = (role: string): string => `#!/bin/sh
case "$2" in
  list-*) echo a-1 ;;
  describe-*) echo arn:aws:iam::111122223333:role/${role} ;;
  *) echo "$@" ;;
esac
`;
    const run = (text: string): string => {
      writeFileSync(join(cwd, 'aws'), text, { mode: 0o755 });
      return execFileSync('bash', ['undo.sh'], { cwd, encoding: 'utf8', env: { ...process.env, PATH: `${cwd}:${process.env['PATH']}` } });
    };
    expect(run(aws('orders'))).toMatch(/^eks delete-pod-identity-association --cluster-name demo .*--association-id a-1\n$/);
    expect(run(aws('other'))).toBe('');
    expect(run('#!/bin/sh\necho None\n')).toBe('');
  });
});

describe('lock files', () => {
  const files = {
    ...plainJson,
    'services/app/requirements.txt': 'boto3==1.26.0\n',
    'tools/report/Gemfile.lock': 'GEM\n  specs:\n    aws-sdk-core (3.100.0)\n',
    'node_modules/x/yarn.lock': 'aws-sdk@^2:\n  version "2.1.0"\n',
    'generated/requirements.txt': 'boto3==1.2.0\n',
    '.gitignore': 'generated\n',
  };

  it('are read for a plan and for a step', async () => {
    const built = { ...files, 'compose.yaml': 'services:\n  app: {image: example/app, build: services/app}\n' };
    const cwd = folder(built);
    const { code, stdout } = await cli(['migrate'], { cwd });
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining(
        `    Deployment shop/orders has boto3 1.26.0 of services/app/requirements.txt, from which compose.yaml builds its image; EKS Pod Identity needs 1.34.41 or later. Update it first. (services/app/requirements.txt:1)`,
      ),
    ]);
    const { accounts, packages } = JSON.parse((await cli(['migrate', '--format', 'json'], { cwd })).stdout) as Record<string, unknown[]>;
    expect(accounts).toMatchObject([
      { reasons: [{ code: 'sdk-too-old', effect: 'stops', path: 'services/app/requirements.txt', line: 1, column: 1 }] },
    ]);
    expect(packages).toEqual([
      { path: 'tools/report/Gemfile.lock', line: 3, package: 'aws-sdk-core', version: '3.100.0', minimum: '3.188.0' },
    ]);
    const step = await cli(['migrate', '--step', 'expand'], { cwd });
    expect([step.code, step.stdout]).toEqual([1, expect.stringContaining('Skipped shop/orders: Deployment shop/orders has boto3 1.26.0')]);
    // One that doesn't tell is ignored like any other file.
    expect((await cli(['migrate', '--ignore', 'services/**'], { cwd })).code).toBe(0);
  });

  it('are not read for anything else, nor where a file is named', async () => {
    const { stdout } = await cli(['migrate', 'k8s', 'iam/orders.json', '--cluster', 'demo'], { cwd: folder(files) });
    expect(stdout).not.toContain('boto3');
    const { stdout: checked } = await cli(['check', '--format', 'json'], { cwd: folder(files) });
    expect(checked).toBe((await cli(['check', '--format', 'json'], { cwd: folder(plainJson) })).stdout);
  });
});
