import { describe, expect, it } from 'vitest';
import { allow, keyEnding, lastStatement, orders, policiesOf, remove, valueNamed } from './support';

const provider = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';

function template(policy: string, more = ''): string {
  const lines = policy.split('\n').map((line) => `        ${line}`);
  return `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:${more}\n${lines.join('\n')}\n`;
}

const statement = `- Effect: Allow
  Principal: { Federated: ${provider} }
  Action: sts:AssumeRoleWithWebIdentity
  Condition:
    StringEquals:
      ${issuer}:sub: system:serviceaccount:shop:orders`;
const yaml = `Version: "2012-10-17"\nStatement:\n${statement.replace(/^/gm, '  ')}`;

describe('what several places share is not changed', () => {
  const second = `  Other:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: *trust\n`;

  it('a policy with an anchor that is used', () => {
    expect(allow(template(yaml, ' &trust') + second, 'cfn.yaml')).toMatch(/^\[A YAML anchor/);
  });

  it('a policy that comes through an alias of a statement', () => {
    const text = template(`Version: "2012-10-17"\nStatement:\n${statement.replace(/^/gm, '  ').replace('- Effect', '- &one\n    Effect')}`);
    expect(
      allow(
        `${text}  Other:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n          - *one\n`,
        'cfn.yaml',
      ),
    ).toMatch(/^\[/);
  });

  it('but a policy with an anchor that nothing uses is', () => {
    expect(allow(template(yaml, ' &trust'), 'cfn.yaml')).toContain('kubernetes-namespace: shop');
  });
});

describe('templates', () => {
  const role = (policy: string) =>
    `apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\nmetadata:\n  name: orders\nspec:\n  name: orders\n  assumeRolePolicyDocument: |\n${policy.replace(/^/gm, '    ')}\n`;
  const json = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "${provider}" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": { "StringEquals": { "${issuer}:sub": "system:serviceaccount:{{ .Values.namespace }}:orders" } }
    }
  ]
}`;

  it('with a value in it are changed beside it', () => {
    const after = allow(role(json), 'charts/x/templates/role.yaml');
    expect(after).toContain('{{ .Values.namespace }}:orders');
    expect(after).toContain('"aws:RequestTag/kubernetes-namespace": "shop"');
    expect(remove(after, 'charts/x/templates/role.yaml', lastStatement)).toBe(role(json));
  });

  it.each([
    [
      'a branch around a statement',
      json
        .replace('  "Statement": [\n    {', '  "Statement": [\n    {{ if .Values.x }}\n    {')
        .replace('    }\n  ]', '    }\n    {{ end }}\n  ]'),
    ],
    ['statements that a template makes', json.replace('    }\n  ]', '    }{{ include "more" . }}\n  ]')],
  ])('with %s are not', (_, text) => {
    expect(allow(role(text), 'charts/x/templates/role.yaml')).toMatch(/^\[/);
  });

  it('with directives of Terraform are not', () => {
    const text = `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = <<EOF\n${json.replace('{{ .Values.namespace }}', '${var.namespace}').replace('    }\n  ]', '    }\n    %{ if var.more },{}%{ endif }\n  ]')}\nEOF\n}\n`;
    expect(allow(text, 'main.tf')).toMatch(/^\[/);
  });
});

describe('what is written elsewhere, or made by a program, is not changed', () => {
  const block = (inside: string) =>
    `data "aws_iam_policy_document" "trust" {\n${inside}}\n\nresource "aws_iam_role" "orders" {\n  name               = "orders"\n  assume_role_policy = data.aws_iam_policy_document.trust.json\n}\n`;
  const plain = `  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n    principals {\n      type        = "Federated"\n      identifiers = ["${provider}"]\n    }\n    condition {\n      test     = "StringEquals"\n      variable = "${issuer}:sub"\n      values   = var.subjects\n    }\n  }\n`;
  const dynamic = `  dynamic "statement" {\n    for_each = var.providers\n    content {\n      actions = ["sts:AssumeRoleWithWebIdentity"]\n      principals {\n        type        = "Federated"\n        identifiers = [statement.value]\n      }\n    }\n  }\n`;

  it.each([
    ['a dynamic block', block(plain + dynamic)],
    [
      'a local',
      `locals {\n  trust = {\n    Version = "2012-10-17"\n    Statement = [{ Effect = "Allow", Principal = { Federated = "${provider}" }, Action = "sts:AssumeRoleWithWebIdentity" }]\n  }\n}\nresource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode(local.trust)\n}\n`,
    ],
    [
      'a function',
      `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = concat([{ Effect = "Allow", Principal = { Federated = "${provider}" }, Action = "sts:AssumeRoleWithWebIdentity" }], var.more) })\n}\n`,
    ],
    [
      'eksctl',
      `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: { name: prod, region: eu-west-1 }\niam:\n  serviceAccounts:\n  - metadata: { name: orders, namespace: shop }\n`,
    ],
    [
      "IAM's answer",
      `{"Role":{"RoleName":"orders","AssumeRolePolicyDocument":"${encodeURIComponent(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"${provider}"},"Action":"sts:AssumeRoleWithWebIdentity"}]}`)}"}}`,
    ],
    [
      'JSON with an error',
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"${provider}"},"Action":"sts:AssumeRoleWithWebIdentity",}]}`,
    ],
  ])('%s', (_, text) => {
    const name = text.startsWith('{') ? 'iam/orders/trust-policy.json' : text.startsWith('apiVersion') ? 'c.yaml' : 'main.tf';
    expect(policiesOf(text, name)).not.toEqual([]);
    expect(allow(text, name)).toMatch(/^\[/);
    expect(remove(text, name, lastStatement)).toMatch(/^\[/);
  });

  it('the values of a variable', () => {
    expect(allow(block(plain), 'main.tf')).toContain('pods.eks.amazonaws.com');
    expect(
      remove(block(plain), 'main.tf', (fact) => [{ kind: 'value', statement: 0, place: { doc: fact.doc, span: { start: 5, end: 9 } } }]),
    ).toMatch(/^\[/);
  });

  it('an expression where JSON holds none', () => {
    const json = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"${provider}"},"Action":"sts:AssumeRoleWithWebIdentity"}]}`;
    expect(allow(json, 'iam/orders/trust-policy.json', [{ ...orders, cluster: { expression: 'module.eks.cluster_name' } }])).toMatch(
      /give its value/,
    );
  });
});

describe('shapes of their own', () => {
  it('a single statement becomes a list, in JSON and in YAML', () => {
    const json = `{\n  "Version": "2012-10-17",\n  "Statement": {\n    "Effect": "Allow",\n    "Principal": { "Federated": "${provider}" },\n    "Action": "sts:AssumeRoleWithWebIdentity"\n  }\n}\n`;
    const after = JSON.parse(allow(json, 'iam/orders/trust-policy.json')) as { Statement: unknown[] };
    expect(after.Statement).toHaveLength(2);
    expect(
      allow(template(`Version: "2012-10-17"\nStatement:\n${statement.replace(/^- /, '  ').replace(/^(?! {2}Effect)/gm, '')}`), 'cfn.yaml'),
    ).toBe(
      template(`Version: "2012-10-17"
Statement:
  - Effect: Allow
    Principal:
      Service: pods.eks.amazonaws.com
    Action:
      - sts:AssumeRole
      - sts:TagSession
    Condition:
      StringEquals:
        aws:SourceAccount: "111122223333"
        aws:RequestTag/eks-cluster-name: prod
        aws:RequestTag/kubernetes-namespace: shop
        aws:RequestTag/kubernetes-service-account: orders
  - Effect: Allow
    Principal: { Federated: ${provider} }
    Action: sts:AssumeRoleWithWebIdentity
    Condition:
      StringEquals:
        ${issuer}:sub: system:serviceaccount:shop:orders`),
    );
  });

  it('unknown cluster and account are left out, the namespace and the service account never', () => {
    const after = allow(template(yaml), 'cfn.yaml', [{ namespace: orders.namespace, serviceAccount: orders.serviceAccount }]);
    expect(after).not.toContain('SourceAccount');
    expect(after).not.toContain('cluster-name');
    expect(after).toContain('kubernetes-namespace: shop');
    expect(after).toContain('kubernetes-service-account: orders');
  });

  it('names that YAML takes for something else are quoted', () => {
    const after = allow(template(yaml), 'cfn.yaml', [{ ...orders, namespace: { text: 'on' }, serviceAccount: { text: '1e3' } }]);
    expect(after).toContain('kubernetes-namespace: "on"');
    expect(after).toContain('kubernetes-service-account: "1e3"');
  });

  it('a provider leaves a list of several, and a kind of principal beside another', () => {
    const two = template(
      yaml.replace(`{ Federated: ${provider} }`, `\n      Federated:\n        - ${provider} # ours\n        - ${provider}2`),
    );
    expect(remove(two, 'cfn.yaml', (fact) => [valueNamed(fact, provider)])).toBe(two.replace(/.*# ours\n/, ''));
    const kinds = template(yaml.replace(`{ Federated: ${provider} }`, `{ Federated: ${provider}, Service: pods.eks.amazonaws.com }`));
    expect(remove(kinds, 'cfn.yaml', (fact) => [valueNamed(fact, provider)])).toBe(kinds.replace(`Federated: ${provider}, `, ''));
    expect(remove(template(yaml), 'cfn.yaml', (fact) => [valueNamed(fact, provider)])).toMatch(/^\[No other principal/);
  });

  it('the last key of an operator leaves with it, and the last operator with the condition', () => {
    expect(remove(template(yaml), 'cfn.yaml', (fact) => [keyEnding(fact, ':sub')])).toBe(
      template(yaml.slice(0, yaml.indexOf('\n    Condition'))),
    );
    const more = `${yaml}\n      StringLike:\n        ${issuer}:aud: sts.*`;
    expect(remove(template(more), 'cfn.yaml', (fact) => [keyEnding(fact, ':aud')])).toBe(template(yaml));
  });

  it('a comment belongs to the statement below it in its column, and to no other', () => {
    const text = template(
      `Version: "2012-10-17"\nStatement:\n  # of all\n\n  # first\n${statement.replace(/^/gm, '  ')}\n  # second\n${statement.replace(/^/gm, '  ').replaceAll('orders', 'cart')}\n# of the policy`,
    );
    const after = remove(text, 'cfn.yaml', lastStatement);
    expect(after).not.toContain('# second');
    expect(after).toContain('# first');
    expect(after).toContain('# of the policy');
    expect(remove(text, 'cfn.yaml', () => [{ kind: 'statement', statement: 0 }])).toContain('# of all');
  });
});
