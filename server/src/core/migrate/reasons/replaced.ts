import { replacementPolicy } from '../replaced';
import { documentOf } from '../spelling';
import type { ReasonFinder } from './finder';

/** A role whose module takes no further statements: another role takes its place. */
export const replacedReasons: ReasonFinder = function* ({ move, standing, direction, host }) {
  const { policy, role } = move;
  const [fact] = policy.facts;
  if (direction !== 'to-pod-identity' || policy.kind !== 'file' || !fact) return;
  const document = documentOf(fact, host.source);
  if (!document || !host.editors.replacedCall(fact, document)) return;
  if (standing.associations.length > 0 && !replacementPolicy(policy, standing.associations[0])) return;
  yield {
    code: 'new-role',
    effect: 'note',
    message: `The module that makes ${role} takes no further statements for its trust policy. Another role with the same policies takes its place: add it wherever the ARN of ${role} is used.`,
    at: { doc: fact.doc, span: fact.span },
  };
};
