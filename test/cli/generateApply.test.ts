import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateClusterCommand, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { IAMClient, GetRoleCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { judge } from '../../server/src/core/trust/judge';
import { useCli, type CliResult } from '../support/cli';
import { FakeAws } from '../support/fakeAws';
import { folder } from '../support/folder';
import { describeWithMoto, motoAccount, startMoto, type Moto } from '../support/moto';

const cli = useCli();
const managed = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

describeWithMoto('generate --apply', () => {
  let moto: Moto;
  let fake: FakeAws;
  let issuer: string;

  beforeAll(async () => {
    moto = await startMoto({ managedPolicies: true });
    fake = await FakeAws.start(moto.url);
  });
  afterAll(async () => {
    await fake?.stop();
    await moto?.stop();
  });
  beforeEach(async () => {
    await moto.reset();
    fake.reset();
    const eks = new EKSClient({ region: 'eu-west-1', endpoint: moto.url, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } });
    await eks.send(new CreateClusterCommand({ name: 'demo-cluster', roleArn: `arn:aws:iam::${motoAccount}:role/eks`, resourcesVpcConfig: {} }));
    issuer = (await eks.send(new DescribeClusterCommand({ name: 'demo-cluster' }))).cluster!.identity!.oidc!.issuer!.replace('https://', '');
  });

  const run = (args: readonly string[], cwd: string): Promise<CliResult> => cli(['generate', '--role-name', 'demo-role', '--namespace', 'demo-namespace', '--service-account', 'demo-sa', '--cluster', 'demo-cluster', ...args], { cwd, env: { ...moto.env, AWS_ENDPOINT_URL: fake.url } });

  async function admits(name: string): Promise<string> {
    const iam = new IAMClient({ region: 'eu-west-1', endpoint: moto.url, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } });
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: 'demo-role' }));
    return judge(policyFromText(decodeURIComponent(role!.AssumeRolePolicyDocument!)), { mechanism: 'irsa', issuer, roleAccount: motoAccount, namespace: 'demo-namespace', serviceAccount: name }).decision;
  }

  test('the cluster\'s name is enough: provider, role and policy are made, and the files written', async () => {
    const cwd = folder();
    const { code, stdout, stderr } = await run(['--region', 'eu-west-1', '--policy-arn', managed, '--apply', '--yes', '--out', 'deploy'], cwd);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^All is there: 3 calls made\.\n {2}Create the provider .*\n {2}Create the role demo-role\n {2}Attach .*AmazonS3ReadOnlyAccess to demo-role\n\nTo undo it in account 123456789012, eu-west-1:\n/);
    expect(stderr).toContain(`Calls to AWS account ${motoAccount}:`);
    expect(stderr).toContain('✓ Create the role demo-role');
    expect([await admits('demo-sa'), await admits('demo')]).toEqual(['allowed', 'denied']);
    expect(readFileSync(join(cwd, 'deploy/k8s/demo-namespace/demo-sa.yaml'), 'utf8')).toContain(`arn:aws:iam::${motoAccount}:role/demo-role`);
    // A second run has nothing to do, and asks nobody.
    const again = await run(['--region', 'eu-west-1', '--policy-arn', managed, '--apply', '--out', 'deploy'], cwd);
    expect(again).toMatchObject({ code: 0, stdout: 'Nothing to do: all is there already.\n' });
  });

  test('nobody to ask: nothing is done', async () => {
    const cwd = folder();
    const { code, stderr } = await run(['--region', 'eu-west-1', '--apply', '--out', 'deploy'], cwd);
    expect(code).toBe(2);
    expect(stderr).toContain('run it again with --yes');
    expect(fake.actions.some((action) => /:(Create|Attach|Put|Update|Add)/.test(action))).toBe(false);
    expect(existsSync(join(cwd, 'deploy'))).toBe(false);
  });

  test('a failure: everything is taken back, nothing is written, exit 1; then it completes', async () => {
    const cwd = folder();
    const args = ['--region', 'eu-west-1', '--policy-arn', managed, '--apply', '--yes', '--out', 'deploy'];
    fake.fail('iam:AttachRolePolicy', 'denied');
    const { code, stdout, stderr } = await run(args, cwd);
    expect({ code, written: existsSync(join(cwd, 'deploy')) }).toEqual({ code: 1, written: false });
    expect(stdout).toContain('AWS refused iam:AttachRolePolicy. Ask for the permission iam:AttachRolePolicy');
    expect(stdout).toContain('Nothing of this run is left.');
    expect(stderr).toContain('↶ Create the role demo-role: undone');
    await expect(admits('demo-sa')).rejects.toThrow();
    expect((await run(args, cwd)).code).toBe(0);
    expect(await admits('demo-sa')).toBe('allowed');
  });

  test('without --apply AWS is only read, and only where it was said', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'deploy'));
    const offline = await run(['--out', 'deploy'], cwd);
    expect({ code: offline.code, calls: fake.actions }).toEqual({ code: 2, calls: [] });
    const asked = await run(['--aws', '--out', 'deploy'], cwd);
    expect(asked.code, asked.stderr).toBe(0);
    expect(fake.actions.filter((action) => !/^(sts:GetCallerIdentity|eks:(List|Describe)\w+)$/.test(action))).toEqual([]);
    expect(readFileSync(join(cwd, 'deploy/iam/demo-role/trust-policy.json'), 'utf8')).toContain(`oidc-provider/${issuer}`);
  });

  test('Pod Identity', async () => {
    const { code, stderr } = await run(['--mechanism', 'pod-identity', '--region', 'eu-west-1', '--apply', '--yes'], folder());
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('eks-pod-identity-agent is not installed in demo-cluster');
    expect(fake.podIdentity.of('demo-cluster')).toMatchObject([{ namespace: 'demo-namespace', serviceAccount: 'demo-sa', roleArn: `arn:aws:iam::${motoAccount}:role/demo-role` }]);
  });

  test('no such cluster, no network', async () => {
    const missing = await run(['--region', 'us-east-1'], folder());
    expect(missing.stderr).toContain('no cluster demo-cluster is in us-east-1.');
    fake.fail('*', 'drop-before', 100);
    const down = await run(['--region', 'eu-west-1', '--apply', '--yes'], folder());
    expect(down.code).toBe(2);
    expect(down.stderr).toMatch(/AWS could not be reached for sts:GetCallerIdentity/);
  });
});
