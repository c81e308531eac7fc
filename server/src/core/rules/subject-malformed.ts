import { isStandInSubject } from '../model/standIns';
import { isNamespaceName, isServiceAccountName } from '../model/subject';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import type { Fix } from './rule';
import { holdsWhenDifferent, type Atom } from './trust/atoms';
import { looksLikeAudience } from './trust/claims';
import type { ConditionRule, Mistake } from './trust/conditionRule';
import { consequence } from './trust/effects';
import { fix, replaceAll } from './trust/edits';
import { admitsSome, subjectPattern } from './trust/subjectAutomaton';
import { shown } from '../text/shown';
import type { PodStatement } from './trust/statements';
import { subjectFault } from './trust/subjectFault';

const doc = `
Finds a value under \`:sub\` that no service account can have: a slash for a colon, \`system:serviceaccounts:\`, a missing
namespace or name, capitals or underscores, white space at the ends.

## Why

The subject of a pod's token is \`system:serviceaccount:<namespace>:<name>\`, and Kubernetes takes only lower-case letters,
digits, \`-\` (and \`.\` in the account's name). Any other text never matches: pods see
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo/app"
\`\`\`

## Right

\`\`\`json
"oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app"
\`\`\`

Placeholders (\`<NAMESPACE>\`, \`NAMESPACE\`, \`\${var.namespace}\`) and wildcards under the \`Like\` operators are left alone.

## When to turn it off

Where a provider that is not Kubernetes is trusted by a policy that this extension takes for a cluster's.
`;

/** A subject that Kubernetes cannot issue. */
export const subjectMalformed: ConditionRule = {
  id: 'subject-malformed',
  level: 'error',
  title: 'The subject is none that a service account can have',
  fixable: true,
  since: '0.1.0',
  source: 'Kubernetes serviceaccount.MakeUsername, apimachinery ValidateNamespaceName and ValidateServiceAccountName',
  doc,
  find(atom, statement) {
    if (!statement.irsa || atom.name !== 'sub' || atom.ours === false || atom.operator.family !== 'String') return [];
    const wrong = atom.values.filter((value) => !mayBeSubject(value, atom));
    if (wrong.length === 0) return [];
    const all = wrong.length === atom.values.length;
    return wrong.map((value) =>
      mistake(value, atom, statement, all && wrong.length === 1 ? holdsWhenDifferent(atom.operator) : 'partly', all),
    );
  },
};

/** Whether some subject could match; wildcards count under every operator, those under StringEquals being another rule's. */
function mayBeSubject(value: Text, atom: Atom): boolean {
  if (looksLikeAudience(value)) return true;
  if (admitsSome(subjectPattern(value, atom.operator.ignoreCase))) {
    const text = literal(value);
    return text === undefined || /[*?$]/.test(text) || namesFit(atom.operator.ignoreCase ? text.toLowerCase() : text);
  }
  return isStandInSubject(value.value);
}

/** Whether the names of a literal subject are also short enough for Kubernetes. */
function namesFit(subject: string): boolean {
  const parts = subject.split(':');
  return parts.length === 4 && isNamespaceName(parts[2]!) && isServiceAccountName(parts[3]!);
}

function mistake(value: Text, atom: Atom, statement: PodStatement, holds: 'never' | 'always' | 'partly', all: boolean): Mistake {
  const { says, mended } = subjectFault(value);
  const { text, level } =
    holds !== 'partly'
      ? consequence(statement, holds)
      : { text: all ? 'so it matches no pod.' : 'so this value matches no pod; the others still do.', level: 'error' as const };
  const advice = mended === undefined ? 'Write system:serviceaccount:<namespace>:<name>.' : `Write ${shown(mended)}.`;
  return {
    span: value.span,
    holds: all ? holdsWhenDifferent(atom.operator) : 'partly',
    level,
    message: `${says}, ${text} ${advice}`,
    fixes: (): Fix[] =>
      mended === undefined
        ? []
        : [fix(`Change the subject to ${shown(mended)}`, sure(value, mended), [replaceAll(statement.fact, value, mended)])],
  };
}

/** Certain where only the form changes; a change of names is a guess. */
function sure(value: Text, mended: string): boolean {
  return (
    value.value.trim().toLowerCase().endsWith(mended.split(':').slice(-1)[0]!) &&
    !/[A-Z_]/.test(value.value.replace(/^\s*system:service_?account/i, ''))
  );
}
