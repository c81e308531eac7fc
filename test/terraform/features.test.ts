import './load';
import { describe, expect, test } from 'vitest';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { definitionAt } from '../../server/src/core/features/definition';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { markedWorkspace } from '../support/marked';

const policy = (condition: string) => `==> main.tf
locals {
  issuer = "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F4268"
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::481516234212:oidc-provider/\${local.issuer}"]
    }
    condition {
${condition}
    }
  }
}
resource "aws_iam_role" "app" {
  name               = "app-role"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`;
const account = (line: string) => `==> sa.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: ${line}
`;
const right =
  '      test     = "StringEquals"\n      variable = "${local.issuer}:sub"\n      values   = ["system:serviceaccount:demo:app"]';

function labels(source: string): string[] {
  const { workspace, uri, offset } = markedWorkspace(source);
  return (completionAt(workspace, uri, offset)?.items ?? []).map((item) => item.label);
}

describe('completion', () => {
  test('subjects among values', () => {
    expect(
      labels(
        account('arn:aws:iam::481516234212:role/app-role') +
          policy('      test     = "StringEquals"\n      variable = "${local.issuer}:sub"\n      values   = ["‸"]'),
      ),
    ).toContain('demo:app');
  });
  test('keys in a variable', () => {
    expect(
      labels(policy('      test     = "StringEquals"\n      variable = "‸"\n      values   = []')).some((label) => label.endsWith(':sub')),
    ).toBe(true);
  });
  test('operators in a test', () => {
    expect(labels(policy('      test     = "‸"\n      variable = "x:sub"\n      values   = []'))).toContain('StringLike');
  });
  test('actions of a policy in jsonencode', () => {
    expect(
      labels(
        '==> main.tf\nresource "aws_iam_role" "x" {\n  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "‸", Principal = { Federated = "x" } }] })\n}\n',
      ),
    ).toContain('sts:AssumeRoleWithWebIdentity');
  });
  test('an item replaces what stands between the quotes', () => {
    const { workspace, uri, offset, text } = markedWorkspace(
      policy('      test     = "String‸"\n      variable = "x:sub"\n      values   = []'),
    );
    const found = completionAt(workspace, uri, offset)!;
    expect(text.slice(found.span.start, found.span.end)).toBe('String');
  });
  test('nothing outside of policies', () => {
    expect(labels('==> main.tf\nresource "aws_s3_bucket" "x" {\n  bucket = "‸"\n}\n')).toEqual([]);
  });
});

describe('the policies that files give a role', () => {
  const policies = `resource "aws_iam_role_policy" "read" {
  name   = "read-reports"
  role   = aws_iam_role.app.id
  policy = jsonencode({})
}
resource "aws_iam_role_policy_attachment" "s3" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}
resource "aws_iam_policy" "own" {
  name   = "own-policy"
  policy = jsonencode({})
}
resource "aws_iam_policy_attachment" "own" {
  name       = "x"
  roles      = [aws_iam_role.app.name, "other"]
  policy_arn = aws_iam_policy.own.arn
}
resource "aws_iam_role" "more" {
  name                = "more-role"
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  inline_policy {
    name   = "inside"
    policy = "{}"
  }
}
`;
  const card = (source: string) => {
    const { workspace, uri, offset } = markedWorkspace(source);
    return /Its policies in these files: (.*)/
      .exec(hoverAt(workspace, uri, offset, {})?.markdown.replaceAll('\\', '') ?? '')?.[1]
      ?.replace(/\(\[(.*?)\]\(.*?\)\)/g, '$1');
  };

  test('stand in its card on the annotation', () => {
    expect(card(account('arn:aws:iam::481516234212:role/app-‸role') + policy(right) + policies)).toBe(
      '`read-reports` main.tf:22, `AmazonS3ReadOnlyAccess` main.tf:27, `own-policy` main.tf:35',
    );
  });
  test('and where the role is made, arguments of its own included', () => {
    expect(card(policy(right) + policies.replace('"more-role"', '"more-‸role"'))).toBe('`ReadOnlyAccess` main.tf:40, `inside` main.tf:43');
  });
  test('not those of another role', () => {
    expect(card(account('arn:aws:iam::481516234212:role/third-‸role') + policy(right) + policies)).toBeUndefined();
  });
});

describe('definition', () => {
  test('goes from the annotation in YAML to the role in Terraform', () => {
    const { workspace, uri, offset } = markedWorkspace(account('arn:aws:iam::481516234212:role/app-‸role') + policy(right));
    expect(definitionAt(workspace, uri, offset)?.targets.map(({ doc }) => doc.uri)).toEqual(['file:///w/main.tf']);
  });
  test('goes from a subject in Terraform to the account in YAML', () => {
    const { workspace, uri, offset } = markedWorkspace(
      account('arn:aws:iam::481516234212:role/app-role') + policy(right.replace('demo:app', 'demo:a‸pp')),
    );
    expect(definitionAt(workspace, uri, offset)?.targets.map(({ doc }) => doc.uri)).toEqual(['file:///w/sa.yaml']);
  });
});

describe('hover', () => {
  test.each(['"${local.issuer}:s‸ub"', '"${local.iss‸uer}:sub"'])('explains the condition on %s', (variable) => {
    const { workspace, uri, offset } = markedWorkspace(
      account('arn:aws:iam::481516234212:role/app-role') + policy(right.replace('"${local.issuer}:sub"', variable)),
    );
    expect(hoverAt(workspace, uri, offset)?.markdown).toMatch(/subject/i);
  });
});
