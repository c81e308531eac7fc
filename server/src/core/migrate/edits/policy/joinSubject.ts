import type { Change } from '../../../fixes/edits';
import type { TrustPolicyFact } from '../../../model/facts';
import { parseConditionKey } from '../../../model/conditionKey';
import type { Statement, ValueList } from '../../../model/policy';
import { subjectPrefix } from '../../../model/subject';
import type { SourceDocument } from '../../../syntax/sourceFile';
import { literal } from '../../../text/texts';
import type { Text } from '../../../text/text';
import type { PolicyEditor, Spelling, WebIdentityAccount } from '../../types';
import { addToFlow } from '../flow';
import { before, checked, insert, lineEnd } from '../source';
import { wrongName } from '../statements';
import { phrase, type Tongue } from '../write/value';
import { whyUntouchable } from './guards';

/**
 * Adds subjects to a list of a statement that allows the tokens of the same provider, where each account has one: the statement has the
 * same audience, and no other condition or action. A single subject without brackets stays one: that it was none of a list could not be
 * told when the added one leaves again. Where some account has no such list, `otherwise` adds statements for all.
 * @param fact of a policy whose document is read as it is written, without a text around it that escapes it
 */
export function joinSubjects(
  fact: TrustPolicyFact,
  document: SourceDocument,
  accounts: readonly WebIdentityAccount[],
  tongue: Tongue,
  otherwise: () => ReturnType<PolicyEditor['remove']>,
): ReturnType<PolicyEditor['remove']> {
  const changes: Change[] = [];
  const byList = new Map<ValueList, string[]>();
  for (const account of accounts) {
    const list = fact.policy.statements.map((each) => subjectsOf(each, account, document)).find((each) => each !== undefined);
    const written = tongue.leaf(phrase(subjectPrefix, account.namespace, ':', account.serviceAccount));
    if (!list || written === undefined || wrongName(account) !== undefined) return otherwise();
    byList.set(list, [...(byList.get(list) ?? []), written]);
  }
  for (const [list, values] of byList) {
    const made = added(document.text, list, values);
    if (!made) return otherwise();
    changes.push(...made);
  }
  const wrong = whyUntouchable(
    { ...fact, policy: { ...fact.policy, statementSpan: fact.policy.statementSpan ?? fact.policy.span } },
    document,
  );
  if (wrong !== undefined) return otherwise();
  const joined = checked(document, changes);
  return 'refused' in joined ? otherwise() : joined;
}

/** The list of subjects of a statement for the provider and the audience of an account, and for nothing else. */
function subjectsOf(statement: Statement, account: WebIdentityAccount, document: SourceDocument): ValueList | undefined {
  const { effect, principal, action, condition, open } = statement;
  if (open || literal(effect?.text) !== 'Allow' || statement.notPrincipal || statement.notAction || !principal || !action || !condition)
    return undefined;
  const [kind, another] = principal.kinds;
  if (principal.open || principal.wildcard || another || kind?.key.value !== 'Federated' || kind.open || kind.values.length !== 1)
    return undefined;
  if (!isSpelled(kind.values[0]!, account.provider, document)) return undefined;
  if (action.open || action.values.length !== 1 || literal(action.values[0]) !== 'sts:AssumeRoleWithWebIdentity') return undefined;
  if (condition.open || condition.operators.some(({ key, open: more }) => key.value !== 'StringEquals' || more)) return undefined;
  const keys = condition.operators.flatMap((operator) => operator.keys);
  const [subject, audience] = ['sub', 'aud'].map((claim) => keys.find(({ key }) => isClaim(key, claim, account.issuer, document)));
  if (keys.length !== 2 || !subject || !audience || audience.values.open || audience.values.values.length !== 1) return undefined;
  if (literal(audience.values.values[0]) !== account.audience) return undefined;
  const { values } = subject;
  return values.list && !values.open && values.values.length > 0 ? values : undefined;
}

/** Whether a value is written as an expression of the file, or is a text. */
function isSpelled(value: Text, spelling: Spelling, { text }: SourceDocument): boolean {
  if ('text' in spelling) return value.value === spelling.text;
  const written = text.slice(value.outer.start, value.outer.end).trim();
  return written === spelling.expression || written === `"\${${spelling.expression}}"`;
}

function isClaim(key: Text, claim: string, issuer: Spelling, { text }: SourceDocument): boolean {
  const read = parseConditionKey(key);
  if ('text' in issuer) return read?.claim.value === claim && read.issuer.value === issuer.text;
  return text.slice(key.outer.start, key.outer.end) === `"\${${issuer.expression}}:${claim}"`;
}

/** More values behind the last one of a list, laid out as it is. */
function added(text: string, list: ValueList, values: readonly string[]): Change[] | undefined {
  const spans = list.values.map(({ outer }) => outer);
  const last = spans[spans.length - 1]!;
  if (spans.some(({ start, end }) => start < list.span.start || end > list.span.end)) return undefined;
  if (text[list.span.start] === '[') {
    const comma = spans.length > 1 && text.slice(spans[0]!.end, spans[1]!.start) === ',' ? ',' : ', ';
    return addToFlow(text, list.span, spans, values.map((value) => () => value), true, comma); // prettier-ignore
  }
  const lead = /^( *- +)$/.exec(before(text, last.start))?.[1];
  return lead === undefined ? undefined : [insert(lineEnd(text, last.end), values.map((value) => `\n${lead}${value}`).join(''))];
}
