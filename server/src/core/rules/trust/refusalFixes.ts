import type { TrustPolicyFact } from '../../model/facts';
import type { Statement } from '../../model/policy';
import type { Span } from '../../text/span';
import { encloses } from '../../text/span';
import { editDistance, nearest } from '../../text/nearest';
import { literal } from '../../text/texts';
import { operatorNames } from '../../trust/operators';
import type { Refusal } from '../../trust/refusals';
import type { Fix } from '../rule';
import { fix, removeEntry, replaceAll, replaceIn } from './edits';

const elements = ['Version', 'Id', 'Statement', 'Sid', 'Effect', 'Principal', 'Action', 'Condition'] as const;
const actions = [
  'sts:AssumeRole',
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoleWithSAML',
  'sts:TagSession',
  'sts:SetSourceIdentity',
] as const;

/** More than a person writes gets no fixes: they would cost its length each. */
const most = 200;

/** The fixes of a refusal, if they are certain or nearly so. */
export function refusalFixes(refusal: Refusal, fact: TrustPolicyFact): Fix[] {
  const { policy } = fact;
  const statement = refusal.statement === undefined ? undefined : policy.statements[refusal.statement];
  switch (refusal.code) {
    case 'json':
      // The reader marks just the comma.
      return refusal.message === 'A comma follows the last entry.'
        ? [fix('Remove the comma', true, [{ doc: fact.doc, span: refusal.span, newText: '' }])]
        : [];
    case 'version': {
      const { version } = policy;
      const written = literal(version?.text);
      if (!version?.text || written === undefined || editDistance(written.trim().slice(0, 10), '2012-10-17', 3) > 3) return [];
      return [fix('Change the version to 2012-10-17', true, [replaceAll(fact, version.text, '2012-10-17')])];
    }
    case 'effect-invalid': {
      const effect = statement?.effect?.text;
      const meant = effect && nearest(effect.value.trim(), ['Allow', 'Deny']);
      return effect && meant
        ? [
            fix(`Change the effect to ${meant}`, meant.toLowerCase() === effect.value.trim().toLowerCase(), [
              replaceAll(fact, effect, meant),
            ]),
          ]
        : [];
    }
    case 'operator-unknown':
      return operatorFix(refusal, fact, statement);
    case 'action-not-sts': {
      const value = [...(statement?.action?.values ?? []), ...(statement?.notAction?.values ?? [])].find(
        (v) => v.span.start === refusal.span.start,
      );
      const meant = value && actions.find((action) => editDistance(value.value.toLowerCase(), action.toLowerCase(), 3) <= 3);
      return meant ? [fix(`Change the action to ${meant}`, true, [replaceAll(fact, value, meant)])] : [];
    }
    case 'resource':
    case 'not-resource':
      return statement ? removal(refusal, fact, statement) : [];
    case 'sid-characters': {
      const sid = statement?.sid?.text;
      const kept = sid?.value.replace(/[^A-Za-z0-9]/g, '');
      return sid && kept ? [fix(`Change the Sid to ${kept}`, true, [replaceAll(fact, sid, kept)])] : [];
    }
    case 'unknown-element': {
      const written = writtenElement(refusal);
      const meant = written && elements.find((name) => name.toLowerCase() === unknownElementMeant(refusal, fact));
      return meant && !exists(refusal, fact, meant)
        ? [
            fix(`Rename the element to ${meant}`, true, [
              { doc: fact.doc, span: refusal.span, newText: meant, judged: { value: written, encodings: [] } },
            ]),
          ]
        : [];
    }
    default:
      return [];
  }
}

/** The element, in lower case, that an unknown one was meant to be; undefined where it is near none. */
export function unknownElementMeant(refusal: Refusal, _fact: TrustPolicyFact): string | undefined {
  const written = writtenElement(refusal);
  if (written === undefined) return undefined;
  const singular = written.replace(/s$/i, '');
  return (
    elements.find((name) => name.toLowerCase() === written.toLowerCase() || name.toLowerCase() === singular.toLowerCase()) ??
    (written.length > 3 ? nearest(written, elements) : undefined)
  )?.toLowerCase();
}

/** The reader's message names the element: `it is Statement, not statement.`, `IAM has no element "Conditions" in …`. */
function writtenElement({ message }: Refusal): string | undefined {
  return /no element "([^"]+)"/.exec(message)?.[1] ?? /, not ([^ ]+)\.$/.exec(message)?.[1];
}

/** Whether the right element stands beside the wrong one: then a rename would make it stand twice. */
function exists(refusal: Refusal, { policy }: TrustPolicyFact, name: string): boolean {
  const statement = policy.statements.find((s) => encloses(s.span, refusal.span));
  const parts: Readonly<Record<string, { readonly key: { readonly span: Span } } | undefined>> = statement
    ? {
        Sid: statement.sid,
        Effect: statement.effect,
        Principal: statement.principal,
        Action: statement.action,
        Condition: statement.condition,
      }
    : { Version: policy.version, Id: policy.id };
  const there = parts[name]?.key.span;
  if (name === 'Statement' && !statement) return !policy.statementMissing && !/, not statement/i.test(refusal.message);
  return there !== undefined && there.start !== refusal.span.start;
}

function operatorFix(refusal: Refusal, fact: TrustPolicyFact, statement: Statement | undefined): Fix[] {
  if ((statement?.condition?.operators.length ?? 0) > most) return [];
  const node = statement?.condition?.operators.find((operator) => operator.key.span.start === refusal.span.start);
  if (!node) return [];
  const [, set = '', name = '', ifExists = ''] = /^((?:For(?:All|Any)Values?:)?)(.*?)((?:IfExists)?)$/i.exec(node.key.value) ?? [];
  const meant = nearest(name, operatorNames);
  if (!meant) return [];
  const right = `${set.replace(/Value:/i, 'Values:')}${meant}${meant === 'Null' ? '' : ifExists}`.replace('ForAnyValues:', 'ForAnyValue:');
  if (right === node.key.value || statement!.condition!.operators.some((other) => other !== node && other.key.value === right)) return [];
  return [
    fix(`Change the operator to ${right}`, editDistance(name, meant, 2) <= 2, [replaceIn(fact, node.key, 0, node.key.value.length, right)]),
  ];
}

/** Takes an element out of its statement. Not where other unknown elements hide commas from us. */
function removal(refusal: Refusal, fact: TrustPolicyFact, statement: Statement): Fix[] {
  if (fact.policy.problems.some((p) => p.code !== 'json' && encloses(statement.span, p.span))) return [];
  const parts = [
    statement.sid,
    statement.effect,
    statement.principal,
    statement.action,
    statement.notAction,
    statement.resource,
    statement.notResource,
    statement.condition,
  ]
    .flatMap((part) => (part ? [{ key: part.key, span: { start: part.key.outer.start, end: part.span.end } }] : []))
    .sort((a, b) => a.span.start - b.span.start);
  const index = parts.findIndex((part) => part.key.span.start === refusal.span.start);
  const edit = index < 0 ? undefined : removeEntry(fact, parts, index);
  return edit ? [fix(`Remove ${parts[index]!.key.value}`, true, [edit])] : [];
}
