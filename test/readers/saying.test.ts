import { expect, test } from 'vitest';
import type { TrustPolicyFact } from '../../server/src/core/model/facts';
import { Sayings } from '../../server/src/core/readers/shared/saying';
import { findingsOf, openWorkspace } from '../support/fixtureWorkspace';

const text = (sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: sid, Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
    ],
  });

/** The policy of a file, read anew. */
function policyOf(sid: string): TrustPolicyFact {
  const workspace = openWorkspace(new Map([['r.trust.json', text(sid)]]));
  findingsOf(workspace, ['r.trust.json']);
  return [...workspace.wiring.policies()][0]!;
}

test('facts say the same when all that counts of them is equal, whatever objects they are', () => {
  const [one, same, other] = [policyOf('a'), policyOf('a'), policyOf('b')];
  const sayings = new Sayings();
  const of = (fact: TrustPolicyFact) => sayings.of(fact, { deployedBy: true, roleIds: true });
  expect(one.policy).not.toBe(same.policy);
  expect(of(same)).toBe(of(one));
  expect(of({ ...one, deployedBy: ['terraform file:///a'], roleIds: ['x'] })).toBe(of(one));
  expect(of(other)).not.toBe(of(one));
  expect(of({ ...one, span: { start: 1, end: 2 } })).not.toBe(of(one));
  expect(sayings.of({ ...one, roleIds: ['x'] }, { deployedBy: true })).not.toBe(sayings.of(one, { deployedBy: true }));
});
