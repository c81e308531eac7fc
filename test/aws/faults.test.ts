import { describe, expect, test } from 'vitest';
import { applySteps, type ApplyOptions, type ApplyReport, type StepState } from '../../server/src/aws/apply/apply';
import { reportText } from '../../server/src/aws/apply/reportText';
import type { Sleep } from '../../server/src/aws/apply/bounded';
import type { AwsState } from '../../server/src/core/generate/planSteps';
import { planSteps } from '../../server/src/core/generate/planSteps';
import type { AwsStep } from '../../server/src/core/generate/steps';
import type { AwsWriter } from '../../server/src/aws/writer';
import type { Pair } from '../../server/src/core/generate/pair';
import { pairOf, podPair } from '../generate/arbitraries';
import { MemoryAws, type WriteFault } from '../support/memoryAws';

/*
 * Every step, every fault, every moment of a cancellation: what the report says is there must be what is there. Nothing
 * here waits: time passes when the test says so.
 */

const account = '111122223333';
const managed = ['one', 'two'].map((name) => `arn:aws:iam::${account}:policy/${name}`);
const queue = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] });
const full = { path: '/eks/', policyArns: managed, policy: { document: queue, name: 'queue' }, tags: { team: 'demo' } };
const limits = { making: 111, undoing: 222 };
const place = { account, profile: 'dev', region: 'eu-west-1' };
const writes: Record<AwsStep['kind'], keyof AwsWriter> = {
  'create-provider': 'createOpenIDConnectProvider',
  'add-client-id': 'addClientId',
  'create-role': 'createRole',
  'update-trust': 'updateAssumeRolePolicy',
  'put-boundary': 'putRolePermissionsBoundary',
  'tag-role': 'tagRole',
  'attach-policy': 'attachRolePolicy',
  'put-policy': 'putRolePolicy',
  'create-association': 'createPodIdentityAssociation',
  'update-association': 'updatePodIdentityAssociation',
};
const undos: Record<string, keyof AwsWriter> = {
  'create-provider': 'deleteOpenIDConnectProvider',
  'create-role': 'deleteRole',
  'attach-policy': 'detachRolePolicy',
  'put-policy': 'deleteRolePolicy',
  'create-association': 'deletePodIdentityAssociation',
  'update-trust': 'updateAssumeRolePolicy',
  'tag-role': 'untagRole',
  'add-client-id': 'removeClientId',
};

/** Waits between tries take no time; the limits are reached when `up` says so. */
function clock(up: (limit: number) => boolean): Sleep {
  return (ms, signal) =>
    new Promise((done) => {
      if (ms < 100) return done();
      // After everything that needs no time.
      if (up(ms)) setImmediate(done);
      else signal?.addEventListener('abort', () => done(), { once: true });
    });
}

async function planned(aws: MemoryAws, pair: Pair): Promise<readonly AwsStep[]> {
  const role = (await aws.gateway.role(pair.role.name))?.role;
  const provider = pair.provider && (await aws.gateway.provider(pair.provider.arn));
  const association =
    pair.cluster && (await aws.gateway.associations({ arn: '', name: pair.cluster.name, region: pair.cluster.region })).associations[0];
  const state: AwsState = {
    accountId: account,
    partition: 'aws',
    gaps: [],
    ...(role ? { role } : {}),
    ...(provider ? { provider } : {}),
    ...(association ? { association } : {}),
  };
  const { steps, problems } = planSteps(pair, state, { trustPolicyQuota: 2_048, force: true });
  expect(problems).toEqual([]);
  return steps;
}

/** The state that a world has with just these steps made. */
async function stateWith(world: () => MemoryAws, steps: readonly AwsStep[]): Promise<unknown> {
  const aws = world();
  await applySteps(steps, { gateway: aws.gateway, writer: aws.writer, place, waits: [], limits, sleep: clock(() => false) });
  return aws.state();
}

/** Fails unless the world is what the report says: of what it does not know, any part may be there. */
async function expectTruth(report: ApplyReport, aws: MemoryAws, world: () => MemoryAws, steps: readonly AwsStep[]): Promise<void> {
  const sure = new Set([...report.made, ...report.left.filter(({ state }) => state === 'made').map(({ step }) => step)]);
  const unknown = report.left.filter(({ state }) => state === 'unknown').map(({ step }) => step);
  const possible: unknown[] = [];
  for (let mask = 0; mask < 2 ** unknown.length; mask++) {
    const there = new Set([...sure, ...unknown.filter((_, bit) => mask & (2 ** bit))]);
    possible.push(
      await stateWith(
        world,
        steps.filter((step) => there.has(step)),
      ),
    );
  }
  expect(possible).toContainEqual(aws.state());
  // A live association never names a role that is gone.
  for (const { roleArn } of aws.associations.values()) expect([...aws.roles.values()].map(({ arn }) => arn)).toContain(roleArn);
  if (report.outcome === 'undone') expect(aws.state()).toEqual(world().state());
  const { page, message } = reportText(report);
  if (/Nothing was made/.test(page + message)) expect(aws.state()).toEqual(world().state());
  for (const { commands, why } of report.left) expect([commands.length > 0, why !== '']).toEqual([true, true]);
}

/** Acts when a step comes to a state. */
function when(at: number, wanted: StepState, act: () => void): (index: number, state: StepState) => void {
  return (index, state) => void (index === at && state === wanted && act());
}

const empty = (): MemoryAws => new MemoryAws(account);
/** A role, a provider and an association that are there already. */
function grown(pair: Pair): () => MemoryAws {
  return () => {
    const aws = empty();
    const other =
      pair.mechanism === 'irsa'
        ? pairOf({ ...full, serviceAccount: 'other', policyArns: [], policy: undefined, tags: {} })
        : podPair({ ...full, serviceAccount: 'other', policyArns: [], policy: undefined, tags: {} });
    const trust = planSteps(other, { accountId: account, partition: 'aws', gaps: [] }, { trustPolicyQuota: 2_048 }).steps.find(
      (step) => step.kind === 'create-role',
    )!.trustPolicy;
    aws.roles.set(pair.role.name, {
      arn: pair.role.arn,
      path: '/eks/',
      trust: JSON.stringify(JSON.parse(trust)),
      attached: new Set(),
      inline: new Map(),
      tags: new Map(),
    });
    if (pair.provider) aws.providers.set(pair.provider.arn, new Set(['other-audience']));
    return aws;
  };
}

const irsa = pairOf(full);
const pods = podPair(full);
const cases = [
  ['IRSA, all new', irsa, empty],
  ['Pod Identity, all new', pods, empty],
  ['IRSA, a role that is there', irsa, grown(irsa)],
  ['Pod Identity, a role that is there', pods, grown(pods)],
] as const;
const faults: readonly WriteFault[] = [
  'denied',
  'exists',
  'throttle-before',
  'throttle-after',
  'error-before',
  'error-after',
  'reset-before',
  'reset-after',
  'hang-before',
  'hang-after',
  'unsent',
];

type Run = (steps: readonly AwsStep[], aws: MemoryAws, more?: Partial<ApplyOptions>) => Promise<ApplyReport>;
const run: Run = (steps, aws, more = {}) =>
  applySteps(steps, { gateway: aws.gateway, writer: aws.writer, place, waits: [1, 2], limits, sleep: clock(() => true), ...more });

describe.each(cases)('%s', (_, pair, world) => {
  const eachStep = async (check: (steps: readonly AwsStep[], at: number) => Promise<void>): Promise<void> => {
    const steps = await planned(world(), pair);
    expect(steps.length).toBeGreaterThan(3);
    for (const at of steps.keys()) await check(steps, at);
  };

  test.each(faults)('each call: %s, once and for ever', (fault) =>
    eachStep(async (steps, at) => {
      for (const times of [1, 9]) {
        const aws = world();
        const onStep = when(at, 'running', () => aws.fail(writes[steps[at]!.kind], ...Array<WriteFault>(times).fill(fault)));
        await expectTruth(await run(steps, aws, { onStep }), aws, world, steps);
      }
    }),
  );

  test.each(faults)('each call fails, and the undo of each other one: %s', (fault) =>
    eachStep(async (steps, at) => {
      for (const undone of steps.slice(0, at)) {
        const aws = world();
        const onStep = when(at, 'running', () => aws.fail(writes[steps[at]!.kind], ...Array<WriteFault>(9).fill('denied')));
        const undo = undos[undone.kind];
        if (!undo || undo === writes[undone.kind]) continue;
        aws.fail(undo, ...Array<WriteFault>(9).fill(fault === 'exists' ? 'denied' : fault));
        await expectTruth(await run(steps, aws, { onStep }), aws, world, steps);
      }
    }),
  );

  test.each(['slow-before', 'slow-after'] as const)('cancelled while a call is under way (%s): it is waited for, then undone', (fault) =>
    eachStep(async (steps, at) => {
      const aws = world();
      const stop = new AbortController();
      const states: StepState[] = [];
      const report = await run(steps, aws, {
        signal: stop.signal,
        sleep: clock(() => false),
        onStep: (index, state) => {
          states.push(state);
          if (index === at && state === 'running') {
            aws.fail(writes[steps[at]!.kind], fault);
            aws.onWrite = () => stop.abort();
          }
          if (state === 'waiting') setImmediate(() => aws.answerSlow());
        },
      });
      expect(states).toContain('waiting');
      expect(report).toMatchObject({ outcome: 'undone', cancelled: true, left: [] });
      await expectTruth(report, aws, world, steps);
    }),
  );

  test.each(['hang-before', 'hang-after', 'reset-before', 'reset-after', 'error-after', 'denied'] as const)(
    'cancelled while a call is under way that never answers (%s)',
    (fault) =>
      eachStep(async (steps, at) => {
        const aws = world();
        const stop = new AbortController();
        const onStep = when(at, 'running', () => {
          aws.fail(writes[steps[at]!.kind], ...Array<WriteFault>(9).fill(fault));
          aws.onWrite = () => stop.abort();
        });
        const report = await run(steps, aws, { signal: stop.signal, sleep: clock((limit) => limit === limits.undoing), onStep });
        expect(report.cancelled).toBe(true);
        await expectTruth(report, aws, world, steps);
        if (fault === 'hang-before')
          expect(report.left.some(({ step, state }) => step === steps[at] && state === 'unknown') || report.outcome === 'undone').toBe(
            true,
          );
      }),
  );

  test('a call that hangs and is carried out after the run has ended was reported as possible', () =>
    eachStep(async (steps, at) => {
      const aws = world();
      const stop = new AbortController();
      const onStep = when(at, 'running', () => {
        aws.fail(writes[steps[at]!.kind], 'slow-before');
        aws.onWrite = () => stop.abort();
      });
      const report = await run(steps, aws, { signal: stop.signal, sleep: clock((limit) => limit === limits.undoing), onStep });
      aws.answerSlow();
      await new Promise((done) => setImmediate(done));
      await expectTruth(report, aws, world, steps);
    }));

  test('cancelled after each call', () =>
    eachStep(async (steps, at) => {
      const aws = world();
      const stop = new AbortController();
      const report = await run(steps, aws, { signal: stop.signal, onStep: when(at, 'done', () => stop.abort()) });
      expect(report).toMatchObject({ outcome: 'undone', cancelled: true, left: [] });
      expect(aws.state()).toEqual(world().state());
    }));

  test('given up while each call, and each undo, is under way: the report says what is there', () =>
    eachStep(async (steps, at) => {
      for (const state of ['running', 'undoing'] as const) {
        const aws = world();
        const [stop, abandon] = [new AbortController(), new AbortController()];
        const undo = undos[steps[at]!.kind];
        const report = await run(steps, aws, {
          signal: stop.signal,
          abandon: abandon.signal,
          sleep: clock(() => false),
          onStep: (index, now) => {
            if (state === 'undoing' && index === steps.length - 1 && now === 'done') stop.abort();
            if (index !== at || now !== state) return;
            if (state === 'running') aws.fail(writes[steps[at]!.kind], 'hang-after');
            else if (undo) aws.fail(undo, 'hang-before');
            aws.onWrite = () => {
              stop.abort();
              abandon.abort();
            };
          },
        });
        await expectTruth(report, aws, world, steps);
      }
    }));

  test('nothing can be read any more: nothing is claimed', () =>
    eachStep(async (steps, at) => {
      for (const fault of ['reset-before', 'reset-after', 'hang-after'] as const) {
        const aws = world();
        const report = await run(steps, aws, {
          onStep: when(at, 'running', () => {
            aws.fail(writes[steps[at]!.kind], ...Array<WriteFault>(9).fill(fault));
            aws.readsFail = true;
          }),
        });
        await expectTruth(report, aws, world, steps);
      }
    }));

  test('what was just made is not seen for a while', () =>
    eachStep(async (steps, at) => {
      for (const cancel of [false, true]) {
        const aws = world();
        const stop = new AbortController();
        const report = await run(steps, aws, {
          signal: stop.signal,
          onStep: when(at, 'running', () => {
            aws.fail(writes[steps[at]!.kind], 'reset-after');
            // What was there long before is seen by everyone.
            if (steps[at]!.kind.startsWith('create-')) aws.staleReads = 2;
            if (cancel) aws.onWrite = () => stop.abort();
          }),
        });
        await expectTruth(report, aws, world, steps);
      }
    }));
});

test('a role is kept while its association is live, and the report says both', async () => {
  const aws = empty();
  const steps = await planned(aws, pods);
  const stop = new AbortController();
  aws.fail('deletePodIdentityAssociation', ...Array<WriteFault>(9).fill('denied'));
  const report = await run(steps, aws, {
    signal: stop.signal,
    onStep: (index, state) => void (index === steps.length - 1 && state === 'done' && stop.abort()),
  });
  expect(report.left.map(({ step, state }) => [step.kind, state])).toEqual([
    ['create-association', 'made'],
    ['create-role', 'made'],
  ]);
  expect(aws.roles.has('demo-role')).toBe(true);
  expect(reportText(report).page).toContain(`Still there: Associate demo-namespace/demo-sa in demo-cluster with the role demo-role
  AWS denied it. Ask for the permission.

Still there: Create the role demo-role
  It is kept because the association of demo-namespace/demo-sa names it, or may: delete the association first.

To undo it in account ${account}, profile dev, eu-west-1:
  [ "$(aws sts get-caller-identity --query Account --output text --region eu-west-1 --profile dev)" = ${account} ] &&
    aws eks delete-pod-identity-association --cluster-name demo-cluster --association-id a-1 --region eu-west-1 --profile dev &&
    aws iam delete-role --role-name demo-role --region eu-west-1 --profile dev ||
    echo 'Stopped: these are not credentials of account ${account}, or a command failed.' >&2
`);
});
