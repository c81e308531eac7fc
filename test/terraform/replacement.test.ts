import { describe, expect, it, test } from 'vitest';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import { newRoleName } from '../../server/src/core/migrate/edits/module/roleName';
import type { KnownModule } from '../../server/src/core/readers/terraform/modules/moduleSources';
import { attachedTo, renamedCall } from '../../server/src/core/readers/terraform/modules/replacement/attachments';
import { permissionsOfCall } from '../../server/src/core/readers/terraform/modules/replacement/permissions';
import { replacementOf } from '../../server/src/core/readers/terraform/modules/replacement/replacement';
import { isSurelyAtLeast, mayBeAtLeast } from '../../server/src/core/readers/terraform/modules/replacement/versions';
import type { HclBlock } from '../../server/src/core/syntax/hcl/body';
import { plain } from '../../server/src/core/text/texts';

function blockOf(text: string): HclBlock {
  return readSourceFile('file:///r/main.tf', text).documents[0]!.tree().hcl!.blocks[0]!;
}

const call = (body: string): string => `module "orders" {\n${body}\n}\n`;

/** What goes over, as `part name=source`, or why nothing does. */
function goesOver(known: KnownModule, body: string): string | string[] {
  const text = call(body);
  const found = replacementOf(blockOf(text), text, known);
  if ('refused' in found) return found.refused;
  return Object.entries(found.made).flatMap(([part, all]) =>
    (all as readonly { name: string; source: string }[]).map(({ name, source }) => `${part} ${name}=${source}`),
  );
}

test.each<[version: string, mayBe: boolean, surely: boolean]>([
  ['>= 1.0', true, false],
  ['> 5.0', true, false],
  ['!= 6.0.0', true, false],
  ['< 6.6.0', false, false],
  ['< 6.6.1', true, false],
  ['<= 6.6.0', true, false],
  ['<= 6.5.9', false, false],
  ['~> 6', true, false],
  ['~> 6.0', true, false],
  ['~> 6.5.0', false, false],
  ['~> 6.6.0', true, true],
  ['~> 6.7.0', true, true],
  ['~> 5.9', false, false],
  ['~> 7.0', true, true],
  ['= 6.6.0', true, true],
  ['v6.6.0', true, true],
  ['6.5.9', false, false],
  ['>= 6.6, < 7', true, true],
  ['>= 6.0, < 6.6.0', false, false],
  ['latest', false, false],
  ['', false, false],
])('version %s may be, and surely is, at least 6.6.0', (constraint, mayBe, surely) => {
  expect(mayBeAtLeast('a/b/aws', constraint, [6, 6, 0])).toBe(mayBe);
  expect(isSurelyAtLeast(constraint, [6, 6, 0])).toBe(surely);
});

test.each([
  ['git::https://example.com/m.git', true],
  ['git::https://example.com/m.git?ref=main', true],
  ['git::https://example.com/m.git?ref=0a1b2c3', true],
  ['git::https://example.com/m.git?ref=v6.5.0', false],
  ['git::https://example.com/m.git?depth=1&ref=v6.6.0', true],
])('source %s without a version may be at least 6.6.0', (source, mayBe) => {
  expect(mayBeAtLeast(source, undefined, [6, 6, 0])).toBe(mayBe);
});

describe('arguments of a call whose role is replaced', () => {
  it.each<[KnownModule, string, string[]]>([
    ['irsa', '  create_role = true\n  role_name = "a"\n  policy_name_prefix = "x"', []],
    ['irsa', '  create_role = var.on', ['role create=var.on']],
    ['irsa', '  allow_self_assume_role = false', []],
    ['irsa', '  karpenter_tag_key = "x"\n  attach_karpenter_controller_policy = false', []],
    ['irsa', '  velero_s3_bucket_arns = [var.b]', []],
    ['irsa', '  role_policy_arns = var.all', ['policies additional_policy_arns=var.all']],
    ['irsa', '  external_secrets_kms_key_arns = []\n  attach_external_secrets_policy = false', []],
    ['irsa', '  attach_cluster_autoscaler_policy = true\n  cluster_autoscaler_cluster_names = ["old"]\n  cluster_autoscaler_cluster_ids = ["new"]',
      ['policies attach_cluster_autoscaler_policy=true', 'policies cluster_autoscaler_cluster_names=["new"]']],
    ['oidc-role', '  role_policy_arns = []', ['policies additional_policy_arns={}']],
    ['oidc-role', '  role_policy_arns = var.all', ['policies additional_policy_arns={ for i, arn in var.all : tostring(i) => arn }']],
    ['oidc-role', '  role_policy_arns = var.all\n  number_of_role_policy_arns = length(var.all)',
      ['policies additional_policy_arns={ for i, arn in var.all : tostring(i) => arn }']],
    ['oidc-role', '  role_policy_arns = [data.aws_iam_policy.s3.arn, aws_iam_policy.s3[0].arn, var.more]\n  number_of_role_policy_arns = 3',
      ['policies additional_policy_arns={\n    s3     = data.aws_iam_policy.s3.arn\n    s3_2   = aws_iam_policy.s3[0].arn\n    policy = var.more\n  }']],
    ['oidc-role', '  inline_policy_statements = var.statements', ['policies attach_custom_policy=true', 'policies policy_statements=var.statements']],
    ['cloudposse-role', '  aws_iam_policy_document = []', []],
    ['cloudposse-role', '  aws_iam_policy_document = data.aws_iam_policy_document.a.json',
      ['policies attach_custom_policy=true', 'policies source_policy_documents=[data.aws_iam_policy_document.a.json]']],
    ['cloudposse-role', '  aws_iam_policy_document = [var.document]', ['policies attach_custom_policy=true', 'policies source_policy_documents=[var.document]']],
    ['cloudposse-role', '  context = module.this.context', ['role create=module.this.enabled', 'rest tags=module.this.tags']],
    ['cloudposse-role', '  context = module.this.context\n  enabled = var.on\n  tags = var.tags', ['role create=var.on', 'rest tags=merge(module.this.tags, var.tags)']],
  ])('%s goes over: %s', (known, body, made) => {
    expect(goesOver(known, body)).toEqual(made);
  }); // prettier-ignore

  it.each<[KnownModule, string, string]>([
    ['irsa', '  extra {\n    a = 1\n  }', 'The block extra'],
    ['irsa', '  role_description = <<-EOT\n    Orders\n  EOT', 'role_description is a heredoc'],
    ['irsa', '  role_policy_arns = var.on ? var.a : var.b', 'depend on a condition'],
    ['irsa', '  inline_policy_statements = var.a', 'inline_policy_statements'],
    ['irsa', '  managed_policy_arns = var.a', 'managed_policy_arns'],
    ['irsa', '  context = module.this.context', 'context'],
    ['oidc-role', '  role_policy_arns = { a = var.a }', 'not written as a list'],
    ['oidc-role', '  role_policy_arns = [var.a, var.b]\n  number_of_role_policy_arns = 1', 'attaches only some'],
    ['oidc-role', '  role_policy_arns = [join("/", [\n    var.a])]', 'depend on a condition'],
    ['oidc-role', '  provider_trust_policy_conditions = [var.a]', 'conditions are on claims'],
    ['oidc-role', '  attach_ebs_csi_policy = true', 'attach_ebs_csi_policy'],
    ['cloudposse-role', '  aws_iam_policy_document = var.documents', 'not written as one policy'],
    ['cloudposse-role', '  aws_iam_policy_document = [var.a, var.b]', 'not written as one policy'],
    ['cloudposse-role', '  context = var.context', 'context is not'],
    ['cloudposse-role', '  role_policy_arns = var.a', 'role_policy_arns'],
  ])('%s is refused: %s', (known, body, why) => {
    const found = goesOver(known, body);
    expect(found).toBeTypeOf('string');
    expect(found).toContain(why);
  });
});

describe("a resource gives a module's role a policy", () => {
  const resource = (type: string, role: string): string | undefined => {
    const text = `resource "${type}" "a" {\n  role       = ${role}\n  policy_arn = var.policy\n}\n`;
    return attachedTo({ block: blockOf(text), text });
  };

  it.each([
    ['aws_iam_role_policy_attachment', 'module.orders.iam_role_name', 'orders'],
    ['aws_iam_role_policy', 'module.orders[0].iam_role_name', 'orders'],
    ['aws_iam_role_policy_attachment', 'module.orders.iam_role_arn', undefined],
    ['aws_iam_role_policy_attachment', 'aws_iam_role.orders.name', undefined],
    ['aws_iam_role_policy_attachment', '"orders"', undefined],
    ['aws_iam_policy_attachment', 'module.orders.iam_role_name', undefined],
  ])('%s with the role %s', (type, role, label) => {
    expect(resource(type, role)).toBe(label);
  });

  it('and is renamed only where it is that module', () => {
    const source = 'module.orders.a module.orders[0].b module.orders_2.c my-module.orders.d module.orders';
    expect(renamedCall(source, 'orders', 'new')).toBe('module.new.a module.new[0].b module.orders_2.c my-module.orders.d module.orders');
  });
});

describe('what a role may do', () => {
  const of = (known: KnownModule, body: string): string | undefined => {
    const text = call(body);
    return permissionsOfCall({ block: blockOf(text), text }, known, []);
  };

  it('is the same for a role and its replacement, however it is spaced', () => {
    const old = of('irsa', '  attach_ebs_csi_policy = true\n  ebs_csi_kms_cmk_ids = [var.key]');
    expect(old).toBeDefined();
    expect(of('pod-identity', '  name = "x"\n  aws_ebs_csi_kms_arns = [ var.key ]\n  attach_aws_ebs_csi_policy = true')).toBe(old);
  });

  it.each<[why: string, known: KnownModule, body: string]>([
    ['a policy that no other has', 'pod-identity', '  attach_aws_ebs_csi_policy = true\n  aws_ebs_csi_kms_arns = [var.key]\n  attach_new_policy = true'],
    ['a boundary', 'pod-identity', '  attach_aws_ebs_csi_policy = true\n  aws_ebs_csi_kms_arns = [var.key]\n  permissions_boundary_arn = var.b'],
    ['another module', 'karpenter', '  attach_aws_ebs_csi_policy = true\n  aws_ebs_csi_kms_arns = [var.key]'],
    ['no policy', 'pod-identity', '  name = "x"'],
    ['what is refused', 'irsa', '  attach_ebs_csi_policy = true\n  ebs_csi_kms_cmk_ids = [var.key]\n  unheard_of = 1'],
  ])('is another, or unknown, with %s', (_, known, body) => {
    expect(of(known, body)).not.toBe(of('irsa', '  attach_ebs_csi_policy = true\n  ebs_csi_kms_cmk_ids = [var.key]'));
  }); // prettier-ignore

  it('is not told where it would be very long', () => {
    expect(of('irsa', `  role_policy_arns = { a = "${'x'.repeat(21_000)}" }`)).toBeUndefined();
  });
});

describe('the name of a role beside the one that it replaces', () => {
  const nameOf = (body: string, known?: string): unknown => {
    const text = call(body);
    const { role, policyPrefix } = newRoleName(blockOf(text), text, known === undefined ? undefined : plain(known), 'app');
    return [...role.map(({ name, source }) => `${name}=${source}`), ...(policyPrefix === undefined ? [] : [policyPrefix])];
  };

  it.each([
    ['  role_name = "orders"', undefined, ['name="orders-pod-identity"', 'use_name_prefix=false', '"orders-pod-identity-"']],
    ['  role_name = var.name', undefined, ['name="${var.name}-pod-identity"', 'use_name_prefix=false', '"${var.name}-pod-identity-"']],
    ['  role_name = null\n  role_name_prefix = "orders-"', undefined, ['name="orders"']],
    ['  role_name_prefix = var.prefix', undefined, ['name=var.prefix']],
    ['', undefined, ['name="app"']],
    ['  role_name = var.name', 'o'.repeat(51), ['name="${var.name}-pod-identity"', 'use_name_prefix=false', '"${var.name}-pod-identity-"']],
    ['  role_name = var.name', 'o'.repeat(52), [`name="${'o'.repeat(37)}"`]],
    ['  role_name = var.name', `${'o'.repeat(36)}-${'p'.repeat(20)}`, [`name="${'o'.repeat(36)}"`]],
  ])('of %s', (body, known, names) => {
    expect(nameOf(body, known)).toEqual(names);
  });
});
