import type { ListValue } from '../model/policy';
import type { Fix } from './rule';
import { absentKey } from './trust/absentKeys';
import { wildcardOffsets } from '../text/wildcards/compile';
import { holdsWhenDifferent, type Atom } from './trust/atoms';
import type { ConditionRule } from './trust/conditionRule';
import { consequence } from './trust/effects';
import { addKeyText, fix, listSource, removeEntry, replaceAll } from './trust/edits';
import { headline, lines } from '../text/message';
import type { PodStatement } from './trust/statements';
import { isTooWide } from './trust/width';

/** The page: see pages.ts. */
export const doc = `
Finds \`*\` and \`?\` in a value under \`StringEquals\`, \`StringNotEquals\` and their \`IgnoreCase\` forms. A policy variable
such as \`\${*}\` isn't a wildcard.

## Why

Only the \`Like\` operators expand wildcards; \`StringEquals\` compares them literally, and no namespace or service account has a
\`*\` in its name. Pods get \`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"StringEquals": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:*"
}
\`\`\`

## Right

\`\`\`json
"StringLike": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:*"
}
\`\`\`

## When to turn it off

There is no known reason to.
`;

/** A wildcard under an operator that compares literally. */
export const wildcardUnderStringEquals: ConditionRule = {
  id: 'wildcard-under-string-equals',
  level: 'error',
  title: 'A wildcard is compared literally',
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, reference_policies_elements_condition_operators; access analyzer policy check "wildcard without like operator"',
  find(atom, statement) {
    const { operator } = atom;
    if (operator.family !== 'String' || operator.like || (atom.claim && atom.ours === false) || !hasPatterns(atom, statement)) return [];
    const wild = atom.values.filter((value) => wildcardOffsets(value).length > 0);
    const [first] = wild;
    if (!first) return [];
    const holds = wild.length === atom.values.length ? holdsWhenDifferent(operator) : 'partly';
    const like = likeName(atom);
    const { effect, result, level } =
      holds === 'partly'
        ? { effect: 'so this value never matches', result: 'The other values still match.', level: 'error' as const }
        : consequence(statement, holds);
    return [
      {
        span: first.span,
        holds,
        level,
        message: lines(
          headline`${operator.base} compares ${wild.length > 1 ? 'wildcards' : first.value} literally, ${effect}.`,
          result,
          `Use ${like} for wildcards.`,
        ),
        fixes: () => useLike(atom, statement, like, wild),
      },
    ];
  },
};

/** Keys whose values are patterns in practice: the claims, session tags and source ARNs. */
function hasPatterns(atom: Atom, statement: PodStatement): boolean {
  if (statement.irsa) return atom.name === 'sub' || atom.name === 'aud' || /^sts:rolesessionname$/i.test(atom.key.value);
  return (
    !absentKey(atom, statement) &&
    /^(aws:requesttag\/|aws:sourcearn$|aws:sourceaccount$|aws:sourceorgid$|aws:principalarn$)/i.test(atom.key.value)
  );
}

function likeName({ operator }: Atom): string {
  return `${operator.set ? `${operator.set}:` : ''}${operator.negated ? 'StringNotLike' : 'StringLike'}${operator.ifExists ? 'IfExists' : ''}`;
}

function useLike(atom: Atom, statement: PodStatement, like: string, wild: readonly ListValue[]): Fix[] {
  const { fact } = statement;
  const title = `Use ${like}`;
  const same = statement.statement.condition?.operators.find(
    (node) => node !== atom.node && node.key.value.toLowerCase() === like.toLowerCase(),
  );
  // StringLike is case-sensitive, so it doesn't replace IgnoreCase for certain; and a wide pattern that begins to
  // match may allow more than was meant.
  const safe =
    !atom.operator.ignoreCase &&
    statement.effect === 'Allow' &&
    !wild.some((value) => atom.name === 'sub' && isTooWide(value) !== undefined);
  // Each of Terraform's blocks has a test of its own.
  if (!same || fact.policy.form === 'hcl-blocks') return [fix(title, safe, [replaceAll(fact, atom.node.key, like)])];
  const target = statement.atoms.filter((other) => other.node === same);
  const last = target[target.length - 1];
  if (!last || target.some((other) => other.key.value.toLowerCase() === atom.key.value.toLowerCase())) return [];
  const operators = statement.statement.condition!.operators;
  const removal =
    atom.node.keys.length > 1
      ? removeEntry(fact, atom.node.keys, atom.node.keys.indexOf(atom.entry))
      : removeEntry(fact, operators, operators.indexOf(atom.node));
  const addition = fact.policy.form === 'json' ? addKeyText(fact, last, atom.key.value, listSource(atom.entry.values)) : undefined;
  if (!removal || !addition) return [];
  // The place of the addition must not be within the text that is removed.
  if (addition.span.start > removal.span.start && addition.span.start < removal.span.end) return [];
  return [fix(title, safe, [removal, addition])];
}
