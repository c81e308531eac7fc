import { describe, expect, it } from 'vitest';
import type { RoleFact, TrustPolicyFact } from '../../server/src/core/model/facts';
import { readFacts } from '../../server/src/core/readers/registry';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';

const provider = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC0';
const key = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC0';
const statement = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Federated: provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${key}:sub`]: 'system:serviceaccount:demo:app' } },
  ...more,
});
const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements.length > 0 ? statements : [statement()] });

function read(text: string, name = 'file.json') {
  const facts = readSourceFile(`file:///w/${name}`, text).documents.flatMap((d) => readFacts(d));
  return {
    policies: facts.filter((f): f is TrustPolicyFact => f.kind === 'trustPolicy'),
    roles: facts.filter((f): f is RoleFact => f.kind === 'role'),
  };
}

const indent = (text: string, by: number) =>
  text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
const json = (value: unknown) => JSON.stringify(value, null, 2);

describe('shapes', () => {
  it('a policy by itself', () => {
    const { policies, roles } = read(json(policy()));
    expect(policies).toMatchObject([{ concerns: 'irsa' }]);
    expect(policies[0]!.roleName).toBeUndefined();
    expect(roles).toEqual([]);
  });

  it.each([
    ['plain', policy()],
    ['as a JSON string', JSON.stringify(policy())],
    ['URL-encoded', encodeURIComponent(JSON.stringify(policy()))],
  ])('get-role, %s', (_, AssumeRolePolicyDocument) => {
    const { policies, roles } = read(
      json({
        Role: {
          Path: '/eks/',
          RoleName: 'demo-role',
          Arn: 'arn:aws:iam::111122223333:role/eks/demo-role',
          AssumeRolePolicyDocument,
          MaxSessionDuration: 3600,
        },
      }),
    );
    expect(policies).toHaveLength(1);
    expect(policies[0]).toMatchObject({
      concerns: 'irsa',
      roleName: { value: 'demo-role' },
      roleArn: { value: 'arn:aws:iam::111122223333:role/eks/demo-role' },
      holder: { value: 'AssumeRolePolicyDocument' },
    });
    expect(policies[0]!.policy.statements).toHaveLength(1);
    expect(roles).toMatchObject([{ name: { value: 'demo-role' }, path: { value: '/eks/' }, maxSessionDuration: { value: '3600' } }]);
  });

  it('list-roles and authorization details', () => {
    const roles = ['a', 'b'].map((RoleName) => ({
      RoleName,
      Arn: `arn:aws:iam::111122223333:role/${RoleName}`,
      AssumeRolePolicyDocument: policy(),
      RolePolicyList: [
        { PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] } },
      ],
    }));
    expect(read(json({ Roles: roles })).policies.map((p) => p.roleName?.value)).toEqual(['a', 'b']);
    expect(read(json({ UserDetailList: [], RoleDetailList: roles })).policies).toHaveLength(2);
  });

  it('a Crossplane role, its external name before its own', () => {
    const text = (annotations: string) =>
      `apiVersion: iam.aws.crossplane.io/v1beta1\nkind: Role\nmetadata:\n  name: somerole\n${annotations}spec:\n  forProvider:\n    assumeRolePolicyDocument: |\n${indent(json(policy()), 6)}\n    path: /\n`;
    expect(read(text(''), 'r.yaml').policies).toMatchObject([{ concerns: 'irsa', roleName: { value: 'somerole' } }]);
    expect(read(text('  annotations:\n    crossplane.io/external-name: real\n'), 'r.yaml').policies).toMatchObject([
      { roleName: { value: 'real' } },
    ]);
  });

  it('an ACK role, and a role written as a YAML map', () => {
    const ack = `apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\nmetadata:\n  name: x\nspec:\n  name: demo-role\n  assumeRolePolicyDocument: '${JSON.stringify(policy())}'\n`;
    expect(read(ack, 'r.yaml').policies).toMatchObject([{ roleName: { value: 'demo-role' } }]);
    const map = `Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: demo-role\n      AssumeRolePolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n          - Effect: Allow\n            Principal:\n              Service: pods.eks.amazonaws.com\n            Action: [sts:AssumeRole, sts:TagSession]\n`;
    expect(read(map, 't.yaml').policies).toMatchObject([
      { concerns: 'pod-identity', roleName: { value: 'demo-role' }, policy: { form: 'yaml' } },
    ]);
  });

  it('a JSON text in a field of any name', () => {
    const text = `kind: Composition\nspec:\n  x:\n    - string:\n        fmt: |\n${indent(json(policy(statement({ Principal: { Federated: '%s' }, Condition: { '%s': { '%s:sub': 'system:serviceaccount:%s:%s' } } }))), 10)}\n`;
    expect(read(text, 'c.yaml').policies).toMatchObject([{ concerns: 'irsa' }]);
  });

  it('spans of an embedded policy lead to the document', () => {
    const text = `role:\n  trustPolicy: ${JSON.stringify(JSON.stringify(policy()))}\n`;
    const value = read(text, 'r.yaml').policies[0]!.policy.statements[0]!.condition!.operators[0]!.keys[0]!.values.values[0]!;
    expect(text.slice(value.span.start, value.span.end)).toBe('system:serviceaccount:demo:app');
  });

  it.each([
    ['a permissions policy', policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })],
    ['a permissions policy with web identity', policy({ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Resource: '*' })],
    ['a bucket policy', policy({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: '*' })],
    [
      'an endpoint policy of STS',
      policy({ Effect: 'Allow', Principal: '*', Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'], Resource: '*' }),
    ],
    ['a resource control policy', policy({ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity', Resource: '*' })],
    ['a schema', { properties: { assumeRolePolicyDocument: { type: 'string', description: 'sts:AssumeRole' } } }],
    [
      "a plan's own statements",
      { version: null, statement: [{ actions: ['sts:AssumeRoleWithWebIdentity'], principals: [{ type: 'Federated' }] }] },
    ],
    ['a file reference', { AssumeRolePolicyDocument: 'file://trust.json' }],
    ['nothing', {}],
  ])('is no trust policy: %s', (_, value) => {
    expect(read(json(value)).policies).toEqual([]);
  });

  it('what a ConfigMap or Secret carries is data', () => {
    const text = (kind: string, field: string) =>
      `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\n${field}:\n  trust.json: |\n${indent(json(policy()), 4)}\n`;
    expect(read(text('ConfigMap', 'data'), 'c.yaml').policies).toEqual([]);
    expect(read(text('Secret', 'stringData'), 'c.yaml').policies).toEqual([]);
    expect(
      read(`kind: List\nitems:\n${indent(text('ConfigMap', 'data').replace(/^/, ''), 2).replace('  apiVersion', '- apiVersion')}`, 'c.yaml')
        .policies,
    ).toEqual([]);
  });
});

describe('whom it concerns', () => {
  const other = (federated: string, condition: object) =>
    policy(statement({ Principal: { Federated: federated }, Condition: { StringEquals: condition } }));
  const arn = (issuer: string) => `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
  const issuerPolicy = (issuer: string, sub: string, aud = 'sts.amazonaws.com') =>
    other(arn(issuer), { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud });
  it.each<[string, object, TrustPolicyFact['concerns']]>([
    ['EKS without any condition', policy(statement({ Condition: {} })), 'irsa'],
    ['China', issuerPolicy('oidc.eks.cn-north-1.amazonaws.com.cn/id/X1', 'system:serviceaccount:a:b'), 'irsa'],
    ['dual-stack host', policy(statement({ Principal: { Federated: arn('oidc-eks.eu-west-1.api.aws/id/X1') }, Condition: {} })), 'irsa'],
    [
      'misordered host',
      policy(statement({ Principal: { Federated: arn('oidc.eu-west-1.eks.amazonaws.com/id/X1') }, Condition: {} })),
      'irsa',
    ],
    [
      'an issuer for a provider',
      policy(statement({ Principal: { Federated: 'https://oidc.eks.eu-west-1.amazonaws.com/id/X1' }, Condition: {} })),
      'irsa',
    ],
    [
      'placeholders in the host',
      policy(statement({ Principal: { Federated: arn('oidc.eks.[REGION].amazonaws.com/id/[OIDC_ID]') }, Condition: {} })),
      'irsa',
    ],
    [
      "the article's mistake with a hole for a provider",
      other(arn('[OIDC_ID]'), { '[OIDC_ID]:aud': 'system:serviceaccount:demo-namespace:*' }),
      'irsa',
    ],
    ["a hole and Kubernetes' subject", other('${oidc_provider_arn}', { '${oidc_provider}:sub': 'system:serviceaccount:a:b' }), 'irsa'],
    ["a hole and STS's audience", other('${oidc_provider_arn}', { '${oidc_provider}:aud': 'sts.amazonaws.com' }), 'irsa'],
    ['a self-hosted cluster in S3', issuerPolicy('s3-eu-west-1.amazonaws.com/my-cluster', 'system:serviceaccount:a:b'), 'irsa'],
    ['a self-hosted cluster of any host', issuerPolicy('oidc.example.com', 'system:serviceaccount:a:b'), 'irsa'],
    ['a subject that was meant to be one', issuerPolicy('oidc.example.com', 'system:serviceaccounts:a'), 'irsa'],
    [
      'Pod Identity',
      policy({ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      'pod-identity',
    ],
    [
      "Pod Identity with China's suffix",
      policy({ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com.cn' }, Action: 'sts:AssumeRole' }),
      'pod-identity',
    ],
    [
      'both',
      policy(statement(), {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      }),
      'both',
    ],
    ['EKS beside GitHub', policy(statement(), issuerPolicy('token.actions.githubusercontent.com', 'repo:a/b:*').Statement[0]!), 'irsa'],
    ['GitHub', issuerPolicy('token.actions.githubusercontent.com', 'repo:a/b:*'), 'other'],
    ['GitHub through a variable', other('${github_oidc_arn}', { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' }), 'other'],
    [
      'GitHub through variables alone',
      other('${var.provider_arn}', { '${var.provider}:aud': 'sts.amazonaws.com', '${var.provider}:sub': 'repo:a/b:ref:refs/heads/main' }),
      'other',
    ],
    ['GitHub Enterprise', issuerPolicy('github.example.com/_services/token', 'repo:a/b:*'), 'other'],
    ['an unknown CI server', issuerPolicy('ci.example.com', 'pipeline:x'), 'other'],
    ['an unknown host without a subject', other(arn('ci.example.com'), { 'ci.example.com:aud': 'sts.amazonaws.com' }), 'other'],
    ["GitLab of one's own", issuerPolicy('gitlab.example.com', 'project_path:a/b:*', 'https://gitlab.example.com'), 'other'],
    ['HCP Terraform', issuerPolicy('app.terraform.io', 'organization:o:project:*', 'aws.workload.identity'), 'other'],
    ['Google', other('accounts.google.com', { 'accounts.google.com:aud': '123' }), 'other'],
    ['Cognito', other('cognito-identity.amazonaws.com', { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:x' }), 'other'],
    ["the cluster's own role", policy({ Effect: 'Allow', Principal: { Service: 'eks.amazonaws.com' }, Action: 'sts:AssumeRole' }), 'other'],
    ["a node's role", policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }), 'other'],
    ['an account', policy({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'sts:AssumeRole' }), 'other'],
    [
      'SAML',
      policy({ Effect: 'Allow', Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/x' }, Action: 'sts:AssumeRoleWithSAML' }),
      'other',
    ],
  ])('%s', (_, value, concerns) => {
    expect(read(json(value)).policies.map((p) => p.concerns)).toEqual([concerns]);
  });
});

describe('the document', () => {
  const codes = (text: string) => read(text).policies[0]!.policy.problems.map((p) => [p.code, text.slice(p.span.start, p.span.end)]);

  it('keeps what stands twice and says so', () => {
    const text =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Principal":{"Federated":"' +
      provider +
      '"},"Action":"sts:AssumeRoleWithWebIdentity"}]}';
    expect(codes(text)).toEqual([['duplicate-key', 'Effect']]);
    expect(read(text).policies[0]!.policy.statements[0]!.effect!.text!.value).toBe('Deny');
  });

  it('reads elements in a wrong case and says so', () => {
    const text = JSON.stringify(policy(statement())).replace('"Effect"', '"effect"').replace('"Condition"', '"Conditon"');
    expect(codes(text)).toEqual([
      ['unknown-element', 'effect'],
      ['unknown-element', 'Conditon'],
    ]);
    expect(read(text).policies[0]!.policy.statements[0]!.effect!.text!.value).toBe('Allow');
  });

  it('places what is not JSON', () => {
    const comma = JSON.stringify(policy()).replace(/\]\}$/, ' , ]}');
    expect(codes(comma)).toEqual([['json', ',']]);
    const comment = JSON.stringify(policy()).replace('{', '{ // mine\n');
    expect(codes(comment)).toEqual([['json', '// mine']]);
    expect(codes(JSON.stringify(policy()).replace('"Allow"', 'Allow'))[0]![0]).toBe('json');
  });

  it('says characters that IAM does not take, and wrong types', () => {
    expect(codes(JSON.stringify(policy(statement({ Sid: 'a\u2013b' }))))).toEqual([['characters', '\u2013']]);
    expect(codes(JSON.stringify(policy(statement({ Condition: 'x' }))))).toEqual([['wrong-type', '"x"']]);
    expect(codes(JSON.stringify(policy(statement({ Action: { a: 1 } }))))[0]![0]).toBe('wrong-type');
  });

  it("counts the quota's characters without white space, and not where a hole hides them", () => {
    const value = policy(statement());
    const count = JSON.stringify(value).length;
    expect(read(json(value)).policies[0]!.policy.quotaLength).toBe(count);
    expect(read(JSON.stringify(policy(statement({ Sid: '${SID}' })))).policies[0]!.policy.quotaLength).toBeUndefined();
  });

  it('is open where a template may add to it', () => {
    const text =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"' +
      provider +
      '"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":${conditions}}]}';
    const [fact] = read(text).policies;
    expect(fact!.policy.statements[0]!.condition!.open).toBe(true);
    expect(fact!.policy.problems).toEqual([]);
  });

  it('is plain data', () => {
    const { policies } = read(json({ Role: { RoleName: 'x', AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(policy())) } }));
    expect(structuredClone(policies[0])).toEqual(policies[0]);
    expect(JSON.parse(JSON.stringify(policies[0]))).toEqual(policies[0]);
  });
});
