import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs';
import { account, deployment, getRole, trust } from './build';
import { ack, forService, program, stack } from './templates';
import { openWorkspace, uriOf } from '../support/fixtureWorkspace';

type Files = Readonly<Record<string, string>>;

interface Repository {
  readonly files: Files;
  /** A file and what it says where there is a mistake in it. */
  readonly mistakes: readonly (readonly [path: string, text: string])[];
}

const getAtt = { 'Fn::GetAtt': ['Role', 'Arn'] };

/** A root module: a role by the published module, a Helm release whose values a template fills in, and an association. */
function rootModule({ account = 'app', service = 'pods.eks.amazonaws.com', audience = 'sts.amazonaws.com' } = {}): string {
  return `
terraform {
  backend "s3" {}
}
module "eks" {
  source = "terraform-aws-modules/eks/aws"
}
data "aws_iam_policy_document" "app" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [module.eks.oidc_provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "\${module.eks.oidc_provider}:sub"
      values   = ["system:serviceaccount:demo:${account}"]
    }
    condition {
      test     = "StringEquals"
      variable = "\${module.eks.oidc_provider}:aud"
      values   = ["${audience}"]
    }
  }
}
resource "aws_iam_role" "app" {
  name               = "tf-app"
  assume_role_policy = data.aws_iam_policy_document.app.json
}
resource "helm_release" "app" {
  name      = "app"
  namespace = "demo"
  chart     = "./chart"
  values    = [templatefile("\${path.module}/values.yaml", { role_arn = aws_iam_role.app.arn })]
}
resource "aws_iam_role" "agent" {
  name = "tf-agent"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "${service}" } }]
  })
}
resource "aws_eks_pod_identity_association" "agent" {
  cluster_name    = "demo"
  namespace       = "demo"
  service_account = "agent"
  role_arn        = aws_iam_role.agent.arn
}
`;
}

const values = 'serviceAccount:\n  name: app\n  annotations:\n    eks.amazonaws.com/role-arn: ${role_arn}\n';

/** One right repository: each way in which an account gets a role, with what may be written wrong in it. */
const right: Readonly<Record<string, Repository>> = {
  plain: {
    files: {
      'k8s/sa.yaml': account('app', 'demo', 'app-role'),
      'k8s/deployment.yaml': deployment('app', 'demo'),
      'iam/app-role.json': trust('demo:app'),
    },
    mistakes: [
      ['iam/app-role.json', trust('demo:apq')],
      ['k8s/sa.yaml', account('app', 'shop', 'app-role')],
      ['iam/app-role.json', trust('demo:app').replace('sts.amazonaws.com', 'sts.amazon.com')],
    ],
  },
  'get-role': {
    files: { 'sa.yaml': account('app', 'demo', 'app'), 'role.json': getRole('app', 'demo:app') },
    mistakes: [['role.json', getRole('app', 'demo:other')]],
  },
  kustomize: {
    files: {
      'base/sa.yaml': account('app', undefined, 'kustomized'),
      'base/kustomization.yaml': 'resources: [sa.yaml]\n',
      'overlay/kustomization.yaml': 'namespace: demo\nresources: [../base]\n',
      'overlay/kustomized-trust.json': trust('demo:app'),
    },
    mistakes: [
      ['overlay/kustomization.yaml', 'namespace: demo\nnamePrefix: x-\nresources: [../base]\n'],
      ['overlay/kustomized-trust.json', trust('prod:app')],
    ],
  },
  terraform: {
    files: {
      'main.tf': rootModule(),
      'values.yaml': values,
      'manifests/sa.yaml': account('app', 'demo', 'tf-app'),
    },
    mistakes: [
      ['main.tf', rootModule({ account: 'apq' })],
      ['main.tf', rootModule({ audience: 'sts.amazon.com' })],
      ['main.tf', rootModule({ service: 'ec2.amazonaws.com' })],
      ['values.yaml', values.replace('name: app', 'name: web')],
      ['manifests/sa.yaml', account('web', 'demo', 'tf-app')],
    ],
  },
  cloudformation: {
    files: { 'stack.json': stack({ Role: { name: 'pods-role' } }, { role: getAtt }) },
    mistakes: [['stack.json', stack({ Role: { name: 'pods-role', service: 'ec2.amazonaws.com' } }, { role: getAtt })]],
  },
  pulumi: {
    files: { 'Pulumi.yaml': program({ name: 'pulumi-role', subject: 'demo:app' }) },
    mistakes: [['Pulumi.yaml', program({ name: 'pulumi-role', subject: 'demo:pap' })]],
  },
  ack: {
    files: {
      'ack.yaml': ack({ object: 'app', name: 'ack-role', service: 'pods.eks.amazonaws.com' }),
      'sa.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: demo}\n',
    },
    mistakes: [['ack.yaml', ack({ object: 'app', name: 'ack-role', service: 'lambda.amazonaws.com' })]],
  },
  association: {
    files: {
      'sa.yaml': account('app', 'demo', 'annotated'),
      'annotated.json': trust('demo:app'),
    },
    mistakes: [
      [
        'associations.json',
        JSON.stringify({
          AWSTemplateFormatVersion: '2010-09-09',
          Resources: {
            Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: forService('pods.eks.amazonaws.com') } },
            Association: {
              Type: 'AWS::EKS::PodIdentityAssociation',
              Properties: { ClusterName: 'demo', Namespace: 'demo', ServiceAccount: 'app', RoleArn: getAtt },
            },
          },
        }),
      ],
    ],
  },
};

const below = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

/** The findings of a folder's files that are more than infos, with their places in it. */
function findingsIn(files: Files, folder: string): string[] {
  const workspace = openWorkspace(new Map(Object.entries(files)));
  return Object.keys(files)
    .filter((path) => path.startsWith(`${folder}/`))
    .sort()
    .flatMap((path) =>
      workspace
        .check(uriOf(path))
        .filter(({ level }) => level !== 'info')
        .map(({ rule, level, at }) => `${path.slice(folder.length + 1)}:${at.span.start} ${rule}@${level}`),
    );
}

const pairs = [
  ['cluster-a', 'cluster-b'],
  ['lessons/1', 'lessons/2'],
  ['envs/dev', 'envs/prod'],
  ['payments', 'orders'],
  ['blue/eks', 'green/eks'],
] as const;

describe('two copies side by side, one with a mistake', () => {
  for (const [kind, { files, mistakes }] of Object.entries(right)) {
    for (const [a, b] of pairs) {
      it(`${kind} in ${a} and ${b}`, () => {
        expect(findingsIn({ ...below(a, files), ...below(b, files) }, a)).toEqual([]);
        for (const [path, text] of mistakes) {
          const wrong = { ...files, [path]: text };
          const alone = findingsIn(below(a, wrong), a);
          expect(alone).not.toEqual([]);
          for (const [own, other] of [
            [a, b],
            [b, a],
          ] as const) {
            const both = { ...below(own, wrong), ...below(other, files) };
            expect(findingsIn(both, own)).toEqual(alone);
            expect(findingsIn(both, other)).toEqual([]);
          }
        }
      });
    }
  }
});

it('any of the mistakes, in repositories that hold all of it, is found alone and where it is', () => {
  const parts = Object.values(right).map((part, i) => ({ ...part, folder: `part-${i}` }));
  const everything = Object.assign({}, ...parts.map(({ folder, files }) => below(folder, files))) as Files;
  const mistake = fc.constantFrom(
    ...parts.flatMap(({ folder, files, mistakes }) => mistakes.map(([path, text]) => ({ folder, files, path, text }))),
  );
  fc.assert(
    fc.property(mistake, fc.constantFrom(...pairs), fc.boolean(), ({ folder, files, path, text }, [a, b], first) => {
      const [own, other] = first ? [a, b] : [b, a];
      const wrong = { ...everything, [`${folder}/${path}`]: text };
      const alone = findingsIn(below(own, below(folder, { ...files, [path]: text })), own);
      const both = { ...below(own, wrong), ...below(other, everything) };
      expect(findingsIn(both, own)).toEqual(alone);
      expect(findingsIn(both, other)).toEqual([]);
    }),
    { numRuns: runs(10) },
  );
});
