import { parse as parseYaml, stringify } from 'yaml';
import type { Form, Policy } from './policies';

function parseJson(text: string): Policy | undefined {
  try {
    return JSON.parse(text) as Policy;
  } catch {
    return undefined;
  }
}

function ofYaml(text: string): unknown {
  try {
    const template = parseYaml(text) as { Resources: { Role: { Properties: { AssumeRolePolicyDocument: unknown } } } };
    return template.Resources.Role.Properties.AssumeRolePolicyDocument;
  } catch {
    return undefined;
  }
}

const indented = (text: string, by: number) =>
  text
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');

/** JSON by itself, in CloudFormation as YAML and as text, and in Terraform as a heredoc and as an expression. */
export const forms: readonly Form[] = [
  { path: 'iam/demo/trust.json', write: (policy) => `${policy}\n`, read: parseJson },
  {
    path: 'role.yaml',
    write: (policy) => {
      const value = parseJson(policy) ?? {};
      return `Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n${indented(stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd(), 8)}\n`;
    },
    read: (text) => ofYaml(text) as Policy | undefined,
  },
  {
    path: 'role-text.yaml',
    write: (policy) =>
      `apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\nmetadata:\n  name: demo\nspec:\n  name: demo\n  assumeRolePolicyDocument: |\n${indented(policy, 4)}\n`,
    read: (text) => {
      const object = parseYaml(text) as { spec: { assumeRolePolicyDocument: string } };
      return parseJson(object.spec.assumeRolePolicyDocument);
    },
  },
  {
    path: 'heredoc.tf',
    write: (policy) => `resource "aws_iam_role" "demo" {\n  name               = "demo"\n  assume_role_policy = <<EOF\n${policy}\nEOF\n}\n`,
    read: (text) => parseJson(/<<EOF\n([^]*)\nEOF\n/.exec(text)![1]!),
  },
  {
    path: 'expression.tf',
    write: (policy) => `resource "aws_iam_role" "demo" {\n  name = "demo"\n  assume_role_policy = jsonencode(${policy})\n}\n`,
    read: (text) =>
      parseJson(
        /jsonencode\(([^]*)\)\n\}/
          .exec(text)![1]!
          .replace(/("|\b\w+)\s*=\s*(?=["{[])/g, (_, word: string) => (word === '"' ? '": ' : `"${word}": `))
          .replace(/}\n(\s*)"/g, '},\n$1"')
          .replace(/(["\]])\n(\s*)"/g, '$1,\n$2"'),
      ),
  },
];
