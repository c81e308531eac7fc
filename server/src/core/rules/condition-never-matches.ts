import { literal } from '../text/texts';
import { absentKey, sessionTags } from './trust/absentKeys';
import { holdsWhenAbsent, type Atom, type Holds } from './trust/atoms';
import type { ConditionRule, Mistake } from './trust/conditionRule';
import { contradiction, keysOfTwoProviders } from './trust/contradictions';
import { consequence, harm } from './trust/effects';
import { line, lines } from '../text/message';
import { fix, replaceAll } from './trust/edits';
import type { PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds conditions that no pod's request can match, if no other rule reports the cause: keys that the request never has
(\`sts:ExternalId\`, session tags with IRSA, a token's claims with EKS Pod Identity, misspelt tags), \`Null\` on a claim that
is always there, numbers and dates compared with a subject, two conditions that exclude each other.

## Why

All conditions of a statement must match. One that never matches blocks every pod, and pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\` (with EKS Pod Identity:
\`Unauthorized Exception! EKS does not have permissions to assume the associated role.\`).

## Wrong

\`\`\`json
"StringEquals": { "sts:ExternalId": "demo" }
\`\`\`

## Right

\`\`\`json
"StringEquals": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app"
}
\`\`\`

## When to turn it off

If a statement is meant to allow no pod for now.
`;

/** Conditions that no pod can match, for any cause that has no rule of its own. */
export const conditionNeverMatches: ConditionRule = {
  id: 'condition-never-matches',
  level: 'error',
  title: 'The condition never matches',
  fixable: true,
  since: '0.1.0',
  source:
    'IAM user guide, reference_policies_elements_condition_operators, reference_policies_multi-value-conditions; EKS user guide, pod-id-abac-tags',
  find(atom, statement) {
    const fault = ofKey(atom, statement) ?? ofClaim(atom, statement) ?? together(atom, statement);
    if (!fault) return [];
    const { effect, result, level } = consequence(statement, fault.holds);
    if (harm(statement, fault.holds) !== 'shuts') return [];
    const mistake: Mistake = {
      span: fault.whole ? atom.entry.values.span : atom.key.span,
      holds: fault.holds,
      level: fault.unsure ? 'warning' : level,
      silent: fault.silent ?? false,
      message: lines(`${fault.says}, ${effect}.`, result, fault.advice),
      ...(fault.related ? { related: fault.related } : {}),
      fixes: () =>
        fault.meant
          ? [fix(line`Change the key to ${fault.meant}`, !fault.unsure, [replaceAll(statement.fact, atom.key, fault.meant)])]
          : [],
    };
    return [mistake];
  },
};

interface Fault {
  readonly says: string;
  readonly advice: string;
  readonly holds: Holds;
  readonly unsure?: boolean;
  readonly meant?: string;
  readonly silent?: boolean;
  /** Point at the values, not at the key. */
  readonly whole?: boolean;
  readonly related?: Mistake['related'];
}

function ofKey(atom: Atom, statement: PodStatement): Fault | undefined {
  const absent = absentKey(atom, statement);
  if (absent) {
    const holds = holdsWhenAbsent(atom);
    return holds && { ...absent, holds };
  }
  const key = literal(atom.key)?.toLowerCase();
  if (key === 'aws:securetransport' && !atom.operator.negated && (atom.operator.family === 'Bool' || atom.operator.family === 'String')) {
    const texts = atom.values.map((value) => literal(value)?.toLowerCase());
    return texts.length > 0 &&
      !atom.entry.values.open &&
      texts.every((text) => text !== undefined && text !== 'true' && !/[*?$]/.test(text))
      ? { says: 'Requests to STS always use TLS', advice: 'Use "true", or remove the condition.', holds: 'never' }
      : undefined;
  }
  if (statement.podIdentity && !statement.irsa) return ofPodIdentity(atom, key);
  return undefined;
}

function ofPodIdentity(atom: Atom, key: string | undefined): Fault | undefined {
  if (
    key === 'aws:sourcearn' &&
    !atom.operator.negated &&
    atom.values.length > 0 &&
    atom.values.every((v) => /:podidentityassociation\//.test(v.value))
  ) {
    return {
      says: "EKS requests reportedly don't match …:podidentityassociation/… in aws:SourceArn",
      unsure: true,
      holds: 'never',
      advice: 'Restrict aws:RequestTag/eks-cluster-arn or aws:SourceAccount instead.',
    };
  }
  if (key === 'aws:tagkeys' && atom.operator.set === 'ForAllValues' && !atom.operator.negated && atom.operator.family === 'String') {
    const values = atom.values.map((v) => literal(v)?.toLowerCase());
    if (values.some((v) => v === undefined || /[*?$]/.test(v)) || atom.entry.values.open) return undefined;
    const missing = sessionTags.filter((tag) => !values.includes(tag));
    return missing.length > 0
      ? {
          says: 'The list lacks session tags that EKS Pod Identity passes',
          advice: `Add ${missing.join(', ')}.`,
          holds: 'never',
          whole: true,
        }
      : undefined;
  }
  return undefined;
}

/** The claims that every token has. */
function ofClaim(atom: Atom, statement: PodStatement): Fault | undefined {
  if (!statement.irsa || (atom.name !== 'sub' && atom.name !== 'aud')) return undefined;
  const { operator } = atom;
  const claim = atom.name === 'sub' ? 'subject' : 'audience';
  if (operator.family === 'Null') {
    const value = atom.values.length === 1 ? literal(atom.values[0])?.toLowerCase() : undefined;
    if (value !== 'true' || atom.ours === false) return undefined;
    return {
      says: `Null "true" requires a token without ${claim}, and every token has one`,
      advice: 'Compare the claim with StringEquals.',
      holds: 'never',
    };
  }
  if (operator.negated) return undefined;
  if (operator.family === 'Arn') {
    if (atom.values.some((value) => literal(value) === undefined)) return undefined;
    return {
      says: `${operator.base} compares ARNs, and the ${claim} isn't an ARN`,
      advice: 'Use StringLike.',
      holds: 'never',
      unsure: true,
    };
  }
  if (operator.family !== 'String') {
    return {
      says: `${operator.base} doesn't compare strings, and the ${claim} is a string`,
      advice: 'Use StringEquals.',
      holds: 'never',
      unsure: operator.family === 'Bool',
    };
  }
  if (atom.values.length === 0 && !atom.entry.values.open && atom.entry.values.list && operator.set !== 'ForAllValues') {
    return { says: 'The list of values is empty', advice: `Add the ${claim}.`, holds: 'never', unsure: true, whole: true };
  }
  return undefined;
}

/** Conditions of a longer statement than a person writes are not compared with each other. */
const most = 300;

/** Conditions that exclude each other. Reported at the later one. */
function together(atom: Atom, statement: PodStatement): Fault | undefined {
  if (!statement.irsa || statement.effect !== 'Allow' || statement.atoms.length > most) return undefined;
  const two = keysOfTwoProviders(atom, statement);
  if (two) {
    return {
      says: 'The keys are of two providers, and a token comes from only one',
      holds: 'never',
      silent: two.silent,
      advice: 'Use one issuer in all keys, or one statement for each provider.',
      related: [{ at: { doc: statement.fact.doc, span: two.other.key.span }, message: 'The key of the other provider' }],
    };
  }
  const other = contradiction(atom, statement);
  if (!other) return undefined;
  return {
    says: `No ${atom.name === 'sub' ? 'subject' : 'audience'} matches both this condition and the other one on it`,
    holds: 'never',
    whole: true,
    advice: 'Make the conditions agree, or use one statement for each: all conditions of a statement must match.',
    related: [{ at: { doc: statement.fact.doc, span: other.entry.values.span }, message: 'The other condition' }],
  };
}
