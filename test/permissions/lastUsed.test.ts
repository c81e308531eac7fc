import { expect, test } from 'vitest';
import { lastUsedWords } from '../../server/src/core/features/permissions/words';
import type { AwsRole } from '../../server/src/core/model/aws';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { factsOf } from './role';

// The facts are of 2026-11-20.
test.each<[string, Partial<AwsRole>, string]>([
  ['a new role', { createdAt: '2026-11-19T08:00:00Z' }, 'Not used since it was created on 2026-11-19'],
  ['a role younger than what IAM tracks', { createdAt: '2025-11-20T08:00:00Z' }, 'Not used since it was created on 2025-11-20'],
  ['an old role', { createdAt: '2024-01-01T08:00:00Z' }, 'Not used in the last 400 days'],
  ['a role whose age is not known', {}, 'No use recorded'],
  ['a role that was used', { createdAt: '2026-11-19T08:00:00Z', lastUsed: '2026-11-19T09:00:00Z' }, 'Last used 2026-11-19'],
  ['a role whose details were not asked', { detail: false }, ''],
])('%s: %s', (_, role, words) => {
  const aws = new AwsIndex(factsOf({}, role), { kind: 'snapshot', label: 'snapshot' });
  expect(lastUsedWords(aws, [...aws.roles()][0]!)).toBe(words);
});
