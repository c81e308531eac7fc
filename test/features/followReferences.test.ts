import { describe, expect, it } from 'vitest';
import { definitionAt } from '../../server/src/core/features/definition';
import { explainChain, explainPage, explainText, type ExplainDocument } from '../../server/src/core/features/explain';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import type { Place } from '../../server/src/core/syntax/sourceFile';
import { openWorkspace } from '../support/fixtureWorkspace';

const role = (name: string, principal: string): string => `
resource "aws_iam_role" "${name}" {
  name = "${name}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "${principal}" } }]
  })
}
`;

const files = {
  'modules/irsa/main.tf': `
variable "name" { type = string }
${role('this', 'ec2.amazonaws.com').replace('name = "this"', 'name = var.name')}
output "arn" { value = aws_iam_role.this.arn }
`,
  'live/main.tf': `
terraform {
  backend "s3" {}
}
module "irsa" {
  source = "../modules/irsa"
  name   = "app"
}
resource "helm_release" "app" {
  name      = "app"
  namespace = "demo"
  chart     = "./chart"
  values    = [templatefile("\${path.module}/app.yaml", { role_arn = module.irsa.arn })]
}
resource "helm_release" "other" {
  name      = "other"
  namespace = "demo"
  chart     = "./chart"
  values    = [templatefile("\${path.module}/other.yaml", { role_arn = var.other_role })]
}
variable "other_role" {
  type = string
}
resource "aws_eks_pod_identity_association" "pi" {
  cluster_name    = "main"
  namespace       = "demo"
  service_account = "pi"
  role_arn        = aws_iam_role.pi.arn
}
${role('pi', 'pods.eks.amazonaws.com')}
`,
  'live/app.yaml': 'serviceAccount:\n  name: app\n  annotations:\n    eks.amazonaws.com/role-arn: ${role_arn}\n',
  'live/other.yaml': 'serviceAccount:\n  name: other\n  annotations:\n    eks.amazonaws.com/role-arn: ${role_arn}\n',
};

const workspace = openWorkspace(new Map(Object.entries(files)));
const uriOf = (path: string): string => `file:///workspace/${path}`;
const textAt = ({ doc, span }: Place): string => {
  const text = files[doc.uri.slice(uriOf('').length) as keyof typeof files];
  return `${doc.uri.slice(uriOf('').length)}: ${text.slice(doc.start + span.start).split('\n')[0]}`;
};
const offsetOf = (path: keyof typeof files, text: string): number => files[path].indexOf(text) + 2;

const shown = (document: ExplainDocument): string =>
  explainText(explainPage(document, ({ doc }) => ({ label: doc.uri.slice(uriOf('').length), uri: doc.uri, line: 0, character: 0 })));

describe('from a value to what it is', () => {
  it('definition goes from a Helm value to the argument that fills it in, and to the role in the module', () => {
    const found = definitionAt(workspace, uriOf('live/app.yaml'), offsetOf('live/app.yaml', '${role_arn}'));
    expect(found?.targets.map(textAt)).toEqual([
      'live/main.tf: module.irsa.arn })]',
      expect.stringMatching(/^modules\/irsa\/main\.tf: (?:var\.name|resource "aws_iam_role" "this")/),
    ]);
  });

  it('and from an association to its role', () => {
    const found = definitionAt(workspace, uriOf('live/main.tf'), offsetOf('live/main.tf', 'aws_iam_role.pi.arn'));
    expect(found?.targets.map(textAt)).toEqual(['live/main.tf: pi"']);
  });

  it('the hover names the role, where the value comes from, and the verdict', () => {
    const card = hoverAt(workspace, uriOf('live/app.yaml'), offsetOf('live/app.yaml', '${role_arn}'))?.markdown.replace(/\\/g, '');
    expect(card).toContain('The value is filled in by main.tf');
    expect(card).toMatch(/module\.irsa\.arn is the role/);
    expect(card).toMatch(/\*\*✗\*\*/);
  });

  it('Explain shows the same way', () => {
    const [chain] = [...workspace.wiring.chains()].filter(({ name }) => name === 'app');
    const text = shown(explainChain(workspace, chain!));
    expect(text).toMatch(/The value is filled in by main\.tf +live\/main\.tf/);
    expect(text).toMatch(/module\.irsa\.arn is the role .* modules\/irsa\/main\.tf/);
  });

  it('and says which variable would settle what is unknown', () => {
    const [chain] = [...workspace.wiring.chains()].filter(({ name }) => name === 'other');
    const page = explainChain(workspace, chain!);
    expect(page.decision).toBe('unknown');
    expect(shown(page)).toContain('var.other_role has no value in the files that were read (main.tf)');
    const card = hoverAt(workspace, uriOf('live/other.yaml'), offsetOf('live/other.yaml', '${role_arn}'))?.markdown.replace(/\\/g, '');
    expect(card).toContain('var.other_role has no value');
  });
});
