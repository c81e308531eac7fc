import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectAws, loadCloudTrail, type Connection } from '../../server/src/aws/load';
import type { LookedUp, LookUpOptions } from '../../server/src/aws/sdk/cloudTrail';
import { diagnose } from '../../server/src/core/diagnose/diagnose';
import { lookupQuestion, type LookupQuestion } from '../../server/src/core/diagnose/lookup';
import { diagnosisText } from '../../server/src/core/diagnose/text';
import { denied, goDenied, ordersRole, podIdentityEvent, webIdentityEvent, type Asked } from '../diagnose/evidence';
import { FakeAws } from '../support/fakeAws';
import { awsEnv } from '../support/moto';

const requestId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const now = new Date('2026-11-29T10:00:00Z');
const nowhere = 'http://127.0.0.1:1';
const home = mkdtempSync(join(tmpdir(), 'pod-roles-trail-'));
const saved = { ...process.env };
let fake: FakeAws;
let connection: Connection;

beforeAll(async () => {
  fake = await FakeAws.start(nowhere);
  process.env = { ...saved, ...awsEnv(home, fake.url) };
  connection = await connectAws({ attempts: 2 });
});
afterEach(() => fake.reset());
afterAll(async () => {
  process.env = saved;
  rmSync(home, { recursive: true, force: true });
  await fake.stop();
});

let number = 0;
/** An event of its own: id, request and time. */
const event = (asked: Asked = {}, more: object = {}, make = webIdentityEvent): string => {
  const id = String(++number).padStart(12, '0');
  const base = JSON.parse(make({ requestId: `00000000-0000-4000-8000-${id}`, ...asked })) as object;
  return JSON.stringify({ ...base, eventID: `99999999-0000-4000-8000-${id}`, ...more });
};
const question = (pastes: readonly string[]): LookupQuestion => lookupQuestion({ pastes }, { look: () => [] });
const lookUp = async (asked: LookupQuestion, options: LookUpOptions = {}): Promise<LookedUp> =>
  (await loadCloudTrail()).lookUp(() => connection, asked, { now, pause: 0, ...options });
const byRole: LookupQuestion = { requestIds: [], roleArn: ordersRole, regions: ['eu-west-1'], mechanism: 'irsa', answered: false };
const streams = (): string[] => fake.cloudTrail.lookups.map(({ region, eventName }) => `${region} ${eventName}`);

describe('what is looked for', () => {
  it.each<[string, readonly string[], Partial<LookupQuestion>]>([
    ['the request ID of a text', [goDenied(requestId.toUpperCase())], { requestIds: [requestId], regions: [], answered: false }],
    [
      'the role of an environment',
      [`${denied}\nAWS_ROLE_ARN=${ordersRole}\nAWS_REGION=eu-west-1`],
      { requestIds: [], roleArn: ordersRole },
    ],
    ['no role that is masked', [`${denied}\nAWS_ROLE_ARN=arn:aws:iam::***:role/orders-role`], { requestIds: [] }],
    ['nothing where the event is there', [goDenied(requestId), webIdentityEvent({ requestId })], { answered: true }],
    ['nothing in a text of nothing', ['hello'], { requestIds: [], regions: [], answered: false }],
  ])('%s', (_, pastes, expected) => {
    const found = question(pastes);
    expect(found).toMatchObject(expected);
    if (!('roleArn' in expected) && !expected.answered) expect(found.roleArn).toBeUndefined();
  });

  it('the role that the files give to the workload that was picked; none where they give two', () => {
    const answer = { account: 'shop/orders', asks: true, steps: [], fixes: [], sure: true, skips: [] };
    const asked = (...roles: string[]): string | undefined =>
      lookupQuestion(
        { pastes: [denied], workload: { namespace: 'shop', name: 'orders' } },
        { look: () => roles.map((roleArn) => ({ ...answer, roleArn })) },
      ).roleArn;
    expect(asked(ordersRole)).toBe(ordersRole);
    expect(asked(ordersRole, `${ordersRole}-2`)).toBeUndefined();
    expect(asked('arn:${partition}:iam::111122223333:role/x')).toBeUndefined();
  });
});

describe('found', () => {
  it('by request ID, in the region of the paste; the answer then names who asked, and which event says so', async () => {
    fake.cloudTrail.add('eu-west-1', event(), event({ requestId }), event());
    const pastes = [`${goDenied(requestId)}\nAWS_REGION=eu-west-1`];
    const found = await lookUp(question(pastes));
    expect(found.notes).toEqual([`CloudTrail has the event of request ID ${requestId} (eu-west-1, 2026-11-29T08:00:00Z).`]);
    expect(found.events).toHaveLength(1);
    const answer = diagnose({ pastes, lookedUp: found }, { look: () => [] });
    expect(answer.evidence).toContainEqual(
      expect.objectContaining({ kind: 'serviceAccount', value: 'orders', paste: 1, line: 1, lookedUp: true }),
    );
    expect(answer.class).toBe('trust');
    expect(diagnosisText(answer, () => undefined)).toContain('(CloudTrail userIdentity.userName, looked up)');
    expect(fake.cloudTrail.lookups[0]).toMatchObject({ start: now.getTime() / 1000 - 86_400, end: now.getTime() / 1000 });
    expect([...new Set(streams().map((each) => each.split(' ')[0]))]).toEqual(['eu-west-1']);
  });

  it('by request ID in us-east-1, where the global endpoint of STS logs', async () => {
    fake.cloudTrail.add('us-east-1', event({ requestId }));
    const found = await lookUp({ ...question([goDenied(requestId)]), regions: ['ap-south-1'] });
    expect(found.notes[0]).toContain('(us-east-1, ');
    expect([...new Set(streams().map((each) => each.split(' ')[0]))]).toEqual(['ap-south-1', 'eu-west-1', 'us-east-1']);
  });

  it('by role: failures alone, of this role and this service account, the last one last', async () => {
    const at = (hour: number) => ({ eventTime: `2026-11-29T0${hour}:00:00Z` });
    fake.cloudTrail.add(
      'eu-west-1',
      event({}, at(1)),
      event({ role: `${ordersRole}-2` }, at(2)),
      event({ account: 'cart' }, at(3)),
      event({}, { ...at(4), errorCode: undefined }),
      event({}, at(5)),
    );
    const found = await lookUp({ ...byRole, serviceAccount: { namespace: 'shop', name: 'orders' } });
    expect(found.events.map((json) => (JSON.parse(json) as { eventTime: string }).eventTime)).toEqual([at(1).eventTime, at(5).eventTime]);
    expect(found.notes).toEqual([
      `Looked up in CloudTrail: the last failed request for ${ordersRole} in 24 hours was at 2026-11-29T05:00:00Z in eu-west-1.`,
      '2 failed requests of that role were read.',
    ]);
    expect(streams()).toEqual(['eu-west-1 AssumeRoleWithWebIdentity']);
  });

  it('by role, of Pod Identity: calls of EKS alone', async () => {
    const own = event({}, {}, podIdentityEvent);
    fake.cloudTrail.add('eu-west-1', own, event({}, { userIdentity: { type: 'AssumedRole', invokedBy: 'other' } }, podIdentityEvent));
    const found = await lookUp({ ...byRole, mechanism: 'pod-identity' });
    expect(found.events.map((json) => (JSON.parse(json) as { eventID: string }).eventID)).toEqual([
      (JSON.parse(own) as { eventID: string }).eventID,
    ]);
    expect(streams()).toEqual(['eu-west-1 AssumeRole']);
  });

  it('on a later page', async () => {
    fake.cloudTrail.pageSize = 2;
    fake.cloudTrail.add('eu-west-1', event({ requestId }), ...Array.from({ length: 5 }, () => event()));
    const found = await lookUp({ ...byRole, requestIds: [requestId] });
    expect(found.events).toHaveLength(1);
    expect(fake.cloudTrail.lookups.map(({ token }) => token)).toEqual([undefined, '2', '4']);
  });

  it('beside events that are none', async () => {
    fake.cloudTrail.add('eu-west-1', event(), 'not JSON', 'null', '[]', JSON.stringify({ eventName: 'AssumeRoleWithWebIdentity' }));
    expect((await lookUp(byRole)).events).toHaveLength(1);
  });
});

describe('not found', () => {
  it('says where, since when, and why an event may be missing', async () => {
    fake.cloudTrail.add('eu-west-1', event());
    const { events, notes } = await lookUp({ ...byRole, requestIds: [requestId] });
    expect(events).toEqual([]);
    expect(notes[0]).toBe(`CloudTrail has no event with request ID ${requestId} in eu-west-1 or us-east-1 in the last 24 hours.`);
    expect(notes[1]).toContain('15 minutes');
    expect(notes[2]).toBe(
      `1 failed request for ${ordersRole} had another request ID. To use the last one, diagnose without the request ID.`,
    );
  });

  it('says that only others failed', async () => {
    fake.cloudTrail.add('eu-west-1', event({ account: 'cart' }), event({ namespace: 'other' }));
    const { events, notes } = await lookUp({ ...byRole, serviceAccount: { namespace: 'shop', name: 'orders' } });
    expect(events).toEqual([]);
    expect(notes[2]).toBe('2 failed requests for this role came from another service account.');
  });

  it('stops after 10 calls, and says that older events were not read', async () => {
    fake.cloudTrail.pageSize = 1;
    for (const region of ['eu-west-1', 'us-east-1']) fake.cloudTrail.add(region, ...Array.from({ length: 30 }, () => event({ role: 'x' })));
    const { notes } = await lookUp(byRole);
    expect(streams().map((each) => each.split(' ')[0])).toEqual([...Array(5).fill('eu-west-1'), ...Array(5).fill('us-east-1')]);
    expect(notes[0]).toBe(
      `CloudTrail has no failed request for ${ordersRole} among the newest 10 events that were read in eu-west-1 or us-east-1; older ones weren't read.`,
    );
  });

  it('asks nobody where there is nothing to look for, or no region', async () => {
    for (const asked of [question(['hello']), question([goDenied(requestId), webIdentityEvent({ requestId })])])
      expect((await lookUp(asked)).notes[0]).toMatch(/^CloudTrail wasn't queried: the paste /);
    expect((await lookUp({ ...byRole, roleArn: 'arn:aws-cn:iam::111122223333:role/x' })).notes).toEqual([
      "CloudTrail wasn't queried: no region is known. Select one for AWS.",
    ]);
    expect(fake.calls).toEqual([]);
  });
});

describe('what AWS refuses is told, and throws nothing', () => {
  it('a missing permission, once for both regions', async () => {
    fake.fail('cloudtrail:LookupEvents', 'denied', 9);
    expect(await lookUp(byRole)).toEqual({
      events: [],
      notes: [
        'CloudTrail could not be read in eu-west-1, us-east-1: AWS denied cloudtrail:LookupEvents. Request the permission cloudtrail:LookupEvents; docs/permissions.md lists all permissions that are used.',
      ],
    });
  });

  it('one in a single region: the other is asked', async () => {
    fake.fail('cloudtrail:LookupEvents', 'denied', 1);
    fake.cloudTrail.add('us-east-1', event());
    const { events, notes } = await lookUp(byRole);
    expect(events).toHaveLength(1);
    expect(notes.at(-1)).toContain('could not be read in eu-west-1: AWS denied');
  });

  it('expired credentials, after one call', async () => {
    fake.fail('cloudtrail:LookupEvents', 'expired', 9);
    const { notes } = await lookUp(byRole);
    expect(notes).toEqual(['CloudTrail could not be read in eu-west-1: The credentials have expired. Sign in again, then refresh.']);
    expect(fake.calls).toHaveLength(1);
  });

  it('throttling: the call is repeated', async () => {
    fake.fail('cloudtrail:LookupEvents', 'throttle', 1);
    fake.cloudTrail.add('eu-west-1', event());
    expect((await lookUp(byRole)).events).toHaveLength(1);
    expect(fake.calls).toHaveLength(2);
  });

  it('no connection', async () => {
    const { lookUp: ask } = await loadCloudTrail();
    const open = () => connectAws({ profile: 'missing' });
    const { notes } = await ask(open, byRole, { now, pause: 0 });
    expect(notes[0]).toContain('There is no profile missing');
  });

  it('a cancelled lookup: nothing more is asked', async () => {
    fake.cloudTrail.pageSize = 1;
    fake.cloudTrail.add('eu-west-1', ...Array.from({ length: 9 }, () => event({ role: 'x' })));
    const stopper = new AbortController();
    fake.fail('cloudtrail:LookupEvents', { delay: 1 }, 1);
    const { call } = connection.sdk;
    const counted: Connection = {
      ...connection,
      sdk: {
        configOf: (region) => connection.sdk.configOf(region),
        call: async (...args) => {
          const answer = await call.apply(connection.sdk, args);
          stopper.abort();
          return answer as never;
        },
      },
    };
    const { lookUp: ask } = await loadCloudTrail();
    expect(await ask(() => counted, byRole, { now, pause: 60_000, signal: stopper.signal })).toEqual({
      events: [],
      notes: ['The lookup in CloudTrail was cancelled.'],
    });
    expect(fake.calls).toHaveLength(1);
  });
});

describe('secrets in events', () => {
  const token = `IQoJb3JpZ2luX2VjPlantedSessionToken${'aB3dE5fG7h'.repeat(30)}`;
  const credentials = { accessKeyId: 'ASIAQ3EGPLANTEDKEY02', sessionToken: token, secretAccessKey: 'wJa1rXUtnFEMIPLANTEDKEY9' };

  it('are in no event, note or answer', async () => {
    fake.cloudTrail.add('eu-west-1', event({ requestId }, { responseElements: { credentials, assumedRoleUser: { arn: 'x' } } }));
    const pastes = [goDenied(requestId)];
    const lookedUp = await lookUp({ ...byRole, ...question(pastes), regions: ['eu-west-1'] });
    expect(lookedUp.events).toHaveLength(1);
    const answer = diagnose({ pastes, lookedUp }, { look: () => [] });
    const all = JSON.stringify([lookedUp, answer]) + diagnosisText(answer, () => 'x:1');
    for (const secret of ['Planted', 'PLANTED', 'aB3dE5fG7h']) expect(all).not.toContain(secret);
  });

  it('nor in an answer where an event has them elsewhere', async () => {
    fake.cloudTrail.add('eu-west-1', event({ requestId }, { additionalEventData: { credentials, text: `AWS_SESSION_TOKEN=${token}` } }));
    const pastes = [goDenied(requestId)];
    const lookedUp = await lookUp({ ...byRole, ...question(pastes), regions: ['eu-west-1'] });
    expect(lookedUp.events).toHaveLength(1);
    const answer = diagnose({ pastes, lookedUp }, { look: () => [] });
    const all = JSON.stringify([lookedUp.notes, answer]) + diagnosisText(answer, () => 'x:1');
    for (const secret of ['Planted', 'PLANTED', 'aB3dE5fG7h']) expect(all).not.toContain(secret);
  });
});
