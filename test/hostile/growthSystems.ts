import { account, deployment, issuer, policy, provider, range, statement, subject, subjects, times, type Shape } from './growthShapes';

const trust = `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "${provider}" }, Condition = { StringEquals = { "${issuer}:sub" = "system:serviceaccount:shop:a" } } }] })`;
const kustomization = (lines: string): string => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${lines}`;
const template = (resources: string, more = ''): string => `AWSTemplateFormatVersion: '2010-09-09'\n${more}Resources:\n${resources}`;

/** Terraform, CloudFormation, Kustomize, pod-roles.yaml, documentation and scripts that repeat something n times. */
export const systems: Readonly<Record<string, readonly [n: number, shape: Shape]>> = {
  'a ring of Terraform roles': [
    5000,
    (n) => ({
      'a.tf': times(
        n,
        (i) => `resource "aws_iam_role" "r${i}" {\n  name = aws_iam_role.r${(i + 1) % n}.name\n  assume_role_policy = ${trust}\n}\n`,
      ),
    }),
  ],
  'a chain of Terraform roles': [
    5000,
    (n) => ({
      'a.tf': times(
        n,
        (i) =>
          `resource "aws_iam_role" "r${i}" {\n  name = "\${aws_iam_role.r${i + 1}.name}x"\n  assume_role_policy = aws_iam_role.r${i + 1}.assume_role_policy\n}\n`,
      ),
    }),
  ],
  'Terraform roles': [
    5000,
    (n) => ({ 'a.tf': times(n, (i) => `resource "aws_iam_role" "r${i}" {\n  name = "r${i}"\n  assume_role_policy = ${trust}\n}\n`) }),
  ],
  'Terraform roles of one name': [
    3000,
    (n) => ({
      'a.tf': times(n, () => `resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = ${trust}\n}\n`),
      'a.yaml': account('b', 'r'),
    }),
  ],
  'Terraform files': [
    2000,
    (n) =>
      Object.fromEntries(
        range(n).map((i) => [`f${i}.tf`, `resource "aws_iam_role" "r${i}" {\n  name = "r${i}"\n  assume_role_policy = ${trust}\n}\n`]),
      ),
  ],
  'Terraform folders': [
    2000,
    (n) =>
      Object.fromEntries(
        range(n).map((i) => [`f${i}/a.tf`, `resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = ${trust}\n}\n`]),
      ),
  ],
  'locals that double': [
    60,
    (n) => ({
      'a.tf': `locals {\n${times(n, (i) => `  a${i} = "\${local.a${i + 1}}\${local.a${i + 1}}"\n`)}  a${n} = "x"\n}\nresource "aws_iam_role" "r" {\n  name = local.a0\n  assume_role_policy = ${trust.replace('system:serviceaccount:shop:a', '${local.a0}')}\n}\n`,
    }),
  ],
  'locals that double lists': [
    60,
    (n) => ({
      'a.tf': `locals {\n${times(n, (i) => `  a${i} = [local.a${i + 1}, local.a${i + 1}]\n  b${i} = concat(local.b${i + 1}, local.b${i + 1})\n  c${i} = { x = local.c${i + 1}, y = local.c${i + 1} }\n`)}  a${n} = ["x"]\n  b${n} = ["system:serviceaccount:shop:a"]\n  c${n} = {}\n}\nresource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = ${trust.replace('"system:serviceaccount:shop:a"', 'local.b0')}\n}\nresource "aws_iam_role" "s" {\n  name = "s"\n  assume_role_policy = jsonencode({ Statement = [local.a0, local.c0] })\n}\n`,
    }),
  ],
  'a chain of locals': [
    20_000,
    (n) => ({
      'a.tf': `locals {\n${times(n, (i) => `  a${i} = local.a${i + 1}\n`)}}\nresource "aws_iam_role" "r" {\n  name = local.a0\n  assume_role_policy = local.a1\n}\n`,
    }),
  ],
  'a ring of locals': [
    20_000,
    (n) => ({
      'a.tf': `locals {\n${times(n, (i) => `  a${i} = local.a${(i + 1) % n}\n`)}}\nresource "aws_iam_role" "r" {\n  name = local.a0\n  assume_role_policy = local.a1\n}\n`,
    }),
  ],
  'policy documents that include one another': [
    40,
    (n) => ({
      'a.tf': `${times(n, (i) => `data "aws_iam_policy_document" "d${i}" {\n  source_policy_documents = [data.aws_iam_policy_document.d${i + 1}.json, data.aws_iam_policy_document.d${i + 1}.json]\n}\n`)}data "aws_iam_policy_document" "d${n}" {\n  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n  }\n}\nresource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = data.aws_iam_policy_document.d0.json\n}\n`,
    }),
  ],
  'a ring of policy documents': [
    3000,
    (n) => ({
      'a.tf': `${times(n, (i) => `data "aws_iam_policy_document" "d${i}" {\n  source_policy_documents = [data.aws_iam_policy_document.d${(i + 1) % n}.json]\n  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n  }\n}\nresource "aws_iam_role" "r${i}" {\n  assume_role_policy = data.aws_iam_policy_document.d${i}.json\n}\n`)}`,
    }),
  ],
  'roles of one policy document': [
    3000,
    (n) => ({
      'a.tf': `data "aws_iam_policy_document" "d" {\n${times(n, () => `  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n    principals {\n      type = "Federated"\n      identifiers = ["${provider}"]\n    }\n  }\n`)}}\n${times(n, (i) => `resource "aws_iam_role" "r${i}" {\n  name = "r${i}"\n  assume_role_policy = data.aws_iam_policy_document.d.json\n}\n`)}`,
    }),
  ],
  'roles of one local policy': [
    3000,
    (n) => ({
      'a.tf': `locals {\n  p = jsonencode({ Version = "2012-10-17", Statement = [${times(n, () => `{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "${provider}" } }`, ', ')}] })\n}\n${times(n, (i) => `resource "aws_iam_role" "r${i}" {\n  name = "r${i}"\n  assume_role_policy = local.p\n}\n`)}`,
    }),
  ],
  'for_each over a long list': [
    5000,
    (n) => ({
      'a.tf': `resource "aws_iam_role" "r" {\n  for_each = toset([${times(n, (i) => `"r${i}"`, ', ')}])\n  name = each.key\n  assume_role_policy = ${trust}\n}\nresource "kubernetes_service_account" "a" {\n  for_each = toset([${times(n, (i) => `"a${i}"`, ', ')}])\n  metadata {\n    name = each.key\n    namespace = "shop"\n    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.r[each.key].arn }\n  }\n}\n`,
    }),
  ],
  modules: [
    2000,
    (n) => ({
      'a.tf': times(
        n,
        (i) =>
          `module "m${i}" {\n  source = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"\n  role_name = "r${i}"\n  oidc_providers = { a = { provider_arn = "${provider}", namespace_service_accounts = ["shop:a${i}"] } }\n}\n`,
      ),
    }),
  ],
  'subjects of a module': [
    10_000,
    (n) => ({
      'a.tf': `module "m" {\n  source = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"\n  role_name = "r"\n  oidc_providers = { a = { provider_arn = "${provider}", namespace_service_accounts = [${times(n, (i) => `"shop:a${i}"`, ', ')}] } }\n}\n`,
      'a.yaml': account('b', 'r'),
    }),
  ],
  'brackets of HCL': [
    100_000,
    (n) => ({
      'a.tf': `resource "aws_iam_role" "r" {\n  name = ${'['.repeat(n)}${']'.repeat(n)}\n  assume_role_policy = ${'('.repeat(n)}1${')'.repeat(n)}\n}\n`,
    }),
  ],
  'blocks of HCL': [
    20_000,
    (n) => ({ 'a.tf': `resource "aws_iam_role" "r" {\n${'a {\n'.repeat(n)}${'}\n'.repeat(n)}  assume_role_policy = "x"\n}\n` }),
  ],
  'templates of HCL': [
    20_000,
    (n) => ({ 'a.tf': `resource "aws_iam_role" "r" {\n  name = ${'"${'.repeat(n)}"x"${'}"'.repeat(n)}\n  assume_role_policy = "x"\n}\n` }),
  ],
  'interpolations of HCL': [
    40_000,
    (n) => ({
      'a.tf': `resource "aws_iam_role" "r" {\n  name = "${'${var.x}'.repeat(n)}"\n  assume_role_policy = "${'${var.x}'.repeat(n)}"\n}\n`,
    }),
  ],
  'operators of HCL': [
    40_000,
    (n) => ({
      'a.tf': `resource "aws_iam_role" "r" {\n  name = ${'1 + '.repeat(n)}1\n  assume_role_policy = ${'var.x ? 1 : '.repeat(n)}1\n}\n`,
    }),
  ],
  'functions of HCL': [
    5000,
    (n) => ({
      'a.tf': `resource "aws_iam_role" "r" {\n  name = ${'lower('.repeat(n)}"x"${')'.repeat(n)}\n  assume_role_policy = ${'jsonencode('.repeat(n)}"x"${')'.repeat(n)}\n}\n`,
    }),
  ],
  'functions that grow': [
    60,
    (n) => ({
      'a.tf': `locals {\n  a = format("${'%s'.repeat(n)}"${times(n, () => ', local.b')})\n  b = join("", [for x in range(1000000) : "x"])\n  c = replace("${'x'.repeat(1000)}", "x", "${'y'.repeat(1000)}")\n${times(n, (i) => `  d${i} = replace(local.d${i + 1}, "x", "xx")\n`)}  d${n} = "x"\n}\nresource "aws_iam_role" "r" {\n  name = local.a\n  assume_role_policy = local.d0\n}\nresource "aws_iam_role" "s" {\n  name = local.c\n  assume_role_policy = local.d0\n}\n`,
    }),
  ],
  'one ternary in another': [
    5000,
    (n) => ({
      'a.tf': `locals {\n${times(n, (i) => `  a${i} = var.x ? local.a${i + 1} : local.a${i + 1}\n`)}  a${n} = "x"\n}\nresource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = local.a0\n}\n`,
    }),
  ],
  'modules that call the next twice': [
    30,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [
          `m${i}/main.tf`,
          `module "a" {\n  source = "../m${i + 1}"\n  x = var.x\n}\nmodule "b" {\n  source = "../m${i + 1}"\n  x = module.a.y\n}\nvariable "x" {}\noutput "y" {\n  value = "\${module.a.y}\${module.b.y}"\n}\n`,
        ]),
      ),
      [`m${n}/main.tf`]: `variable "x" {}\noutput "y" {\n  value = aws_iam_role.r.arn\n}\nresource "aws_iam_role" "r" {\n  name = var.x\n  assume_role_policy = ${trust}\n}\n`,
    }),
  ],
  'a ring of modules': [
    500,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [
          `m${i}/main.tf`,
          `module "a" {\n  source = "../m${(i + 1) % n}"\n  x = module.a.y\n}\nvariable "x" {}\noutput "y" {\n  value = var.x\n}\nresource "aws_iam_role" "r" {\n  name = var.x\n  assume_role_policy = ${trust}\n}\n`,
        ]),
      ),
    }),
  ],
  'one module of many roots': [
    200,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [`r${i}/main.tf`, `provider "aws" {}\nmodule "a" {\n  source = "../m"\n  x = "n${i}"\n}\n`]),
      ),
      'm/main.tf': `variable "x" {}\n${times(20, (i) => `resource "aws_iam_role" "r${i}" {\n  name = "\${var.x}-${i}"\n  assume_role_policy = ${trust}\n}\n`)}`,
    }),
  ],
  'one module of many roles of many roots': [
    400,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [`r${i}/main.tf`, `provider "aws" {}\nmodule "a" {\n  source = "../m"\n  x = "n${i}"\n}\n`]),
      ),
      'm/main.tf': `variable "x" {}\n${times(50, (i) => `resource "aws_iam_role" "r${i}" {\n  name = "\${var.x}-${i}"\n  assume_role_policy = ${trust}\n}\n`)}`,
    }),
  ],
  'instances without end': [
    7,
    (n) => ({
      'a.tf': `locals {\n  all = range(${'1' + '0'.repeat(n)})\n  l0 = ["a"]\n${times(n * 6, (i) => `  l${i + 1} = concat(local.l${i}, local.l${i})\n  p${i + 1} = [for x in local.l${i} : [for y in local.l${i} : "\${x}\${y}"]]\n`)}}\nresource "aws_iam_role" "r" {\n  count = ${'1' + '0'.repeat(n)}\n  assume_role_policy = ${trust}\n}\nresource "aws_iam_role" "s" {\n  for_each = toset([for x in local.all : "s\${x}"])\n  assume_role_policy = ${trust}\n}\nresource "aws_iam_role" "t" {\n  name = join("", flatten(local.p${n * 5}))\n  assume_role_policy = jsonencode(local.l${n * 6})\n}\nmodule "m" {\n  count = ${'1' + '0'.repeat(n)}\n  source = "./m"\n}\n`,
      'm/main.tf': `resource "aws_iam_role" "r" {\n  count = ${'1' + '0'.repeat(n)}\n  assume_role_policy = ${trust}\n}\n`,
    }),
  ],
  'releases of one template': [
    500,
    (n) => ({
      'a.tf':
        times(
          n,
          (i) =>
            `resource "helm_release" "r${i}" {\n  name = "r${i}"\n  chart = "c"\n  namespace = "n${i}"\n  values = [templatefile("values.yaml", { role = aws_iam_role.r.arn })]\n${times(3, (k) => `  set {\n    name = "a.k${k}"\n    value = "x"\n  }\n`)}}\n`,
        ) + `resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = ${trust}\n}\n`,
      'values.yaml': `serviceAccount:\n  name: app\n  annotations:\n    eks.amazonaws.com/role-arn: \${role}\n`,
    }),
  ],
  'settings of one release': [
    5000,
    (n) => ({
      'a.tf': `resource "helm_release" "r" {\n  name = "r"\n  chart = "c"\n${times(n, (i) => `  set {\n    name = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn${i}"\n    value = "x"\n  }\n`)}}\n`,
    }),
  ],
  'a kustomization of two of two': [
    14,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [`k${i}/kustomization.yaml`, kustomization(`resources: [../k${i + 1}, ../j${i + 1}]\nnamePrefix: p${i}-\n`)]),
      ),
      ...Object.fromEntries(
        range(n).map((i) => [`j${i}/kustomization.yaml`, kustomization(`resources: [../k${i + 1}, ../j${i + 1}]\nnamePrefix: q${i}-\n`)]),
      ),
      [`k${n}/kustomization.yaml`]: kustomization('resources: [a.yaml]\n'),
      [`j${n}/kustomization.yaml`]: kustomization('resources: [a.yaml]\n'),
      [`k${n}/a.yaml`]: account('a', 'r'),
      [`j${n}/a.yaml`]: account('b', 'r'),
      'r.json': subjects([subject('x')]),
    }),
  ],
  'a deep kustomization of two of two': [
    40,
    (n) => ({
      ...Object.fromEntries(range(n).map((i) => [`k${i}/kustomization.yaml`, kustomization(`resources: [../k${i + 1}, ../j${i + 1}]\n`)])),
      ...Object.fromEntries(range(n).map((i) => [`j${i}/kustomization.yaml`, kustomization(`resources: [../k${i + 1}, ../j${i + 1}]\n`)])),
      [`k${n}/kustomization.yaml`]: kustomization('resources: [a.yaml]\n'),
      [`j${n}/kustomization.yaml`]: kustomization('resources: [a.yaml]\n'),
      [`k${n}/a.yaml`]: account('a', 'r'),
      [`j${n}/a.yaml`]: account('b', 'r'),
    }),
  ],
  'a chain of kustomizations': [
    2000,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [`k${i}/kustomization.yaml`, kustomization(`resources: [../k${i + 1}]\nnameSuffix: -x\n`)]),
      ),
      [`k${n}/kustomization.yaml`]: kustomization('resources: [a.yaml]\n'),
      [`k${n}/a.yaml`]: account('a', 'r'),
    }),
  ],
  'a ring of kustomizations': [
    2000,
    (n) => ({
      ...Object.fromEntries(range(n).map((i) => [`k${i}/kustomization.yaml`, kustomization(`resources: [../k${(i + 1) % n}, a.yaml]\n`)])),
      'k0/a.yaml': account('a', 'r'),
    }),
  ],
  'overlays of one base': [
    1000,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [`overlays/o${i}/kustomization.yaml`, kustomization(`resources: [../../base]\nnamespace: n${i}\n`)]),
      ),
      'base/kustomization.yaml': kustomization('resources: [a.yaml]\n'),
      'base/a.yaml': `${account('a', 'r')}---\n${deployment('d', 'a')}`,
      'r.json': subjects([subject('b')]),
    }),
  ],
  'overlays of a large base': [
    300,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [`overlays/o${i}/kustomization.yaml`, kustomization(`resources: [../../base]\nnamespace: n${i}\n`)]),
      ),
      'base/kustomization.yaml': kustomization('resources: [a.yaml]\n'),
      'base/a.yaml': times(n, (i) => `${account(`a${i}`, 'r')}---\n${deployment(`d${i}`, `a${i}`)}`, '---\n'),
      'r.json': subjects([subject('b')]),
    }),
  ],
  'resources of a kustomization': [
    3000,
    (n) => ({
      'kustomization.yaml': kustomization(`resources:\n${times(n, (i) => `- a${i}.yaml\n`)}`),
      ...Object.fromEntries(range(n).map((i) => [`a${i}.yaml`, account(`a${i}`, 'r')])),
      'r.json': subjects([subject('b')]),
    }),
  ],
  'patches of a kustomization': [
    2000,
    (n) => ({
      'kustomization.yaml': kustomization(
        `resources: [a.yaml]\npatches:\n${times(n, (i) => `- patch: '[{"op": "add", "path": "/metadata/annotations/x${i}", "value": "y"}]'\n  target: {kind: ServiceAccount, name: "a.*"}\n`)}`,
      ),
      'a.yaml': times(n, (i) => account(`a${i}`, 'r'), '---\n'),
    }),
  ],
  'patches that go through everything': [
    2000,
    (n) => ({
      'kustomization.yaml': kustomization(`resources: [a.yaml]\npatches:\n${times(n, (i) => `- path: p${i}.yaml\n`)}`),
      ...Object.fromEntries(range(n).map((i) => [`p${i}.yaml`, account(`a${i}`, `q${i}`)])),
      'a.yaml': times(n, (i) => account(`a${i}`, 'r'), '---\n'),
    }),
  ],
  'the same resource': [
    5000,
    (n) => ({
      'kustomization.yaml': kustomization(`resources:\n${times(n, () => '- a.yaml\n')}`),
      'a.yaml': times(100, (i) => account(`a${i}`, 'r'), '---\n'),
    }),
  ],
  'Argo applications': [
    2000,
    (n) => ({
      ...Object.fromEntries(
        range(n).map((i) => [
          `apps/a${i}.yaml`,
          `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x${i}}\nspec:\n  source: {path: base}\n  destination: {namespace: n${i}}\n`,
        ]),
      ),
      'base/a.yaml': times(n, (i) => account(`a${i}`, 'r'), '---\n'),
    }),
  ],
  'ignore globs': [
    50_000,
    (n) => ({
      'pod-roles.yaml': `ignore:\n${times(n, (i) => `- "**/x${i}*/*.yaml"\n`)}`,
      ...Object.fromEntries(range(300).map((i) => [`f/a${i}.yaml`, account(`a${i}`, 'r')])),
    }),
  ],
  overrides: [
    20_000,
    (n) => ({
      'pod-roles.yaml': `overrides:\n${times(n, (i) => `- paths: ["**/x${i}*.yaml"]\n  rules: {subject-mismatch: off}\n`)}`,
      ...Object.fromEntries(range(300).map((i) => [`f/a${i}.yaml`, account(`a${i}`, 'r')])),
    }),
  ],
  'overrides that all match': [
    20_000,
    (n) => ({
      'pod-roles.yaml': `overrides:\n${times(n, () => `- paths: ["**/*.yaml"]\n  rules: {subject-mismatch: off}\n`)}`,
      ...Object.fromEntries(range(300).map((i) => [`f/a${i}.yaml`, account(`a${i}`, 'r')])),
    }),
  ],
  clusters: [
    5000,
    (n) => ({
      'pod-roles.yaml': `clusters:\n${times(n, (i) => `- name: c${i}\n  issuer: https://${issuer.slice(0, -4)}${String(i).padStart(4, '0')}\n  paths: ["f${i}/**", "**/*.yaml"]\n`)}`,
      ...Object.fromEntries(range(300).map((i) => [`f/a${i}.yaml`, `${account('a', 'r')}---\n${deployment(`d${i}`, 'a')}`])),
      'r.json': subjects([subject('b')]),
    }),
  ],
  'clusters as a map': [
    5000,
    (n) => ({
      'pod-roles.yaml': `clusters:\n${times(n, (i) => `  c${i}:\n    issuer: https://${issuer.slice(0, -4)}${String(i).padStart(4, '0')}\n    paths: ["f${i}/**", "**/*.yaml"]\n`)}`,
      ...Object.fromEntries(range(300).map((i) => [`f/a${i}.yaml`, `${account('a', 'r')}---\n${deployment(`d${i}`, 'a')}`])),
      'r.json': subjects([subject('b')]),
    }),
  ],
  'roles of pod-roles.yaml': [
    20_000,
    (n) => ({
      'pod-roles.yaml': `roles:\n${times(n, (i) => `  r${i}: r.json\n`)}`,
      'a.yaml': times(2000, (i) => account(`a${i}`, `r${i}`), '---\n'),
      'r.json': subjects([subject('b')]),
    }),
  ],
  'mistakes of pod-roles.yaml': [10_000, (n) => ({ 'pod-roles.yaml': times(n, (i) => `rols${i}: x\n`), 'a.yaml': account('a', 'r') })],
  'rules of pod-roles.yaml': [
    10_000,
    (n) => ({ 'pod-roles.yaml': `rules:\n${times(n, (i) => `  subject-mismatc${i}: error\n`)}`, 'a.yaml': account('a', 'r') }),
  ],
  'nested CloudFormation functions': [
    2000,
    (n) => ({
      'a.json': JSON.stringify({
        AWSTemplateFormatVersion: '2010-09-09',
        Resources: {
          R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'X', AssumeRolePolicyDocument: JSON.parse(subjects([subject('a')])) } },
        },
      }).replace('"X"', `${'{"Fn::Join":["",["a",'.repeat(n)}"x"${']]}'.repeat(n)}`),
    }),
  ],
  'a ring of CloudFormation': [
    3000,
    (n) => ({
      'a.yaml': template(
        times(
          n,
          (i) =>
            `  R${i}:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: !Ref R${(i + 1) % n}\n      AssumeRolePolicyDocument: ${subjects([subject(`a${i}`)]).replace(/\s+/g, ' ')}\n`,
        ),
      ),
    }),
  ],
  'CloudFormation mappings that double': [
    40,
    (n) => ({
      'a.yaml': template(
        `  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: !If [C0, a, b]\n      AssumeRolePolicyDocument: ${subjects([subject('a')]).replace(/\s+/g, ' ')}\n`,
        `Conditions:\n${times(n, (i) => `  C${i}: !And [!Condition C${i + 1}, !Condition C${i + 1}]\n`)}`,
      ),
    }),
  ],
  substitutions: [
    20_000,
    (n) => ({
      'a.yaml': template(
        `  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: !Sub "${'${X}'.repeat(n)}"\n      AssumeRolePolicyDocument: ${subjects([subject('a')]).replace(/\s+/g, ' ')}\n`,
        `Parameters:\n  X: {Type: String, Default: "${'x'.repeat(1000)}"}\n`,
      ),
    }),
  ],
  'CloudFormation roles': [
    5000,
    (n) => ({
      'a.yaml': template(
        times(
          n,
          (i) =>
            `  R${i}:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: r${i}\n      AssumeRolePolicyDocument: ${subjects([subject(`a${i}`)]).replace(/\s+/g, ' ')}\n`,
        ),
      ),
    }),
  ],
  'If of CloudFormation': [
    2000,
    (n) => ({
      'a.yaml': template(
        `  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: r\n      AssumeRolePolicyDocument: ${subjects([subject('a')])
          .replace(/\s+/g, ' ')
          .replace('"Allow"', `${'!If [C, '.repeat(n)}Allow${', Deny]'.repeat(n)}`)}\n`,
      ),
    }),
  ],
  fences: [
    50_000,
    (n) => ({
      'README.md': times(
        n,
        (i) => `\`\`\`yaml\nkind: ServiceAccount\nmetadata: {name: a${i}, annotations: {eks.amazonaws.com/role-arn: x}}\n\`\`\`\n`,
      ),
    }),
  ],
  'unclosed fences': [50_000, (n) => ({ 'README.md': `${account('a', 'r')}${times(n, (i) => `${'`'.repeat(3 + (i % 50))}yaml\n`)}` })],
  'fences in lists and quotes': [
    20_000,
    (n) => ({ 'README.md': times(n, () => `> - > \`\`\`json\n> - > {"Statement": "sts:AssumeRoleWithWebIdentity"}\n`) }),
  ],
  heredocs: [
    50_000,
    (n) => ({
      'a.sh': times(
        n,
        (i) => `cat <<E${i} > x.yaml\nkind: ServiceAccount\nmetadata: {name: a${i}, annotations: {eks.amazonaws.com/role-arn: x}}\nE${i}\n`,
      ),
    }),
  ],
  'unclosed heredocs': [50_000, (n) => ({ 'a.sh': `${times(n, (i) => `cat <<E${i} > x.yaml\n`)}kind: ServiceAccount\n` })],
  'heredocs on one line': [
    20_000,
    (n) => ({ 'a.sh': `cat ${times(n, (i) => `<<E${i} `)}\n${times(n, (i) => `kind: ServiceAccount\nE${i}\n`)}` }),
  ],
  'commands of AWS': [
    10_000,
    (n) => ({
      'a.sh': times(
        n,
        (i) =>
          `aws iam create-role --role-name r${i} --assume-role-policy-document '${JSON.stringify(JSON.parse(subjects([subject(`b${i}`)])))}'\n`,
      ),
    }),
  ],
  'unclosed quotes': [
    50_000,
    (n) => ({
      'a.sh': times(n, () => `aws iam create-role --assume-role-policy-document '{"Statement": "sts:AssumeRoleWithWebIdentity"\n`),
    }),
  ],
  'lines that go on': [
    50_000,
    (n) => ({ 'a.sh': `aws iam create-role ${times(n, () => '\\\n  --x y ')} --assume-role-policy-document '{"Statement": []}'\n` }),
  ],
  'files of documentation': [
    1000,
    (n) =>
      Object.fromEntries(
        range(n).map((i) => [`d${i}.md`, `\`\`\`yaml\n${account('a', 'r')}\`\`\`\n\`\`\`json\n${policy([statement({})])}\n\`\`\`\n`]),
      ),
  ],
  'blocks of rst': [
    20_000,
    (n) => ({
      'a.rst': times(
        n,
        (i) =>
          `.. code-block:: yaml\n\n   kind: ServiceAccount\n   metadata: {name: a${i}, annotations: {eks.amazonaws.com/role-arn: x}}\n\n`,
      ),
    }),
  ],
};
