import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { AttachRolePolicyCommand, CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applySteps, type ApplyReport } from '../../server/src/aws/apply/apply';
import { reportText } from '../../server/src/aws/apply/reportText';
import { readState } from '../../server/src/aws/apply/state';
import { connectAws, type Connection } from '../../server/src/aws/load';
import type { Pair } from '../../server/src/core/generate/pair';
import { planSteps } from '../../server/src/core/generate/planSteps';
import { neighbours } from '../../server/src/core/generate/prove';
import { requestFor } from '../../server/src/core/generate/pair';
import { actionOf, type AwsStep } from '../../server/src/core/generate/steps';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { judge } from '../../server/src/core/trust/judge';
import { pairOf, podPair } from '../generate/arbitraries';
import { FakeAws, type Fault } from '../support/fakeAws';
import { describeWithMoto, motoAccount, startMoto, type Moto } from '../support/moto';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const queue = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] });
const policyArn = (name: string) => `arn:aws:iam::${motoAccount}:policy/${name}`;
const full = {
  accountId: motoAccount,
  path: '/eks/',
  policyArns: [policyArn('one'), policyArn('two')],
  policy: { document: queue, name: 'queue' },
  tags: { team: 'demo' },
  maxSessionDuration: '7200',
};
const irsa = pairOf({ ...full, issuer });
const pods = podPair(full);
const quota = 2_048;
const waits = [20, 40];
const place = { account: motoAccount, profile: 'dev', region: 'eu-west-1' };

describeWithMoto('applying a plan', () => {
  let moto: Moto;
  let fake: FakeAws;
  let connection: Connection;
  const saved = { ...process.env };

  beforeAll(async () => {
    moto = await startMoto();
    fake = await FakeAws.start(moto.url);
  });
  afterAll(async () => {
    process.env = saved;
    await fake?.stop();
    await moto?.stop();
  });
  beforeEach(async () => {
    await moto.reset();
    fake.reset();
    process.env = { ...saved, ...moto.env, AWS_ENDPOINT_URL: fake.url };
    const iam = new IAMClient({ region: 'eu-west-1', endpoint: moto.url });
    for (const PolicyName of ['one', 'two', 'three']) await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: queue }));
    await new EKSClient({ region: 'eu-west-1', endpoint: moto.url }).send(
      new CreateClusterCommand({ name: 'demo-cluster', roleArn: `arn:aws:iam::${motoAccount}:role/eks`, resourcesVpcConfig: {} }),
    );
    fake.podIdentity.agents.add('demo-cluster');
    // One try for reads: the faults are to be met by the apply itself.
    connection = await connectAws({ attempts: 1 });
  });

  async function plan(pair: Pair, force = false): Promise<readonly AwsStep[]> {
    const { steps, problems } = planSteps(pair, await readState(connection.gateway, pair), { trustPolicyQuota: quota, force });
    expect(problems).toEqual([]);
    return steps;
  }

  async function apply(pair: Pair, signal?: AbortSignal): Promise<ApplyReport> {
    return applySteps(await plan(pair), {
      gateway: connection.gateway,
      writer: connection.writer,
      place,
      waits,
      ...(signal ? { signal } : {}),
    });
  }

  /** Everything of IAM and EKS that a run could have changed. */
  async function everything(): Promise<unknown> {
    const { gateway } = await connectAws();
    const roles: unknown[] = [];
    for await (const role of gateway.listRoles()) {
      const found = await gateway.role(role.name);
      const { lastUsed: _used, ...rest } = found!.role;
      roles.push(rest);
    }
    return {
      roles,
      providers: (await gateway.providers()).providers,
      associations: fake.podIdentity.of('demo-cluster').map(({ associationId: _id, associationArn: _arn, ...rest }) => rest),
    };
  }

  async function admitsJust(pair: Pair): Promise<void> {
    const found = await connection.gateway.role(pair.role.name);
    const policy = policyFromText(found!.role.trustPolicy!);
    expect(judge(policy, requestFor(pair)).decision).toBe('allowed');
    for (const { request } of neighbours(pair)) expect(judge(policy, request).decision).toBe('denied');
    expect(found!.role).toMatchObject({
      arn: pair.role.arn,
      attached: [policyArn('one'), policyArn('two')],
      tags: { team: 'demo' },
      maxSessionDuration: 7_200,
      inline: { queue: expect.stringContaining('sqs:*') as string },
    });
  }

  test('IRSA: provider, role, policies; then there is nothing left to do', async () => {
    const steps = await plan(irsa);
    expect(steps.map(({ kind }) => kind)).toEqual(['create-provider', 'create-role', 'attach-policy', 'attach-policy', 'put-policy']);
    const report = await apply(irsa);
    expect(report).toMatchObject({ outcome: 'applied', left: [], undone: [], cancelled: false });
    await admitsJust(irsa);
    expect(await plan(irsa)).toEqual([]);
    expect(reportText(report).page).toContain(`To undo it in account ${motoAccount}, profile dev, eu-west-1:
  [ "$(aws sts get-caller-identity --query Account --output text --region eu-west-1 --profile dev)" = ${motoAccount} ] &&
    aws iam delete-role-policy --role-name demo-role --policy-name queue --region eu-west-1 --profile dev &&
`);
  });

  test('Pod Identity: role, policies, association', async () => {
    expect(await apply(pods)).toMatchObject({ outcome: 'applied' });
    await admitsJust(pods);
    expect(fake.podIdentity.of('demo-cluster')).toMatchObject([
      { namespace: 'demo-namespace', serviceAccount: 'demo-sa', roleArn: pods.role.arn },
    ]);
    expect(await plan(pods)).toEqual([]);
  });

  test('a role that is there is extended, and only what was added is taken back', async () => {
    await apply(irsa);
    const before = await everything();
    const second = pairOf({
      ...full,
      issuer,
      serviceAccount: 'other-sa',
      policyArns: [policyArn('three')],
      audience: 'other',
      tags: { team: 'other', more: '1' },
    });
    const steps = await plan(second);
    expect(steps.map(({ kind }) => kind)).toEqual(['add-client-id', 'update-trust', 'tag-role', 'attach-policy']);
    fake.fail('iam:AttachRolePolicy', 'denied');
    expect(await apply(second)).toMatchObject({
      outcome: 'undone',
      failed: { step: { kind: 'attach-policy' }, error: { permission: 'iam:AttachRolePolicy' } },
    });
    expect(await everything()).toEqual(before);
    expect(await apply(second)).toMatchObject({ outcome: 'applied' });
    const policy = policyFromText((await connection.gateway.role('demo-role'))!.role.trustPolicy!);
    for (const pair of [irsa, second]) expect(judge(policy, requestFor(pair)).decision).toBe('allowed');
  });

  describe.each([
    ['IRSA', irsa],
    ['Pod Identity', pods],
  ] as const)('%s: each call fails in turn', (_, pair) => {
    const calls = [
      ...new Set(
        ['create-provider', 'create-role', 'attach-policy', 'put-policy', 'create-association'].filter(
          (kind) => kind !== (pair.mechanism === 'irsa' ? 'create-association' : 'create-provider'),
        ),
      ),
    ].map((kind) => actionOf({ kind } as AwsStep));

    test.each(calls.flatMap((action) => (['denied', 'expired'] as const).map((fault) => [action, fault] as const)))(
      '%s is refused (%s): what was made is taken back, and a second run completes',
      async (action, fault) => {
        const before = await everything();
        fake.fail(action, fault);
        const report = await apply(pair);
        expect(report).toMatchObject({ outcome: 'undone', left: [], made: [] });
        expect(actionOf(report.failed!.step)).toBe(action);
        expect(report.failed!.error.next).not.toBe('');
        expect(await everything()).toEqual(before);
        expect(await apply(pair)).toMatchObject({ outcome: 'applied' });
        await admitsJust(pair);
      },
    );

    test.each(
      calls.flatMap((action) =>
        (['drop-before', 'drop-after', 'fail-after', 'html', 'unavailable', 'throttle'] as const).map((fault) => [action, fault] as const),
      ),
    )('%s loses its answer once (%s): it is looked for, and nothing is made twice', async (action, fault) => {
      fake.fail(action, fault);
      expect(await apply(pair)).toMatchObject({ outcome: 'applied', left: [] });
      await admitsJust(pair);
      expect(fake.podIdentity.of('demo-cluster')).toHaveLength(pair.mechanism === 'irsa' ? 0 : 1);
      expect(await plan(pair)).toEqual([]);
    });

    test.each(calls.flatMap((action) => (['drop-after', 'drop-before', 'html'] as const).map((fault) => [action, fault] as const)))(
      '%s never gives an answer (%s): nothing is left unexplained',
      async (action, fault) => {
        const before = await everything();
        fake.fail(action, fault, 1_000);
        const report = await apply(pair);
        if (fault === 'drop-after') {
          expect(report.outcome).toBe('applied');
        } else {
          expect(report).toMatchObject({ outcome: 'undone', left: [] });
          expect(await everything()).toEqual(before);
        }
      },
    );

    test.each(calls.map((action) => [action]))(
      'the plug is pulled at %s and stays out: the report names all that is there, with commands',
      async (action) => {
        const steps = await plan(pair);
        const at = steps.findIndex((step) => actionOf(step) === action);
        let pulled = false;
        const report = await applySteps(steps, {
          gateway: connection.gateway,
          writer: connection.writer,
          place,
          waits: [5],
          onStep: (index, state) => {
            if (index !== at || state !== 'running' || pulled) return;
            pulled = true;
            // The call itself still arrives; after that nothing does.
            fake.fail(action, 'drop-after');
            fake.fail('*', 'drop-before', 10_000);
          },
        });
        expect(report.outcome).toBe('left');
        // A deletion whose answer is lost, too, may have been carried out.
        expect(report.left.map(({ step }) => actionOf(step))).toEqual([action, ...steps.slice(0, at).reverse().map(actionOf)]);
        expect(report.left[0]).toMatchObject({ state: 'unknown' });
        const role = report.left.find(({ step }) => step.kind === 'create-role');
        if (action === 'eks:CreatePodIdentityAssociation')
          expect(role).toMatchObject({ state: 'made', why: expect.stringContaining('It is kept because the association') as string });
        for (const { commands, why } of report.left) expect([commands.length > 0, why !== '']).toEqual([true, true]);
        const { page } = reportText(report);
        expect(page).toContain('May be there: ');
        // With the network back, a new run completes.
        fake.fail('*', 'drop-before', 0);
        fake.calls.length = 0;
        (fake as unknown as { planned: unknown[] }).planned = [];
        expect(await apply(pair)).toMatchObject({ outcome: 'applied' });
        await admitsJust(pair);
      },
    );

    test.each(calls.map((action) => [action]))('cancelled at %s: what was made is taken back', async (action) => {
      const before = await everything();
      const stop = new AbortController();
      const steps = await plan(pair);
      const at = steps.findIndex((step) => actionOf(step) === action);
      fake.fail(action, { delay: 300 });
      const report = await applySteps(steps, {
        gateway: connection.gateway,
        writer: connection.writer,
        place,
        waits: [400],
        signal: stop.signal,
        onStep: (index, state) => {
          if (index === at && state === 'running') setTimeout(() => stop.abort(), 50);
        },
      });
      expect(report).toMatchObject({ outcome: 'undone', cancelled: true, left: [] });
      expect(await everything()).toEqual(before);
    });
  });

  test('an undo that is refused is said, with the way to do it by hand', async () => {
    fake.fail('iam:PutRolePolicy', 'denied');
    fake.fail('iam:DeleteRole', 'denied', 100);
    const report = await apply(irsa);
    expect(report).toMatchObject({
      outcome: 'left',
      left: [
        {
          step: { kind: 'create-role' },
          state: 'made',
          commands: ['aws iam delete-role --role-name demo-role --region eu-west-1 --profile dev'],
        },
      ],
    });
    expect(report.undone.map(({ kind }) => kind)).toEqual(['attach-policy', 'attach-policy', 'create-provider']);
    expect(reportText(report).page).toContain('Still there: Create the role demo-role\n  AWS denied iam:DeleteRole.');
  });

  test('what somebody else attached meanwhile is not taken away with the role', async () => {
    const steps = await plan(irsa);
    fake.fail('iam:PutRolePolicy', 'denied');
    const report = await applySteps(steps, {
      gateway: connection.gateway,
      writer: connection.writer,
      place,
      waits: [5],
      onStep: (index, state) => {
        if (steps[index]!.kind === 'put-policy' && state === 'failed') {
          void new IAMClient({ region: 'eu-west-1', endpoint: moto.url }).send(
            new AttachRolePolicyCommand({ RoleName: 'demo-role', PolicyArn: policyArn('three') }),
          );
        }
      },
    });
    expect(report.outcome).toBe('left');
    expect((await connection.gateway.role('demo-role'))?.role.attached).toContain(policyArn('three'));
  });

  test('a trust policy that was changed after the preview is not written over', async () => {
    await apply(irsa);
    const second = pairOf({ ...full, issuer, serviceAccount: 'other-sa' });
    const steps = await plan(second);
    const theirs = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
    await connection.writer.updateAssumeRolePolicy('demo-role', theirs);
    const report = await applySteps(steps, { gateway: connection.gateway, writer: connection.writer, place, waits });
    expect(report).toMatchObject({
      outcome: 'undone',
      failed: { error: { message: 'The trust policy of demo-role was changed after the preview.' } },
    });
    expect(JSON.parse((await connection.gateway.role('demo-role'))!.role.trustPolicy!)).toEqual(JSON.parse(theirs));
  });

  test.each<[string, Fault]>([
    ['iam:ListAttachedRolePolicies', 'denied'],
    ['iam:GetRolePolicy', 'denied'],
    ['iam:ListRolePolicies', 'denied'],
  ])('where %s is refused, a role that is there is not touched', async (action, fault) => {
    await apply(irsa);
    fake.fail(action, fault);
    const second = pairOf({ ...full, issuer, serviceAccount: 'other-sa' });
    const { steps, problems } = planSteps(second, await readState(connection.gateway, second), { trustPolicyQuota: quota });
    expect(steps).toEqual([]);
    expect(problems[0]).toContain(`Without ${action} the current state is unknown`);
  });

  test('another account is never asked for more than its name', async () => {
    const pair = pairOf({ ...full, accountId: '999999999999', policyArns: [], issuer });
    const { problems } = planSteps(pair, await readState(connection.gateway, pair), { trustPolicyQuota: quota });
    expect(problems).toEqual([
      `These credentials are of account ${motoAccount}, the role is to be in 999999999999: take other credentials, or another account.`,
    ]);
    expect(fake.actions).toEqual(['sts:GetCallerIdentity']);
  });
});
