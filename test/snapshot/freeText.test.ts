import { expect, test } from 'vitest';
import type { AwsAccount, AwsFacts, AwsRole } from '../../server/src/core/model/aws';
import { withoutFreeText } from '../../server/src/core/snapshot/freeText';
import { keepTimes } from '../../server/src/core/snapshot/keepTimes';
import { isSnapshot, readSnapshot } from '../../server/src/core/snapshot/read';
import { writeSnapshot } from '../../server/src/core/snapshot/write';

const trust = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Condition: {
        StringEquals: { 'sts:ExternalId': ['hunter2-id'], 'sts:RoleSessionName': 'kept' },
        StringLike: { 'aws:userAgent': 'hunter2-agent' },
      },
    },
  ],
});
const untouched = '{ "Statement": [ { "Effect": "Allow", "Resource": "kept-too" } ] }';
const role: AwsRole = {
  arn: 'arn:aws:iam::111122223333:role/demo',
  name: 'demo',
  path: '/',
  detail: true,
  description: 'password hunter2-description',
  tags: { token: 'hunter2-tag' },
  trustPolicy: trust,
  inline: { queue: trust.replace('sts:ExternalId', 'aws:Referer'), plain: untouched },
};
const account = (takenAt: string, more: Partial<AwsAccount> = {}): AwsAccount => ({
  id: '111122223333',
  partition: 'aws',
  takenAt,
  regions: [],
  roles: [role],
  providers: [],
  clusters: [],
  associations: [],
  partial: [],
  policies: [{ arn: 'arn:aws:iam::111122223333:policy/p', name: 'p', description: 'hunter2-policy', document: untouched }],
  ...more,
});
const facts = (...accounts: AwsAccount[]): AwsFacts => ({ version: 1, accounts });

test('what people write freely is not in a snapshot, and a policy without it keeps its text', () => {
  const pruned = withoutFreeText(facts(account('2026-11-20T09:00:00Z')));
  const text = writeSnapshot(pruned);
  expect(text).not.toContain('hunter2');
  for (const kept of ['kept', 'kept-too', 'sts:ExternalId', '(not written)']) expect(text).toContain(kept);
  expect(pruned.accounts[0]!.roles[0]!.inline!['plain']).toBe(untouched);
  expect(writeSnapshot(facts(account('2026-11-20T09:00:00Z')))).toContain('hunter2-tag');
});

test('the external ID of an association is not in a snapshot, its other options are', () => {
  const association = {
    id: 'a-1',
    clusterName: 'demo',
    region: 'eu-west-1',
    namespace: 'shop',
    serviceAccount: 'orders',
    targetRoleArn: 'arn:aws:iam::444455556666:role/data',
    sessionTagsDisabled: true,
    policy: trust.replace('sts:ExternalId', 'aws:Referer'),
    externalId: 'hunter2-external',
    ownerArn: 'arn:aws:eks:eu-west-1:111122223333:addon/demo/vpc-cni/1',
  };
  const [pruned] = withoutFreeText(facts(account('2026-11-20T09:00:00Z', { associations: [association] }))).accounts[0]!.associations;
  const { externalId: _, policy: __, ...rest } = association;
  expect(pruned).toEqual({ ...rest, policy: expect.stringContaining('(not written)') as string });
  const text = writeSnapshot(facts(account('2026-11-20T09:00:00Z', { roles: [], policies: [], associations: [association] })));
  expect(readSnapshot(text).facts?.accounts[0]?.associations[0]).toEqual({ ...association, policy: expect.any(String) as string });
});

test('the time changes only when something else of the account does', () => {
  const [early, late] = ['2026-11-20T09:00:00Z', '2026-11-29T09:00:00Z'];
  const other = account(early, { id: '444455556666' });
  expect(keepTimes(facts(account(late)), facts(account(early))).accounts[0]!.takenAt).toBe(early);
  expect(keepTimes(facts(account(late)), undefined).accounts[0]!.takenAt).toBe(late);
  const changed = keepTimes(facts(account(late, { regions: ['eu-west-1'] }), { ...other, takenAt: late }), facts(account(early), other));
  expect(changed.accounts.map(({ takenAt }) => takenAt)).toEqual([late, early]);
});

test.each([
  ['{"version": 1, "accounts": []}', true],
  ['{"version":1,"accounts":[{"id":"111122223333"}]}', true],
  ['{"version": 1}', false],
  ['[]', false],
  ['null', false],
  ['{"version": 1, "accounts": [1]}', false],
  ['{"version": "1.0.0", "accounts": []}', false],
  ['{"RoleDetailList": []}', false],
  ['no json', false],
  ['', false],
])('%s is a snapshot: %s', (text, is) => expect(isSnapshot(text)).toBe(is));
