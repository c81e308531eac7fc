import { describe, expect, test } from 'vitest';
import { planSteps, type AwsState, type StepsPlan } from '../../server/src/core/generate/planSteps';
import { readPair, type PairOptions } from '../../server/src/core/generate/readPair';
import { describeStep } from '../../server/src/core/generate/steps';
import { trustDocument } from '../../server/src/core/generate/trust';
import type { Pair } from '../../server/src/core/generate/pair';
import type { AwsRole } from '../../server/src/core/model/aws';
import { demo, pairOf, podPair } from './arbitraries';

const state = (more: Partial<AwsState> = {}): AwsState => ({ accountId: '111122223333', partition: 'aws', gaps: [], ...more });
const quota = 2_048;
const plan = (pair: Pair, of: AwsState, force = false): StepsPlan => planSteps(pair, of, { trustPolicyQuota: quota, force });
const roleOf = (pair: Pair, more: Partial<AwsRole> = {}): AwsRole => ({
  arn: pair.role.arn,
  name: pair.role.name,
  path: pair.role.path,
  trustPolicy: JSON.stringify(trustDocument(pair)),
  attached: [],
  inline: {},
  detail: true,
  ...more,
});
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] });

describe('what is there is kept', () => {
  const pair = pairOf({
    policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    policy: { document: policy },
    tags: { a: '1', b: '2' },
    permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
    maxSessionDuration: '7200',
  });
  const provider = { arn: pair.provider!.arn, issuer: pair.provider!.issuer, clientIds: ['sts.amazonaws.com'] };

  test('a role with all of it: nothing to do, whatever white space its documents have', () => {
    const role = roleOf(pair, {
      attached: ['x', ...pair.role.policyArns],
      inline: { permissions: JSON.stringify(JSON.parse(policy), null, 8) },
      tags: { a: '1', b: '2', c: '3' },
      permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      maxSessionDuration: 7_200,
    });
    expect(plan(pair, state({ role, provider }))).toMatchObject({ steps: [], problems: [] });
  });

  test('only what is missing', () => {
    const role = roleOf(pair, { tags: { a: '0' }, maxSessionDuration: 3_600 });
    const { steps, problems, notes } = plan(pair, state({ role, provider: { ...provider, clientIds: [] } }));
    expect(problems).toEqual([]);
    expect(steps.map(describeStep)).toEqual([
      `Add the audience sts.amazonaws.com to the provider ${provider.issuer}`,
      'Set the permissions boundary of demo-role to arn:aws:iam::aws:policy/PowerUserAccess',
      'Tag demo-role: a=1 (was 0), b=2',
      'Attach arn:aws:iam::aws:policy/ReadOnlyAccess to demo-role',
      'Write the inline policy permissions of demo-role',
    ]);
    expect(notes).toContain('The session duration of demo-role stays 3600 s: that of a role which is there is not changed.');
  });

  test.each<[string, Partial<AwsRole>, RegExp]>([
    [
      'another path',
      { arn: 'arn:aws:iam::111122223333:role/x/demo-role', path: '/x/' },
      /There is a role demo-role already, .*Give its path \(--path \/x\/\)/,
    ],
    ['another case', { arn: 'arn:aws:iam::111122223333:role/Demo-Role', name: 'Demo-Role' }, /There is a role Demo-Role already/],
    ['no readable trust policy', { trustPolicy: undefined }, /could not be read, so it is not changed/],
    [
      'a trust policy with a Deny',
      {
        trustPolicy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: { Federated: pair.provider!.arn }, Action: 'sts:AssumeRoleWithWebIdentity' }],
        }),
      },
      /effect Deny/,
    ],
    ['policies nobody may read', { attached: undefined }, /policies of demo-role could not be read, so nothing is changed/],
    ['another boundary', { permissionsBoundary: 'arn:aws:iam::aws:policy/Other' }, /has the permissions boundary .*Other.*\(--force\)/],
    [
      'another inline policy of the name',
      { inline: { permissions: '{}' } },
      /has an inline policy permissions with other content\. .*\(--force\)/,
    ],
  ])('a role with %s stops it', (_, more, message) => {
    const { steps, problems } = plan(pair, state({ role: roleOf(pair, more), provider }));
    expect(steps).toEqual([]);
    expect(problems.join('\n')).toMatch(message);
  });

  test("a service's role is never touched", () => {
    expect(readPair({ ...demo, path: '/aws-service-role/eks.amazonaws.com/' })).toMatchObject({ problems: [{ option: 'path' }] });
    const named = pairOf({ roleName: 'AWSServiceRoleForAmazonEKS' });
    const service: Pair = { ...named, role: { ...named.role, path: '/aws-service-role/eks.amazonaws.com/' } };
    expect(plan(service, state({ role: roleOf(service), provider })).problems[0]).toContain('is a role of an AWS service');
  });

  test("by the user's word boundary and inline policy are written over, with what was there for the way back", () => {
    const role = roleOf(pair, { permissionsBoundary: 'arn:aws:iam::aws:policy/Other', inline: { permissions: '{}' } });
    expect(plan(pair, state({ role, provider }), true).steps).toMatchObject([
      { kind: 'put-boundary', before: 'arn:aws:iam::aws:policy/Other' },
      { kind: 'tag-role' },
      { kind: 'attach-policy' },
      { kind: 'put-policy', before: '{}' },
    ]);
  });
});

describe('Pod Identity', () => {
  const pair = podPair();
  const association = {
    id: 'a-1',
    clusterName: 'demo-cluster',
    region: 'eu-west-1',
    namespace: 'demo-namespace',
    serviceAccount: 'demo-sa',
  };
  const role = roleOf(pair);

  test.each<[string, Partial<AwsState>, boolean, readonly string[], RegExp | undefined]>([
    ['no association', {}, false, ['create-association'], undefined],
    ["this role's", { association: { ...association, roleArn: pair.role.arn } }, false, [], undefined],
    [
      "another role's",
      { association: { ...association, roleArn: 'arn:aws:iam::111122223333:role/other' } },
      false,
      [],
      /has an association with arn:aws:iam::111122223333:role\/other in demo-cluster\. .*\(--force\)/,
    ],
    [
      "another role's, by the user's word",
      { association: { ...association, roleArn: 'arn:aws:iam::111122223333:role/other' } },
      true,
      ['update-association'],
      undefined,
    ],
    ['one that cannot be read', { association }, true, [], /could not be read, so it is not changed/],
    ['no such cluster', { clusterExists: false }, false, [], /There is no cluster demo-cluster in eu-west-1/],
  ])('%s', (_, more, force, kinds, problem) => {
    const { steps, problems } = plan(pair, state({ role, ...more }), force);
    expect(steps.map(({ kind }) => kind)).toEqual(kinds);
    if (problem) expect(problems.join('\n')).toMatch(problem);
    else expect(problems).toEqual([]);
  });

  test('a cluster without the agent is said', () => {
    expect(plan(pair, state({ role, clusterExists: true, podIdentityAgent: false })).notes.join()).toContain(
      'eks-pod-identity-agent is not installed in demo-cluster',
    );
  });
});

describe('what is asked for is checked', () => {
  test.each<[Partial<PairOptions>, keyof PairOptions]>([
    [{ mechanism: 'saml' }, 'mechanism'],
    [{ roleName: '' }, 'roleName'],
    [{ roleName: 'a/b' }, 'roleName'],
    [{ roleName: 'ä' }, 'roleName'],
    [{ roleName: 'x'.repeat(65) }, 'roleName'],
    [{ path: 'x/' }, 'path'],
    [{ path: '/{x}/' }, 'path'],
    [{ namespace: 'Demo' }, 'namespace'],
    [{ serviceAccount: 'a_b' }, 'serviceAccount'],
    [{ accountId: '12' }, 'accountId'],
    [{ issuer: 'token.actions.githubusercontent.com' }, 'issuer'],
    [{ issuer: 'oidc.eu-west-1.eks.amazonaws.com/id/X' }, 'issuer'],
    [{ issuer: 'x.example:8443/y' }, 'issuer'],
    [{ issuer: 'x.example/?y' }, 'issuer'],
    [{ issuer: '<issuer>' }, 'issuer'],
    [{ audience: 'a b' }, 'audience'],
    [{ audience: '*' }, 'audience'],
    [{ policyArns: ['ReadOnlyAccess'] }, 'policyArns'],
    [{ policyArns: ['arn:aws-cn:iam::aws:policy/ReadOnlyAccess'] }, 'policyArns'],
    [{ permissionsBoundary: 'arn:aws:iam::111122223333:role/x' }, 'permissionsBoundary'],
    [{ maxSessionDuration: '3599' }, 'maxSessionDuration'],
    [{ maxSessionDuration: '1h' }, 'maxSessionDuration'],
    [{ tags: { 'AWS:x': '1' } }, 'tags'],
    [{ tags: { a: '1', A: '2' } }, 'tags'],
    [{ tags: { a: '<' } }, 'tags'],
    [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])) }, 'tags'],
    [{ policy: { document: '{' } }, 'policy'],
    [{ policy: { document: '[]' } }, 'policy'],
    [{ policy: { document: '{"Statement": []}' } }, 'policy'],
    [{ policy: { document: policy, name: 'a b' } }, 'policy'],
    [{ policy: { document: JSON.stringify(trustDocument(pairOf())) } }, 'policy'],
    [{ policy: { document: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'a', Resource: 'x'.repeat(11_000) }] }) } }, 'policy'],
  ])('%j', (options, option) => {
    const read = readPair({ ...demo, ...options });
    expect('problems' in read && read.problems.map((problem) => problem.option)).toEqual([option]);
  });

  test('everything that is wrong is said at once', () => {
    const read = readPair({});
    expect('problems' in read && read.problems.map(({ option }) => option)).toEqual([
      'namespace',
      'serviceAccount',
      'roleName',
      'accountId',
      'issuer',
    ]);
  });

  test('partitions come from the region, the issuer, or the policies', () => {
    expect(pairOf({ issuer: 'oidc.eks.cn-north-1.amazonaws.com.cn/id/X' }).role.arn).toBe('arn:aws-cn:iam::111122223333:role/demo-role');
    expect(pairOf({ issuer: 's3.example.org/x', policyArns: ['arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'] }).role.partition).toBe(
      'aws-us-gov',
    );
  });
});
