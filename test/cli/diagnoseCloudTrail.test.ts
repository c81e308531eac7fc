import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { goDenied, ordersRole, webIdentityEvent } from '../diagnose/evidence';
import { useCli, type CliResult } from '../support/cli';
import { FakeAws } from '../support/fakeAws';
import { folder } from '../support/folder';
import { awsEnv } from '../support/moto';
import { account, trust } from './files';

const cli = useCli();
const requestId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const files = {
  'k8s/sa.yaml': account('orders', 'shop', ordersRole),
  'iam/orders-role/trust.json': trust('system:serviceaccount:shop:order'),
};
const credentials = {
  accessKeyId: 'ASIAQ3EGPLANTEDKEY02',
  sessionToken: `IQoJb3JpZ2luX2VjPlantedSessionToken${'aB3dE5fG7h'.repeat(30)}`,
};
const home = mkdtempSync(join(tmpdir(), 'pod-roles-trail-cli-'));
let fake: FakeAws;

beforeAll(async () => {
  fake = await FakeAws.start('http://127.0.0.1:1');
});
afterEach(() => fake.reset());
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await fake.stop();
});

const run = (args: readonly string[], input = goDenied(requestId)): Promise<CliResult> =>
  cli(['diagnose', ...args], { cwd: folder(files), input, env: awsEnv(home, fake.url) });
const event = JSON.stringify({ ...(JSON.parse(webIdentityEvent({ requestId })) as object), responseElements: { credentials } });

describe('pod-roles diagnose --cloudtrail', () => {
  it('joins the error with its event, and so names the line', async () => {
    fake.cloudTrail.add('eu-west-1', event);
    const { code, stdout, stderr } = await run(['--cloudtrail']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe(
      'Cause (certain): The trust policy of orders-role allows shop/order, not shop/orders.   iam/orders-role/trust.json:12',
    );
    expect(stdout).toContain(`CloudTrail has the event of request ID ${requestId} (eu-west-1, 2026-11-29T08:00:00Z).`);
    expect(new Set(fake.actions)).toEqual(new Set(['cloudtrail:LookupEvents']));
  });

  it('takes the region, and lets no secret of an event out in JSON either', async () => {
    fake.cloudTrail.add('ap-south-1', event);
    const { stdout, stderr } = await run(['-', '--cloudtrail', '--format', 'json', '--workload', 'shop/orders', '--region', 'ap-south-1']);
    const answer = JSON.parse(stdout) as { certainty: string; evidence: object[]; notes: string[] };
    expect(answer.certainty).toBe('certain');
    expect(answer.evidence).toContainEqual(expect.objectContaining({ kind: 'role', value: ordersRole, paste: 1, lookedUp: true }));
    // What else --region asks for fails here: it is told, and the answer is there.
    expect(answer.notes.join('\n')).toMatch(/^AWS was not read: /m);
    for (const secret of ['Planted', 'PLANTED', 'aB3dE5fG7h']) expect(stdout + stderr).not.toContain(secret);
  });

  it('answers where AWS refuses, has nothing, or cannot be reached', async () => {
    fake.fail('cloudtrail:LookupEvents', 'denied', 9);
    const refused = await run(['--cloudtrail']);
    expect([refused.code, refused.stderr]).toEqual([0, '']);
    expect(refused.stdout).toContain('AWS denied cloudtrail:LookupEvents.');
    expect(refused.stdout).not.toContain('secret-session-name');
    fake.reset();
    fake.fail('cloudtrail:LookupEvents', 'expired', 9);
    expect((await run(['--cloudtrail'])).stdout).toContain('The credentials have expired.');
    fake.reset();
    const none = await run(['--cloudtrail']);
    expect(none.stdout).toContain(`CloudTrail has no event with request ID ${requestId} in eu-west-1 or us-east-1 in the last 24 hours.`);
    expect(none.stdout).toContain('up to about 15 minutes');
  });

  it('asks nobody without the option, nor with it where there is nothing to look for', async () => {
    fake.cloudTrail.add('eu-west-1', event);
    expect((await run([])).stdout).not.toMatch(/^ +CloudTrail has/m);
    expect((await run(['--cloudtrail'], 'nothing of the kind')).stdout).toContain(
      "CloudTrail wasn't queried: the paste names no request ID",
    );
    expect(fake.calls).toEqual([]);
  });
});
