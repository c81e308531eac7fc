import { describe, expect, it } from 'vitest';
import { account, accountIn, getRole, policyIn, tiesOf, trust, workspaceOf } from './build';

const own = account('demo-sa', 'demo', 'demo-role');
const policy = trust('demo:demo-sa');

/** What ties the account of `sa.yaml`, or of the one file with an account. */
function tie(files: Record<string, string>, path = 'k8s/sa.yaml'): string[] | undefined {
  return tiesOf(workspaceOf(files))[path];
}

describe('a trust policy finds its role', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'by the ARN in pod-roles.yaml',
      {
        'pod-roles.yaml': 'roles: {"arn:aws:iam::111122223333:role/demo-role": p/one.json}',
        'k8s/sa.yaml': own,
        'p/one.json': policy,
        'p/two.json': policy,
      },
      ['config:p/one.json'],
    ],
    [
      'by the name in pod-roles.yaml, over its folder',
      { 'pod-roles.yaml': 'roles: {demo-role: ./p/x/../one.json}', 'k8s/sa.yaml': own, 'p/one.json': policy },
      ['config:p/one.json'],
    ],
    [
      'by its own name, in a file that pod-roles.yaml gives another role',
      {
        'pod-roles.yaml': 'roles: {other-role: aws/out.json}',
        'k8s/sa.yaml': own,
        'aws/out.json': getRole('demo-role', 'demo:demo-sa'),
      },
      ['document:aws/out.json'],
    ],
    [
      'by its ARN in the same document',
      { 'k8s/sa.yaml': own, 'aws/out.json': getRole('demo-role', 'demo:demo-sa') },
      ['document:aws/out.json'],
    ],
    ['by its folder', { 'k8s/sa.yaml': own, 'iam/demo-role/trust.json': policy }, ['path:iam/demo-role/trust.json']],
    [
      'by a folder further up',
      { 'k8s/sa.yaml': own, 'iam/demo-role/policies/trust-policy.json': policy },
      ['path:iam/demo-role/policies/trust-policy.json'],
    ],
    ['by its name', { 'k8s/sa.yaml': own, 'iam/demo-role.json': policy }, ['path:iam/demo-role.json']],
    ['by its name less trust', { 'k8s/sa.yaml': own, 'iam/demo-role-trust.json': policy }, ['path:iam/demo-role-trust.json']],
    [
      'by its name less trust-policy in front',
      { 'k8s/sa.yaml': own, 'iam/trust-policy-demo-role.json': policy },
      ['path:iam/trust-policy-demo-role.json'],
    ],
    [
      'by its name less trust_policy',
      { 'k8s/sa.yaml': own, 'iam/demo-role_trust_policy.json': policy },
      ['path:iam/demo-role_trust_policy.json'],
    ],
    ['by its name less .trust', { 'k8s/sa.yaml': own, 'iam/demo-role.trust.json': policy }, ['path:iam/demo-role.trust.json']],
    [
      'by its name less assume-role-policy',
      { 'k8s/sa.yaml': own, 'iam/demo-role-assume-role-policy.json': policy },
      ['path:iam/demo-role-assume-role-policy.json'],
    ],
    ['by being the only one beside the only account', { 'k8s/sa.yaml': own, 'k8s/trust.json': policy }, ['only-one:k8s/trust.json']],
    ['by being the only one in the iam folder beside', { 'k8s/sa.yaml': own, 'iam/trust.json': policy }, ['only-one:iam/trust.json']],
    [
      'by being the only one in the iam folder below',
      { 'k8s/sa.yaml': own, 'k8s/iam/trust.json': policy },
      ['only-one:k8s/iam/trust.json'],
    ],
    [
      'by allowing just this account, beside two accounts',
      { 'k8s/sa.yaml': own, 'k8s/sa2.yaml': account('b', 'demo', 'b-role'), 'k8s/trust.json': policy },
      ['subject:k8s/trust.json'],
    ],
    [
      'by allowing just this account, in the iam folder of several folders that ask',
      { 'k8s/sa.yaml': own, 'k9s/sa.yaml': account('b', 'demo', 'b-role'), 'iam/trust.json': policy },
      ['subject:iam/trust.json'],
    ],
  ])('%s', (_, files, expected) => {
    expect(tie(files)).toEqual(expected);
  });

  it("strongest first, where several policies claim to be the role's", () => {
    expect(tie({ 'k8s/sa.yaml': own, 'iam/demo-role/trust.json': policy, 'aws/role.json': getRole('demo-role', 'demo:x') })).toEqual([
      'document:aws/role.json',
      'path:iam/demo-role/trust.json',
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['another role of that path', { 'k8s/sa.yaml': own, 'roles/other-role/trust.json': policy }],
    ["an account id in the path that is not the role's", { 'k8s/sa.yaml': own, '444455556666/demo-role/trust.json': policy }],
    ['a provider of another AWS account', { 'k8s/sa.yaml': own, 'iam/demo-role/trust.json': trust('demo:demo-sa', '444455556666') }],
    [
      'an ARN of another AWS account in the document',
      { 'k8s/sa.yaml': own, 'aws/role.json': getRole('demo-role', 'demo:demo-sa', '444455556666') },
    ],
    ['another environment', { 'k8s/dev/sa.yaml': own, 'iam/prod/demo-role/trust.json': policy }],
    [
      'a file that pod-roles.yaml gives to another role',
      { 'pod-roles.yaml': 'roles: {other-role: iam/demo-role/trust.json}', 'k8s/sa.yaml': own, 'iam/demo-role/trust.json': policy },
    ],
    ['two policies that allow just this account', { 'k8s/sa.yaml': own, 'a/trust.json': policy, 'b/policy.json': policy }],
    [
      'a policy in another AWS account that allows just this account',
      { 'k8s/sa.yaml': own, 'k8s/sa2.yaml': account('b', 'demo', 'b-role'), 'k8s/trust.json': trust('demo:demo-sa', '444455556666') },
    ],
    ["a folder that the role's name only begins", { 'k8s/sa.yaml': own, 'roles/demo-role-2/trust.json': policy }],
    [
      "a stem that is another role's, in a folder of this name",
      { 'k8s/sa.yaml': own, 'k8s/other.yaml': account('o', 'demo', 'other-role'), 'demo-role/other-role-trust.json': policy },
    ],
    ['two policies beside one account', { 'k8s/sa.yaml': own, 'k8s/trust.json': policy, 'k8s/trust2.json': policy }],
    [
      'a policy that concerns no pod',
      {
        'k8s/sa.yaml': own,
        'demo-role/trust.json': JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        }),
      },
    ],
  ])('and not %s', (_, files) => {
    expect(
      Object.entries(tiesOf(workspaceOf(files)))
        .filter(([path]) => path.endsWith('/sa.yaml') && path !== 'k9s/sa.yaml')
        .map(([, ties]) => ties),
    ).toEqual([[]]);
  });

  it("a placeholder in the role's account ties as long as nothing contradicts", () => {
    const asking = account('demo-sa', 'demo', 'demo-role', '${ACCOUNT}');
    expect(tie({ 'k8s/sa.yaml': asking, 'demo-role/trust.json': policy })).toEqual(['path:demo-role/trust.json']);
    expect(tie({ 'k8s/sa.yaml': asking, 'aws/role.json': getRole('demo-role', 'demo:demo-sa') })).toEqual(['document:aws/role.json']);
  });

  it("a role's own path is compared where the document gives an ARN", () => {
    expect(
      tie({ 'k8s/sa.yaml': account('demo-sa', 'demo', 'eks/demo-role'), 'aws/role.json': getRole('demo-role', 'demo:demo-sa') }),
    ).toEqual([]);
    expect(tie({ 'k8s/sa.yaml': account('demo-sa', 'demo', 'eks/demo-role'), 'demo-role/trust.json': policy })).toEqual([
      'path:demo-role/trust.json',
    ]);
  });

  it('is found from the other side too, and from no other', () => {
    const workspace = workspaceOf({
      'k8s/sa.yaml': own,
      'iam/demo-role/trust.json': policy,
      'aws/role.json': getRole('demo-role', 'demo:x'),
      'iam/other/trust.json': policy,
      'one/sa.yaml': account('x', 'demo', 'x'),
      'one/trust.json': policy,
    });
    const accountsOf = (path: string) => workspace.wiring.chainsOf(policyIn(workspace, path)).map((chain) => chain.account);
    expect(accountsOf('iam/demo-role/trust.json')).toEqual([accountIn(workspace, 'k8s/sa.yaml')]);
    expect(accountsOf('aws/role.json')).toEqual([accountIn(workspace, 'k8s/sa.yaml')]);
    expect(accountsOf('iam/other/trust.json')).toEqual([]);
    expect(accountsOf('one/trust.json')).toEqual([accountIn(workspace, 'one/sa.yaml')]);
  });
});
