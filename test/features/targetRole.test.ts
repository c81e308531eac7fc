import { describe, expect, test } from 'vitest';
import { accessMap } from '../../server/src/core/features/accessMap';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { explainAccount } from '../../server/src/core/features/explain';
import { accountHover } from '../../server/src/core/features/hover/account';
import { Workspace } from '../../server/src/core/workspace/workspace';
import '../terraform/load';

const target = (condition: string) => `
resource "aws_iam_role" "association" {
  name = "association"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "pods.eks.amazonaws.com" }, Action = ["sts:AssumeRole", "sts:TagSession"] }] })
}
resource "aws_iam_role" "target" {
  name = "target"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = aws_iam_role.association.arn }, Action = ["sts:AssumeRole", "sts:TagSession"]${condition} }] })
}
resource "aws_eks_pod_identity_association" "app" {
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = "app"
  role_arn        = aws_iam_role.association.arn
  target_role_arn = aws_iam_role.target.arn
}
`;
const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: shop}\n';

function shown(terraform: string) {
  const workspace = new Workspace({ log: (message) => expect(message).toBe(''), textOf: () => ({ text: terraform }) });
  workspace.load('file:///r/main.tf', terraform);
  workspace.load('file:///r/sa.yaml', account);
  const uri = 'file:///r/sa.yaml';
  const fact = workspace.wiring.facts(uri).find(({ kind }) => kind === 'serviceAccount');
  if (fact?.kind !== 'serviceAccount') throw new Error('no account');
  const explained = explainAccount(workspace, fact);
  return {
    lens: lensesOf(workspace, uri).map(({ title }) => title),
    answer: explained.answer,
    steps: explained.steps.map(({ text, mark }) => `${mark === true ? '✓' : mark === false ? '✗' : '?'} ${text}`),
    map: accessMap(workspace).map(({ roleName, targetRole, decision }) => [roleName, targetRole, decision]),
    nodes: explained.chain.map(({ type, name }) => `${type} ${name}`),
    hover:
      accountHover(workspace, { kind: 'account-name', account: fact, text: fact.name!, place: { doc: fact.doc, span: fact.name!.span } }) ??
      '',
  };
}

describe('an association with a target role', () => {
  test('both steps work, with the external ID by reference', () => {
    const { lens, answer, steps, nodes, hover, map } = shown(
      target(', Condition = { StringEquals = { "sts:ExternalId" = aws_eks_pod_identity_association.app.external_id } }'),
    );
    expect(lens).toEqual(['✓ Can assume association by Pod Identity, then target']);
    expect(answer).toBe('Yes.');
    expect(steps).toContain('✓ Then EKS assumes the target role target with the session of association');
    expect(steps).toContain("✓ Target role's trust policy, statement 1");
    expect(nodes).toEqual(['ServiceAccount shop/app', 'Pod Identity association demo', 'Role association', 'Target role target']);
    expect(hover).toContain('Pods get the target role');
    expect(map).toEqual([['association', 'target', 'allowed']]);
  });

  test('the second step fails', () => {
    const { lens, answer, steps } = shown(target(', Condition = { StringEquals = { "aws:PrincipalAccount" = "999999999999", "aws:SecureTransport" = "false" } }')); // prettier-ignore
    expect(lens).toEqual([
      "✗ Can't assume association by Pod Identity, then target: target role target doesn't allow the association's role",
    ]);
    expect(answer).toBe('No.');
    expect(steps).toContain('✗ Then EKS assumes the target role target with the session of association');
  });

  test('the external ID of another association says nothing', () => {
    const { answer } = shown(
      target(', Condition = { StringEquals = { "sts:ExternalId" = aws_eks_pod_identity_association.other.external_id } }'),
    );
    expect(answer).toBe('Unknown.');
  });

  test('a literal external ID is only known to be right when the association exists', () => {
    const { lens, answer } = shown(target(', Condition = { StringEquals = { "sts:ExternalId" = "a-guess" } }'));
    expect(lens).toEqual(['? association by Pod Identity, then target: target role target: depends on sts:ExternalId']);
    expect(answer).toBe('Unknown.');
  });

  test('session tags and a session policy are said', () => {
    const { steps, hover } = shown(
      target('').replace(
        'target_role_arn = aws_iam_role.target.arn',
        'disable_session_tags = true\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })',
      ),
    );
    expect(steps.some((step) => step.includes('It disables session tags'))).toBe(true);
    expect(steps.some((step) => step.includes('Its session policy restricts what pods may do with the role'))).toBe(true);
    expect(hover).toContain('Session tags are disabled. A session policy restricts the permissions.');
  });

  test('a switch for session tags that a variable sets makes the answer unknown where it matters', () => {
    const tagged = (value: string) =>
      `variable "off" {}\n${target('')}`
        .replace('target_role_arn = aws_iam_role.target.arn', `disable_session_tags = ${value}`)
        .replace(
          'Action = ["sts:AssumeRole", "sts:TagSession"] }] })',
          'Action = ["sts:AssumeRole", "sts:TagSession"], Condition = { StringEquals = { "aws:RequestTag/kubernetes-namespace" = "shop" } } }] })',
        );
    expect(shown(tagged('false')).answer).toBe('Yes.');
    expect(shown(tagged('true')).answer).toBe('No.');
    const { answer, steps } = shown(tagged('var.off'));
    expect(answer).toBe('Unknown.');
    expect(steps).toContain("? It depends on the association's disableSessionTags, which no file sets.");
  });
});
