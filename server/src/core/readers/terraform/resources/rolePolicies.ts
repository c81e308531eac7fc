import type { Fact, RolePolicyFact } from '../../../model/facts';
import { attributeOf, blocksOf, type HclBlock, type HclExpression } from '../../../syntax/hcl/body';
import type { Text } from '../../../text/text';
import { toText } from '../../nodes';
import type { Evaluator } from '../evaluate/evaluator';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { roleNameOf } from '../wellKnown';
import { asText, textOf } from './arguments';

/** What roles may do, as far as it is named: inline policies and attachments, each with its role. Source: the AWS provider's documentation. */
export function readRolePolicies(module: ModuleInstance): Fact[] {
  const facts: RolePolicyFact[] = [];
  const of = (type: string, read: (placed: Placed, evaluator: Evaluator) => RolePolicyFact[]) => {
    for (const placed of module.definition.resourcesOf(type))
      for (const { evaluator } of module.instances(placed)) facts.push(...read(placed, evaluator));
  };
  of('aws_iam_role_policy', (placed, evaluator) =>
    rolesOf(attributeOf(placed.block.body, 'role')?.value, evaluator).map((role) => ({
      ...base(placed),
      role,
      ...nameOf(placed.block, evaluator),
    })),
  );
  of('aws_iam_role_policy_attachment', attachments);
  of('aws_iam_policy_attachment', attachments);
  of('aws_iam_role', ofRole);
  return facts;
}

function base({ member, block }: Placed): Pick<RolePolicyFact, 'kind' | 'doc' | 'span'> {
  return { kind: 'rolePolicy', doc: member.input.doc, span: block.span };
}

/** `name` of an inline policy; none where Terraform makes it. */
function nameOf(block: HclBlock, evaluator: Evaluator): Pick<RolePolicyFact, 'name'> {
  const name = textOf(block, 'name', evaluator);
  return name ? { name } : {};
}

function attachments(placed: Placed, evaluator: Evaluator): RolePolicyFact[] {
  const { body } = placed.block;
  const arn = attributeOf(body, 'policy_arn')?.value;
  const policy = arn && attached(arn, evaluator);
  if (!policy) return [];
  return [attributeOf(body, 'role')?.value, attributeOf(body, 'roles')?.value]
    .flatMap((value) => rolesOf(value, evaluator))
    .map((role) => ({ ...base(placed), role, ...policy }));
}

/** The arguments `managed_policy_arns` and `inline_policy` of a role itself. */
function ofRole(placed: Placed, evaluator: Evaluator): RolePolicyFact[] {
  const role = toText(roleNameOf(placed, evaluator));
  const listed = attributeOf(placed.block.body, 'managed_policy_arns')?.value;
  const managed = listed?.kind === 'tuple' ? listed.items.flatMap((item) => attached(item, evaluator) ?? []) : [];
  const inline = blocksOf(placed.block.body, 'inline_policy').flatMap((block) => {
    const { name } = nameOf(block, evaluator);
    return name ? [{ name, span: block.span }] : [];
  });
  return [...managed, ...inline].map((policy) => ({ ...base(placed), role, ...policy }));
}

/** The managed policy of an expression: its ARN; or the name of a policy that the module makes itself. */
function attached(expression: HclExpression, evaluator: Evaluator): Pick<RolePolicyFact, 'arn'> | Pick<RolePolicyFact, 'name'> | undefined {
  const own = policyOf(expression, evaluator);
  if (own) {
    // In the words of its own block; the fact stands where it is attached.
    const value = attributeOf(own.block.body, 'name')?.value;
    const name = value && asText(evaluator.elsewhere(own.member, value, expression.span));
    return name ? { name } : undefined;
  }
  const arn = asText(evaluator.evaluate(expression));
  return arn && { arn };
}

/** The roles of an argument: a role's name or a list of them. */
function rolesOf(expression: HclExpression | undefined, evaluator: Evaluator): Text[] {
  if (!expression) return [];
  if (expression.kind === 'tuple') return expression.items.flatMap((item) => rolesOf(item, evaluator));
  const text = asText(evaluator.evaluate(expression));
  return text ? [text] : [];
}

/** The managed policy of this module that a reference leads to. */
function policyOf(expression: HclExpression, { module }: Evaluator): Placed | undefined {
  if (expression.kind !== 'reference' || expression.root !== 'aws_iam_policy') return undefined;
  const [first] = expression.steps;
  return first?.kind === 'attribute' ? module.definition.resource('aws_iam_policy', first.name) : undefined;
}
