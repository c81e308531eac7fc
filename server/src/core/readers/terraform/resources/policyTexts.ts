import type { HclReference } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import { Evaluator, type Scope } from '../evaluate/evaluator';
import type { Placed } from '../modules/definition';
import { known } from '../texts';
import { policyOfData } from './policySource';

/** `data.aws_iam_policy_document.x.json`: a hole for who wants the characters, with the policy that the blocks make. */
export function policyText(placed: Placed, scope: Scope, reference: HclReference, evaluator: Evaluator): Node {
  const source = policyOfData(placed, new Evaluator(evaluator.module, placed.member, scope));
  const why = { kind: 'computed', what: evaluator.sourceOf(reference.span) } as const;
  const hole = evaluator.hole(reference, true, why);
  if (!source) return hole;
  const { node, span } = source;
  return known({ ...hole, encodes: { as: 'expression', input: placed.member.input, node, span } });
}
