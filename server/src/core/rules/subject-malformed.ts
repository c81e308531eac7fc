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
import { line, lines } from '../text/message';
import type { PodStatement } from './trust/statements';
import { subjectFault } from './trust/subjectFault';

/** The page: see pages.ts. */
export const doc = `
Finds a value under \`:sub\` that isn't a valid service account subject: a slash instead of a colon, \`system:serviceaccounts:\`, a
missing namespace or name, uppercase letters or underscores, white space around the value.

## Why

The subject of a pod's token is \`system:serviceaccount:<namespace>:<name>\`, and Kubernetes allows only lowercase letters,
digits and \`-\` in the names (and \`.\` in the name of the service account). Any other value never matches: pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo/app"
\`\`\`

## Right

\`\`\`json
"oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app"
\`\`\`

Placeholders (\`<NAMESPACE>\`, \`NAMESPACE\`, \`\${var.namespace}\`) and wildcards under the \`Like\` operators aren't reported.

## When to turn it off

If a policy trusts a provider other than Kubernetes, and Pod Roles assumes that it is a cluster's.
`;

/** A subject that Kubernetes can't issue. */
export const subjectMalformed: ConditionRule = {
  id: 'subject-malformed',
  level: 'error',
  title: "The subject isn't a valid service account subject",
  fixable: true,
  since: '0.1.0',
  source: 'Kubernetes serviceaccount.MakeUsername, apimachinery ValidateNamespaceName and ValidateServiceAccountName',
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

/** Whether some subject could match; wildcards count under every operator, since another rule reports those under StringEquals. */
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
  const { says, corrected } = subjectFault(value);
  const { effect, result, level } =
    holds !== 'partly'
      ? consequence(statement, holds)
      : {
          effect: 'so it matches no pod',
          result: all ? consequence(statement, holdsWhenDifferent(atom.operator)).result : 'The other values still match.',
          level: 'error' as const,
        };
  const change = corrected === undefined ? 'Use system:serviceaccount:<namespace>:<name>.' : line`Change it to ${corrected}.`;
  return {
    span: value.span,
    holds: all ? holdsWhenDifferent(atom.operator) : 'partly',
    level,
    message: lines(`${says}, ${effect}.`, result, change),
    fixes: (): Fix[] =>
      corrected === undefined
        ? []
        : [fix(line`Change the subject to ${corrected}`, sure(value, corrected), [replaceAll(statement.fact, value, corrected)])],
  };
}

/** Certain where only the form changes; a change of names is a guess. */
function sure(value: Text, corrected: string): boolean {
  return (
    value.value.trim().toLowerCase().endsWith(corrected.split(':').slice(-1)[0]!) &&
    !/[A-Z_]/.test(value.value.replace(/^\s*system:service_?account/i, ''))
  );
}
