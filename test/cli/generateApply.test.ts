import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateClusterCommand, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { IAMClient, GetRoleCommand, ListOpenIDConnectProvidersCommand, ListRolesCommand } from '@aws-sdk/client-iam';
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
    const eks = new EKSClient({
      region: 'eu-west-1',
      endpoint: moto.url,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    await eks.send(
      new CreateClusterCommand({ name: 'demo-cluster', roleArn: `arn:aws:iam::${motoAccount}:role/eks`, resourcesVpcConfig: {} }),
    );
    issuer = (await eks.send(new DescribeClusterCommand({ name: 'demo-cluster' }))).cluster!.identity!.oidc!.issuer!.replace(
      'https://',
      '',
    );
  });

  const run = (args: readonly string[], cwd: string): Promise<CliResult> =>
    cli(
      [
        'generate',
        '--role-name',
        'demo-role',
        '--namespace',
        'demo-namespace',
        '--service-account',
        'demo-sa',
        '--cluster',
        'demo-cluster',
        ...args,
      ],
      { cwd, env: { ...moto.env, AWS_ENDPOINT_URL: fake.url } },
    );

  async function admits(name: string): Promise<string> {
    const iam = new IAMClient({
      region: 'eu-west-1',
      endpoint: moto.url,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: 'demo-role' }));
    return judge(policyFromText(decodeURIComponent(role!.AssumeRolePolicyDocument!)), {
      mechanism: 'irsa',
      issuer,
      roleAccount: motoAccount,
      namespace: 'demo-namespace',
      serviceAccount: name,
    }).decision;
  }

  test("the cluster's name is enough: provider, role and policy are made, and the files written", async () => {
    const cwd = folder();
    const { code, stdout, stderr } = await run(
      ['--region', 'eu-west-1', '--policy-arn', managed, '--apply', '--yes', '--out', 'deploy'],
      cwd,
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^All is there: 3 calls made\.\n {2}Create the provider .*\n {2}Create the role demo-role\n {2}Attach .*AmazonS3ReadOnlyAccess to demo-role\n\nTo undo it in account 123456789012, eu-west-1:\n/,
    );
    expect(stderr).toContain(`Calls to AWS account ${motoAccount}:`);
    expect(stderr).toContain('✓ Create the role demo-role');
    expect([await admits('demo-sa'), await admits('demo')]).toEqual(['allowed', 'denied']);
    expect(readFileSync(join(cwd, 'deploy/k8s/demo-namespace/demo-sa.yaml'), 'utf8')).toContain(
      `arn:aws:iam::${motoAccount}:role/demo-role`,
    );
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
    expect(stdout).toContain('AWS denied iam:AttachRolePolicy. Request the permission iam:AttachRolePolicy');
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
    expect(fake.podIdentity.of('demo-cluster')).toMatchObject([
      { namespace: 'demo-namespace', serviceAccount: 'demo-sa', roleArn: `arn:aws:iam::${motoAccount}:role/demo-role` },
    ]);
  });

  test.each<[string, readonly string[], string]>([
    [
      'a policy that does not exist',
      ['--policy-arn', `arn:aws:iam::${motoAccount}:policy/nowhere`],
      `The policy arn:aws:iam::${motoAccount}:policy/nowhere does not exist.`,
    ],
    ['a boundary that does not exist', ['--permissions-boundary', `arn:aws:iam::${motoAccount}:policy/nowhere`], 'does not exist.'],
    [
      "more policies than the account's quota",
      Array.from({ length: 11 }, (_, i) => ['--policy-arn', `${managed}${i}`]).flat(),
      "the account's quota is 10 a role.",
    ],
  ])('%s: said before the first write', async (_, args, message) => {
    const { code, stderr } = await run(['--region', 'eu-west-1', '--apply', '--yes', ...args], folder());
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
    expect(fake.actions.filter((action) => !/:(Get|List|Describe)/.test(action))).toEqual([]);
  });

  test.each<[string, readonly string[], string]>([
    [
      '21 policies',
      Array.from({ length: 21 }, (_, i) => ['--policy-arn', `arn:aws:iam::aws:policy/P${i}`]).flat(),
      '--policy-arn: A role has at most 20 managed policies',
    ],
    ['an empty audience', ['--audience', ''], '--audience: The audience is empty'],
    ['a path with ".."', ['--path', '/../'], '--path: "/../" is not a valid role path'],
    [
      "a path of AWS's own",
      ['--path', '/aws-service-role/x/'],
      '--path: "/aws-service-role/x/" is not a valid path of a role: AWS keeps it',
    ],
    ['a tag twice', ['--tag', 'a=1', '--tag', 'A=2'], 'The tag A is given twice'],
    ['an unknown region', ['--region', 'mars-1'], '--region: "mars-1" isn\'t an AWS region'],
    [
      'a bare OIDC ID',
      ['--issuer', '5c7a1d0e9b3f42688d5e6a7b8c9d0e1f'],
      'the issuer with this ID is oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F: give that.',
    ],
    ['a session that is too long', ['--max-session-duration', '43201'], '--max-session-duration: '],
    ['an account that is none', ['--account', '123'], '--account: "123" isn\'t an AWS account ID'],
  ])('%s: said before AWS is asked', async (_, args, message) => {
    const { code, stderr } = await run(['--region', 'eu-west-1', '--apply', '--yes', ...args], folder());
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
    expect(fake.actions).toEqual([]);
  });

  test('--out below a file: said before AWS is asked', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'file'), 'x');
    const { code, stderr } = await run(['--region', 'eu-west-1', '--apply', '--yes', '--out', 'file/deploy'], cwd);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('is a file, so no folder can be made there.') as string });
    expect(fake.actions).toEqual([]);
  });

  test('--cluster is one call, however many clusters there are', async () => {
    await run(['--aws', '--region', 'eu-west-1'], folder());
    expect(fake.actions).toEqual(['sts:GetCallerIdentity', 'eks:DescribeCluster']);
  });

  /** Runs until a text is on standard error, does something with the process, and waits for its end. */
  function interrupted(args: readonly string[], until: string, act: (child: ChildProcess) => void): Promise<CliResult> {
    const child = spawn(
      process.execPath,
      [
        cli.program,
        'generate',
        '--role-name',
        'demo-role',
        '--namespace',
        'demo-namespace',
        '--service-account',
        'demo-sa',
        '--cluster',
        'demo-cluster',
        '--region',
        'eu-west-1',
        '--apply',
        '--yes',
        ...args,
      ],
      { cwd: folder(), env: { ...process.env, ...moto.env, AWS_ENDPOINT_URL: fake.url }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let [stdout, stderr, acted] = ['', '', false];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (acted || !stderr.includes(until)) return;
      acted = true;
      act(child);
    });
    return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  }
  const iam = (): IAMClient =>
    new IAMClient({ region: 'eu-west-1', endpoint: moto.url, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } });
  const roles = async (): Promise<string[]> =>
    ((await iam().send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName: name }) => name!);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s while a call is under way: it is waited for, then undone', async (signal) => {
    fake.fail('iam:CreateRole', { delay: 1_500 });
    const { code, stdout, stderr } = await interrupted([], '✓ Create the provider', (child) => setTimeout(() => child.kill(signal), 300));
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: expect.stringContaining('Nothing of this run is left.') as string });
    expect(stderr).toContain('Create the role demo-role: waiting up to 20 s');
    expect(await roles()).toEqual([]);
    expect((await iam().send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList).toEqual([]);
  });

  test('a second interrupt ends at once, and the report says what is there or may be', async () => {
    fake.fail('iam:CreateRole', { delay: 60_000 });
    const { code, stdout } = await interrupted([], '✓ Create the provider', (child) => {
      setTimeout(() => child.kill('SIGINT'), 300);
      setTimeout(() => child.kill('SIGINT'), 1_500);
    });
    expect(code).toBe(1);
    expect(stdout).toContain('May be there: Create the role demo-role');
    expect(stdout).toContain('Still there: Create the provider');
    expect(stdout).toContain(`[ "$(aws sts get-caller-identity --query Account --output text --region eu-west-1)" = ${motoAccount} ] &&`);
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
