import type { Edit, RuleContext } from '../rules/rule';
import { addCondition, addKey, addOperator } from '../rules/trust/edits';
import { podStatements } from '../rules/trust/statements';
import { formatSubject } from '../model/subject';
import { literal } from '../text/texts';
import type { Opening } from './openings';

/** The subject of a condition that a person has to fill in. Rules and the evaluator take its capitals for a placeholder. */
export const subjectToFillIn = formatSubject('NAMESPACE', 'SERVICE_ACCOUNT');

/**
 * Adds a condition on the subject to a statement that allows every pod of its cluster: an insertion into the text that it
 * was read of. Undefined where the statement's form has no room for one, or its issuer is not written out.
 */
export function restrictSubject({ fact, statement }: Opening, subject: string, context: Pick<RuleContext, 'position'>): Edit | undefined {
  const pods = podStatements(fact).find((each) => each.statement === statement);
  if (!pods?.irsa) return undefined;
  const claims = pods.atoms.filter((atom) => atom.claim && atom.ours !== false && !atom.key.borrowed);
  const issuers = new Set(claims.map((atom) => atom.claim!.issuer.value));
  if (issuers.size === 0)
    for (const { arn, value } of pods.providers) issuers.add((value.borrowed ? undefined : literal(arn?.issuer)) ?? '');
  const [issuer] = issuers;
  if (issuers.size !== 1 || !issuer) return undefined;
  const key = `${issuer}:sub`;
  const equals = pods.atoms.filter(({ node }) => node.key.value === 'StringEquals');
  if (equals.some((atom) => atom.key.value.toLowerCase() === key.toLowerCase())) return undefined;
  const host = equals[equals.length - 1];
  if (host) return addKey(fact, context, host, key, subject);
  const atom = pods.atoms[pods.atoms.length - 1];
  if (atom && statement.condition) return addOperator(fact, context, atom, statement.condition.key, 'StringEquals', key, subject);
  return addCondition(fact, context, statement, 'StringEquals', key, subject);
}
