import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs';
import { accessByGrant } from '../../server/src/core/trust/access';
import type { Workspace } from '../../server/src/core/workspace/workspace';
import { pathOf, uriOf, workspaceOf } from './build';
import { ack, crossplane, program, stack } from './templates';

/** Every verdict of a workspace: `demo/app: allowed`, in order. */
function verdictsOf(workspace: Workspace): string[] {
  const { wiring } = workspace;
  return [
    ...[...wiring.chains()].map((chain) => `${pathOf(chain.account.doc.uri)}: ${workspace.access(chain).decision}`),
    ...[...wiring.grants()].map((grant) => `${pathOf(grant.association!.doc.uri)}: ${accessByGrant(grant, undefined).decision}`),
  ].sort();
}

const found = (workspace: Workspace, ...paths: string[]): string[] =>
  paths.flatMap((path) => workspace.check(uriOf(path)).map(({ rule, level }) => `${path}: ${rule}@${level}`));

const getAtt = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const pods = 'pods.eks.amazonaws.com';
const ec2 = 'ec2.amazonaws.com';

describe('a reference is the very object', () => {
  it.each([
    ['GetAtt of a role without a name', getAtt('Own'), 'allowed'],
    ['GetAtt in one text', { 'Fn::GetAtt': 'Own.Arn' }, 'allowed'],
    ['Sub', { 'Fn::Sub': '${Own.Arn}' }, 'allowed'],
    ['Sub with a variable', { 'Fn::Sub': ['${It}', { It: getAtt('Own') }] }, 'allowed'],
    ['a role that does not allow it', getAtt('Other'), 'denied'],
    ['one of two that agree', { 'Fn::If': ['IsProd', getAtt('Own'), getAtt('Third')] }, 'allowed'],
    ['one of two that do not agree', { 'Fn::If': ['IsProd', getAtt('Own'), getAtt('Other')] }, 'unknown'],
    ['a role or a value that nobody tells', { 'Fn::If': ['IsProd', getAtt('Other'), { Ref: 'Given' }] }, 'unknown'],
    ['an import', { 'Fn::ImportValue': 'role' }, 'unknown'],
  ])('CloudFormation: %s', (_, role, decision) => {
    const text = stack({ Own: {}, Other: { service: ec2 }, Third: { name: 'third' } }, { role });
    expect(verdictsOf(workspaceOf({ 'stack.json': text }))).toEqual([`stack.json: ${decision}`]);
  });

  it('CloudFormation: Ref gives the name of a role, and an association takes an ARN', () => {
    const workspace = workspaceOf({ 'stack.json': stack({ Own: {} }, { role: { Ref: 'Own' } }) });
    expect(found(workspace, 'stack.json')).toEqual([
      'stack.json: pod-identity-source-unrestricted@info',
      'stack.json: role-arn-malformed@error',
    ]);
  });

  it('never looks for a name where the object is in no file', () => {
    const workspace = workspaceOf({
      'a.json': stack({}, { role: getAtt('AppRole') }),
      'b.json': stack({ AppRole: { name: 'AppRole', service: ec2 } }, { role: getAtt('AppRole'), serviceAccount: 'b' }),
    });
    expect(verdictsOf(workspace)).toEqual(['a.json: unknown', 'b.json: denied']);
  });

  it('keeps roles of one name in two templates apart', () => {
    const workspace = workspaceOf({
      'a/stack.json': stack({ Role: { name: 'app' } }, { role: getAtt('Role') }),
      'b/stack.json': stack({ Role: { name: 'app', service: ec2 } }, { role: getAtt('Role'), serviceAccount: 'other' }),
    });
    expect(verdictsOf(workspace)).toEqual(['a/stack.json: allowed', 'b/stack.json: denied']);
    expect(found(workspace, 'a/stack.json')).toEqual(['a/stack.json: pod-identity-source-unrestricted@info']);
    expect(found(workspace, 'b/stack.json')).toEqual(['b/stack.json: association-role-mismatch@error']);
  });

  it.each([
    ['the ARN', 'demo:app', '${role.arn}', 'allowed'],
    ['the ARN of a role for another account', 'demo:other', '${role.arn}', 'denied'],
    ['the name', 'demo:app', '${role.name}', 'denied'],
    ['an output that nobody tells', 'demo:app', '${stack.outputs.arn}', 'unknown'],
  ])('Pulumi: %s', (_, subject, arn, decision) => {
    expect(verdictsOf(workspaceOf({ 'Pulumi.yaml': program({ subject, arn }) }))).toEqual([`Pulumi.yaml: ${decision}`]);
  });

  it('ACK: the role by its name in the cluster, whatever it is called in AWS', () => {
    const verdict = (text: string) => verdictsOf(workspaceOf({ 'ack.yaml': text }));
    expect(verdict(ack({ object: 'app', name: 'prod-app', service: pods }))).toEqual(['ack.yaml: allowed']);
    expect(verdict(ack({ object: 'app', name: 'prod-app', service: ec2 }))).toEqual(['ack.yaml: denied']);
    expect(verdict(ack({ object: 'app', name: 'prod-app', service: pods, from: 'prod-app' }))).toEqual(['ack.yaml: unknown']);
  });

  it.each(['roleArnRef: {name: app}', 'roleArnSelector: {matchLabels: {app: app}}'])('Crossplane: %s', (reference) => {
    const verdict = (service: string) => verdictsOf(workspaceOf({ 'x.yaml': crossplane({ object: 'app', service, reference }) }));
    expect([verdict(pods), verdict(ec2)]).toEqual([['x.yaml: allowed'], ['x.yaml: denied']]);
  });

  it('objects of two clusters with one name are two', () => {
    const workspace = workspaceOf({
      'cluster-a/ack.yaml': ack({ object: 'app', name: 'app', service: pods }),
      'cluster-a/sa.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: demo}\n',
      'cluster-b/ack.yaml': ack({ object: 'app', name: 'app', service: ec2 }),
      'cluster-b/sa.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: demo}\n',
    });
    expect(verdictsOf(workspace)).toEqual(['cluster-a/ack.yaml: allowed', 'cluster-b/ack.yaml: denied']);
  });
});

const service = fc.constantFrom(pods, ec2);
const subject = fc.constantFrom('demo:app', 'demo:other', 'x:app');
const roleName = fc.stringMatching(/^[a-z][a-z0-9-]{3,12}$/);

/** A repository of templates, with the names of its roles left to be given. */
const repository = fc
  .record({ a: service, b: service, c: subject, d: subject, e: service, same: fc.boolean() })
  .map(({ a, b, c, d, e, same }) => (names: readonly [string, string, string, string, string]) => ({
    'one/stack.json': stack({ Role: { name: names[0], service: a } }, { role: getAtt('Role') }),
    'two/stack.json': stack({ Role: { name: same ? names[0] : names[1], service: b } }, { role: getAtt('Role'), serviceAccount: 'other' }),
    'three/Pulumi.yaml': program({ name: names[2], subject: c }),
    'four/Pulumi.yaml': program({ name: same ? names[2] : names[3], subject: d }),
    'five/ack.yaml': ack({ object: 'app', name: names[4], service: e }),
  }));

it('a fresh name for each role changes no verdict that rests on identity', () => {
  fc.assert(
    fc.property(repository, fc.uniqueArray(roleName, { minLength: 5, maxLength: 5 }), (make, fresh) => {
      const before = verdictsOf(workspaceOf(make(['app', 'app', 'app', 'app', 'app'])));
      const after = verdictsOf(workspaceOf(make(fresh as [string, string, string, string, string])));
      expect(after).toEqual(before);
      expect(before).toHaveLength(5);
      expect(before.filter((each) => each.endsWith('unknown'))).toEqual([]);
    }),
    { numRuns: runs(60) },
  );
});
