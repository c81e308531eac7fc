import { describe, expect, it } from 'vitest';
import { openings, type Reading } from '../../server/src/core/fixes/openings';
import { readFacts } from '../../server/src/core/readers/registry';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { issuer, provider } from './policies';

/** What is read of a policy in a file of its own. */
function reading(...statements: object[]): Reading {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const uri = 'file:///w/trust-policy.json';
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  workspace.open(uri, text);
  return { facts: workspace.file(uri)!.documents.flatMap((document) => readFacts(document)), sources: [text] };
}

const allow = (condition: object | undefined, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Federated: provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(condition ? { Condition: condition } : {}),
  ...more,
});
const sub = (operator: string, ...values: string[]) => ({
  [operator]: { [`${issuer}:sub`]: values.map((each) => `system:serviceaccount:${each}`) },
});

describe('a fix that is proven to allow nobody new opens nothing, however wide the policy is', () => {
  it.each<[string, object[], object[]]>([
    [
      'a statement that another one contains leaves',
      [allow(sub('StringLike', 'demo*:*')), allow(sub('StringLike', 'demo*:app'))],
      [allow(sub('StringLike', 'demo*:*'))],
    ],
    [
      'a condition that always matches leaves',
      [allow({ ...sub('StringLike', 'd*:x'), Null: { [`${issuer}:aud`]: 'false' } })],
      [allow(sub('StringLike', 'd*:x'))],
    ],
    [
      'an action that does nothing for tokens leaves',
      [allow(sub('StringLike', 'd*:x'), { Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'] })],
      [allow(sub('StringLike', 'd*:x'))],
    ],
    ['a condition is added', [allow(undefined)], [allow({ StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } })]],
  ])('%s', (_, before, after) => expect(openings(reading(...before), reading(...after), false)).toEqual([]));

  it.each<[string, object[], object[]]>([
    // Its pattern would be its author's word to the next fix.
    ['a pattern is new, and narrower', [allow(sub('StringLike', '*:app'))], [allow(sub('StringLike', 'demo*:app'))]],
    ['a pattern gets wider', [allow(sub('StringLike', 'demo-*:app'))], [allow(sub('StringLike', 'demo*:app'))]],
    [
      'a Deny statement leaves',
      [allow(sub('StringLike', 'demo*:app')), allow(sub('StringLike', 'demo-x:*'), { Effect: 'Deny' })],
      [allow(sub('StringLike', 'demo*:app'))],
    ],
    ['the policy was rejected before', [allow(sub('StringLike', 'demo*:app'), { Resource: '*' })], [allow(sub('StringLike', 'demo*:app'))]],
    ['nothing is known of the operator', [allow(sub('{{ .Values.operator }}', 'demo*:app'))], [allow(sub('StringLike', 'demo*:app'))]],
  ])('but not where %s', (_, before, after) => expect(openings(reading(...before), reading(...after), false)).not.toEqual([]));
});
