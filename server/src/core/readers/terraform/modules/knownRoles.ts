import { attributeOf } from '../../../syntax/hcl/body';
import type { Node, ScalarNode } from '../../../syntax/tree';
import { literal } from '../../../text/texts';
import type { Span } from '../../../text/span';
import type { Evaluator, Scope } from '../evaluate/evaluator';
import type { Placed } from './definition';
import type { KnownModule } from './knownSources';
import { borrowedScalar, holeText } from '../texts';

/** Which argument names the role, and which one makes a prefix of it (`true` where it does so unless told otherwise). */
const names: Partial<Readonly<Record<KnownModule, { readonly name: string; readonly prefix?: string }>>> = {
  irsa: { name: 'role_name' },
  'irsa-6': { name: 'name', prefix: 'use_name_prefix' },
  'oidc-role': { name: 'role_name' },
  'blueprints-addon': { name: 'role_name', prefix: 'role_name_use_prefix' },
  'blueprints-irsa': { name: 'irsa_iam_role_name' },
  karpenter: { name: 'iam_role_name', prefix: 'iam_role_use_name_prefix' },
  'pod-identity': { name: 'name', prefix: 'use_name_prefix' },
};

/** Outputs that are the role's ARN and name. Sources: the modules' outputs.tf; `this_` until terraform-aws-iam v3. */
export const roleOutputs = {
  arn: /^((this_)?iam_role_arn|arn|irsa_iam_role_arn|service_account_role_arn)$/,
  name: /^((this_)?iam_role_name|name|irsa_iam_role_name|service_account_role_name)$/,
};

/**
 * The name of the role that a module makes, where the evaluator reads the module's own file; a hole by the module's
 * address where the module adds to it, or where it changes with an instance.
 */
export function moduleRoleName(
  { member, block }: Placed,
  known: KnownModule,
  evaluator: Evaluator,
  scope: Scope = evaluator.scope,
): ScalarNode {
  const label = block.labels[0];
  const rule = names[known];
  const value = rule && attributeOf(block.body, rule.name)?.value;
  const isHere = member === evaluator.member && scope === evaluator.scope;
  const read = (expression: typeof value, at: Span): Node | undefined =>
    expression && (isHere ? evaluator.evaluate(expression) : evaluator.elsewhere(member, expression, at, scope));
  const prefix = rule?.prefix === undefined ? undefined : attributeOf(block.body, rule.prefix);
  const flag = prefix?.value && read(prefix.value, prefix.span);
  const exact = rule?.prefix === undefined || (flag?.kind === 'scalar' && literal(flag) === 'false');
  const node = value && exact ? read(value, value.span) : undefined;
  if (node?.kind === 'scalar' && node.type !== 'null' && node.value !== '' && node.holes.every((hole) => hole.named)) return node;
  const place = value?.span ?? label?.span ?? block.type.span;
  const instances = ['for_each', 'count'].some((name) => attributeOf(block.body, name));
  const what = `module.${label?.text ?? ''}.iam_role_name`;
  return borrowedScalar(holeText(`${evaluator.module.address}${what}`, !instances, undefined, { kind: 'computed', what }), place);
}
