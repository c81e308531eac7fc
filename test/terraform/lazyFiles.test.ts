import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadHcl } from '../../server/src/hcl/load';
import { hclParser, setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { defaultSettings } from '../../server/src/core/config/settings';

const role = `variable "namespace" {
  default = "shop"
}
resource "aws_iam_role" "app" {
  name = local.name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E" }
      Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E:sub" = "system:serviceaccount:shop:app" } }
    }]
  })
}
`;
const queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  tags = { module = "m", locals = "l" }\n}\n';

/** The texts that were parsed, each as often as it was. */
let parsed: string[] = [];
let before: ReturnType<typeof hclParser>;

beforeEach(async () => {
  before = hclParser();
  const parse = await loadHcl();
  parsed = [];
  setHclParser((text) => {
    parsed.push(text);
    return parse(text);
  });
});

afterEach(() => setHclParser(before));

function checked(files: Readonly<Record<string, string>>) {
  const workspace = new Workspace({ settings: { ...defaultSettings, base: 'file:///w' } });
  for (const [name, text] of Object.entries(files)) workspace.load(`file:///w/${name}`, text);
  return [...workspace.checkable()].flatMap((uri) => workspace.check(uri));
}

describe('files of a module', () => {
  it('without a block that is asked for are not parsed, neither to read the module nor to judge a fix', () => {
    const findings = checked({ 'role.tf': role, 'locals.tf': 'locals {\n  name = "app"\n}\n', 'queues.tf': queue });
    const fixes = findings.flatMap((finding) => finding.fixes);
    expect(findings.map(({ rule }) => rule)).toContain('audience-condition-missing');
    expect(fixes.length).toBeGreaterThan(0);
    expect(parsed).toContain(role);
    expect(parsed.filter((text) => text === queue)).toEqual([]);
  });

  it.each([
    ['a comment before the label', 'locals /* all */ {\n  name = "app"\n}\n'],
    ['several blocks on the file', 'variable "x" {}\nlocals { name = "app" }\n'],
    ['Windows line ends', 'locals {\r\n  name = "app"\r\n}\r\n'],
  ])('are parsed where they hold one: %s', (_, text) => {
    checked({ 'role.tf': role, 'locals.tf': text, 'queues.tf': queue });
    expect(parsed).toContain(text);
  });

  it('in JSON are always parsed, for words may be escaped there', () => {
    const policy = /jsonencode\(([\s\S]*)\)/
      .exec(role)![1]!
      .replace(/(\w+) = /g, '"$1": ')
      .replace(/"\n/g, '",\n')
      .replace(/" = "/, '": "');
    const text = JSON.stringify({ resource: { aws_iam_role: { app: { name: 'app', assume_role_policy: policy } } } });
    const findings = checked({ 'role.tf.json': text.replace('"resource"', '"res\\u006furce"'), 'queues.tf': queue });
    expect(findings.map(({ at }) => at.doc.uri)).toContain('file:///w/role.tf.json');
  });
});
