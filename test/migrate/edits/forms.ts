/** One trust policy with an IRSA statement of ours and one of GitHub's, in every form that it may be written in. */
export interface Form {
  readonly id: string;
  readonly file: string;
  readonly text: string;
  /** True where the white space before a closing brace of another statement changes, as `terraform fmt` has it. */
  readonly spacing?: true;
}

const provider = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE';
const github = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';

const statements = [
  {
    Sid: 'GitHub',
    Effect: 'Allow',
    Principal: { Federated: github },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/app:*' } },
  },
  {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: 'sts.amazonaws.com',
        [`${issuer}:sub`]: ['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart'],
      },
    },
  },
];
const document = { Version: '2012-10-17', Statement: statements };
const pretty = JSON.stringify(document, null, 2);

function indented(text: string, pad: string): string {
  return text
    .split('\n')
    .map((line) => pad + line)
    .join('\n');
}

const hclObject = (pad: string): string =>
  `{
  Version = "2012-10-17"
  Statement = [
    {
      Sid    = "GitHub"
      Effect = "Allow"
      Principal = {
        Federated = "${github}"
      }
      Action = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/app:*" }
      }
    },
    # ours
    {
      Effect    = "Allow"
      Principal = { Federated = "${provider}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${issuer}:aud" = "sts.amazonaws.com"
          "${issuer}:sub" = ["system:serviceaccount:shop:orders", "system:serviceaccount:shop:cart"]
        }
      }
    },
  ]
}`.replaceAll('\n', `\n${pad}`);

const yamlStatements = `- Sid: GitHub
  Effect: Allow
  Principal:
    Federated: ${github}
  Action: sts:AssumeRoleWithWebIdentity
  Condition:
    StringLike:
      token.actions.githubusercontent.com:sub: repo:acme/app:*
# ours
- Effect: Allow
  Principal:
    Federated: ${provider}
  Action: sts:AssumeRoleWithWebIdentity
  Condition:
    StringEquals:
      ${issuer}:aud: sts.amazonaws.com
      ${issuer}:sub: # who
        - system:serviceaccount:shop:orders
        - system:serviceaccount:shop:cart # the cart`;

export const forms: readonly Form[] = [
  { id: 'JSON file', file: 'iam/orders/trust-policy.json', text: `${pretty}\n` },
  { id: 'JSON file with tabs', file: 'iam/orders/trust-policy.json', text: `${JSON.stringify(document, null, '\t')}\n` },
  { id: 'JSON file with CRLF, no last line end', file: 'iam/orders/trust-policy.json', text: pretty.replaceAll('\n', '\r\n') },
  { id: 'minified JSON file', file: 'iam/orders/trust-policy.json', text: JSON.stringify(document) },
  {
    id: 'JSON file, brackets together',
    file: 'iam/orders/trust-policy.json',
    text: `{\n  "Version": "2012-10-17",\n  "Statement": [${JSON.stringify(statements, null, 2).slice(1, -1).trim().replaceAll('\n  },\n  {', '\n  }, {')}]\n}\n`,
  },
  {
    id: 'JSON file, a statement on each line',
    file: 'iam/orders/trust-policy.json',
    text: `{\n  "Version": "2012-10-17",\n  "Statement": [\n${statements.map((each) => `    ${JSON.stringify(each)}`).join(',\n')}\n  ]\n}\n`,
  },
  {
    id: 'ACK, block scalar',
    file: 'ack/role.yaml',
    text: `apiVersion: iam.services.k8s.aws/v1alpha1
kind: Role
metadata:
  name: orders # the role
spec:
  name: orders
  assumeRolePolicyDocument: |
${indented(pretty, '    ')}
  tags: []
`,
  },
  {
    id: 'Crossplane, folded block scalar',
    file: 'crossplane/role.yaml',
    text: `apiVersion: iam.aws.upbound.io/v1beta1
kind: Role
metadata:
  name: orders
spec:
  forProvider:
    assumeRolePolicy: >-
${indented(pretty, '      ')}
`,
  },
  {
    id: 'JSON in a single-quoted YAML text',
    file: 'crossplane/role.yaml',
    text: `apiVersion: iam.aws.upbound.io/v1beta1
kind: Role
metadata:
  name: orders
spec:
  forProvider:
    assumeRolePolicy: '${JSON.stringify(document)}'
`,
  },
  {
    id: 'JSON in a double-quoted YAML text',
    file: 'crossplane/role.yaml',
    text: `apiVersion: iam.aws.upbound.io/v1beta1
kind: Role
metadata:
  name: orders
spec:
  forProvider:
    assumeRolePolicy: ${JSON.stringify(JSON.stringify(document))}
`,
  },
  {
    id: 'CloudFormation YAML',
    file: 'cfn/role.yaml',
    text: `AWSTemplateFormatVersion: '2010-09-09'
Resources:
  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: orders
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
${indented(yamlStatements, '          ')}
      Path: /
`,
  },
  {
    id: 'CloudFormation YAML, dashes below the key, CRLF',
    file: 'cfn/role.yaml',
    text: `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
${indented(yamlStatements, '        ')}
`.replaceAll('\n', '\r\n'),
  },
  {
    id: 'CloudFormation YAML, flow style',
    file: 'cfn/role.yaml',
    text: `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: ${JSON.stringify(document)}
`,
  },
  {
    id: 'CloudFormation JSON',
    file: 'cfn/role.json',
    text: `${JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources: { OrdersRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document } } } }, null, 4)}\n`,
  },
  {
    id: 'CloudFormation, JSON in !Sub',
    file: 'cfn/role.yaml',
    text: `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Issuer: { Type: String }
Resources:
  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub |
${indented(pretty.replaceAll(`${issuer}:`, '${Issuer}:').replaceAll('111122223333', '${AWS::AccountId}'), '        ')}
`,
  },
  {
    id: 'Pulumi YAML',
    file: 'Pulumi.yaml',
    text: `name: app
runtime: yaml
resources:
  orders:
    type: aws:iam:Role
    properties:
      assumeRolePolicy:
        fn::toJSON:
          Version: 2012-10-17
          Statement:
${indented(yamlStatements, '            ')}
`,
  },
  {
    id: 'Terraform jsonencode',
    file: 'main.tf',
    text: `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode(${hclObject('  ')})\n  path = "/"\n}\n`,
  },
  {
    id: 'Terraform jsonencode with JSON in it',
    file: 'main.tf',
    text: `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode(${pretty.replaceAll('\n', '\n  ')})\n}\n`,
  },
  {
    id: 'Terraform jsonencode, brackets together',
    file: 'main.tf',
    spacing: true,
    text: `resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Principal = {
        Service = "ec2.amazonaws.com"
      }
      Action = "sts:AssumeRole"
      }, {
      Effect = "Allow"
      Principal = {
        Federated = "${provider}"
      }
      Action = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${issuer}:aud" = "sts.amazonaws.com"
          "${issuer}:sub" = ["system:serviceaccount:shop:orders", "system:serviceaccount:shop:cart"]
        }
      }
    }]
  })
}
`,
  },
  {
    id: 'Terraform jsonencode on one line',
    file: 'main.tf',
    text: `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }, { Effect = "Allow", Principal = { Federated = "${provider}" }, Action = "sts:AssumeRoleWithWebIdentity", Condition = { StringEquals = { "${issuer}:sub" = ["system:serviceaccount:shop:orders", "system:serviceaccount:shop:cart"] } } }] })\n}\n`,
  },
  {
    id: 'Terraform heredoc',
    file: 'main.tf',
    text: `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = <<EOF\n${pretty.replaceAll(provider, '${module.eks.oidc_provider_arn}').replaceAll(`"${issuer}`, '"${module.eks.oidc_provider}')}\nEOF\n}\n`,
  },
  {
    id: 'Terraform indented heredoc, CRLF',
    file: 'main.tf',
    text: `resource "aws_iam_role" "orders" {\n  name               = "orders"\n  assume_role_policy = <<-POLICY\n${indented(pretty, '    ')}\n  POLICY\n}\n`.replaceAll(
      '\n',
      '\r\n',
    ),
  },
  {
    id: 'Terraform text in quotes',
    file: 'main.tf',
    text: `resource "aws_iam_role" "orders" {\n  name               = "orders"\n  assume_role_policy = ${JSON.stringify(JSON.stringify(document))}\n}\n`,
  },
  {
    id: 'aws_iam_policy_document',
    file: 'main.tf',
    text: `data "aws_iam_policy_document" "trust" {
  # GitHub deploys it
  statement {
    sid     = "GitHub"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["${github}"]
    }

    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/app:*"]
    }
  }

  # ours
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["${provider}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${issuer}:sub"
      values = [
        "system:serviceaccount:shop:orders",
        "system:serviceaccount:shop:cart",
      ]
    }
  }
}

resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`,
  },
];
