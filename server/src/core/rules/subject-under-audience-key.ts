import type { Fix, RuleContext } from './rule';
import { headline, lines } from '../text/message';
import { encloses } from '../text/span';
import { defaultAudience } from '../model/subject';
import { holdsWhenAbsent, holdsWhenDifferent, type Atom } from './trust/atoms';
import { looksLikeAudience, looksLikeSubject } from './trust/claims';
import type { ConditionRule, Mistake } from './trust/conditionRule';
import { consequence } from './trust/effects';
import { addAudience, fix, replaceAll, useClaim } from './trust/edits';
import { sameIssuer } from './trust/providers';
import type { PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds a service account's subject (\`system:serviceaccount:…\`) under a key that ends with \`:aud\`, and STS's audience
under a key that ends with \`:sub\`.

## Why

A token of a pod carries \`sts.amazonaws.com\` as its audience (\`aud\`) and
\`system:serviceaccount:<namespace>:<name>\` as its subject (\`sub\`). A subject that is compared with the audience never
matches: no pod can assume the role, and pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"StringLike": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud": "system:serviceaccount:demo-namespace:*"
}
\`\`\`

## Right

\`\`\`json
"StringLike": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo-namespace:*"
}
\`\`\`

## When to turn it off

There is no known reason to: no token has a service account as its audience.
`;

/** A subject under the audience's key, or the reverse. */
export const subjectUnderAudienceKey: ConditionRule = {
  id: 'subject-under-audience-key',
  level: 'error',
  title: 'A subject is compared with the audience, or the reverse',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, associate-service-account-role; IAM user guide, reference_policies_iam-condition-keys',
  find(atom, statement) {
    if (!statement.irsa || (atom.operator.family !== 'String' && atom.operator.family !== 'Arn')) return [];
    // Another issuer's key is absent: what then always holds is condition-always-matches' to say, and some operators nobody knows.
    if (atom.ours === false && holdsWhenAbsent(atom) !== 'never') return [];
    if (atom.name === 'aud') return underAudience(atom, statement);
    if (atom.name === 'sub') return underSubject(atom, statement);
    return [];
  },
};

function underAudience(atom: Atom, statement: PodStatement): Mistake[] {
  const wrong = atom.values.filter(looksLikeSubject);
  if (wrong.length === 0) return [];
  if (wrong.length < atom.values.length) {
    return wrong.map((value) => ({
      span: value.span,
      holds: 'partly' as const,
      level: 'warning' as const,
      message: lines(
        headline`The subject ${value.value} is listed under :aud, where it never matches.`,
        'The other audiences still match, so the service account is not restricted.',
        'Move the subject to :sub.',
      ),
    }));
  }
  const holds = holdsWhenDifferent(atom.operator);
  const { effect, result, level } = consequence(statement, holds);
  const other = swapped(atom, statement);
  const change = other
    ? 'Swap :sub and :aud.'
    : siblings(atom, 'sub')(statement)
      ? `Use the audience ${defaultAudience}; the subject is already under :sub.`
      : 'Use :sub for the subject.';
  return [
    {
      span: atom.key.span,
      holds,
      level,
      message: lines(`:aud is compared with a service account subject, ${effect}.`, result, change),
      fixes: (context) => (other ? [swap(atom, other, statement)] : useSub(atom, statement, context)),
      ...(other
        ? { related: [{ at: { doc: statement.fact.doc, span: other.key.span }, message: 'The audience is under :sub here' }] }
        : {}),
    },
  ];
}

function underSubject(atom: Atom, statement: PodStatement): Mistake[] {
  const wrong = atom.values.filter(looksLikeAudience);
  if (wrong.length === 0) return [];
  if (wrong.length < atom.values.length) {
    return wrong.map((value) => ({
      span: value.span,
      holds: 'partly' as const,
      level: 'warning' as const,
      message: lines(
        headline`The audience ${value.value} is listed under :sub, where it never matches.`,
        undefined,
        'Move the audience to :aud.',
      ),
    }));
  }
  const holds = holdsWhenDifferent(atom.operator);
  const { effect, result, level } = consequence(statement, holds);
  const silent = statement.atoms.some(
    (a) => a.name === 'aud' && a.values.length > 0 && a.values.every(looksLikeSubject) && swapped(a, statement) === atom,
  );
  const other = siblings(atom, 'aud');
  return [
    {
      span: atom.key.span,
      holds,
      level,
      silent,
      message: lines(`:sub is compared with an audience, ${effect}.`, result, 'Use :aud for the audience.'),
      fixes: () => (other(statement) ? [] : [fix('Use :aud for the audience', true, [useClaim(statement.fact, atom, 'aud')])]),
    },
  ];
}

/** The key of the same block and issuer with that claim. */
function siblings(atom: Atom, claim: string): (statement: PodStatement) => Atom | undefined {
  return (statement) =>
    statement.atoms.find(
      (other) =>
        other !== atom && other.node === atom.node && other.name === claim && sameIssuer(other.claim!.issuer, atom.claim!.issuer) !== false,
    );
}

/** The `:sub` key of the same block whose values are audiences: the two were mixed up. */
function swapped(atom: Atom, statement: PodStatement): Atom | undefined {
  const other = siblings(atom, 'sub')(statement);
  return other && other.values.length > 0 && other.values.every(looksLikeAudience) ? other : undefined;
}

function swap(atom: Atom, other: Atom, { fact }: PodStatement): Fix {
  return fix('Swap :sub and :aud', true, [useClaim(fact, atom, 'sub'), useClaim(fact, other, 'aud')]);
}

function useSub(atom: Atom, statement: PodStatement, context: RuleContext): Fix[] {
  const { fact } = statement;
  if (siblings(atom, 'sub')(statement)) {
    // The subject has its key already; this value was meant to be the audience.
    const [value] = atom.values;
    if (atom.values.length !== 1 || atom.operator.negated || !value) return [];
    return [fix(`Change the value to the audience ${defaultAudience}`, false, [replaceAll(fact, value, defaultAudience)])];
  }
  const rename = useClaim(fact, atom, 'sub');
  const fixes = [fix('Use :sub for the subject', true, [rename])];
  const has = statement.atoms.some((other) => other !== atom && other.name === 'aud');
  const audience = has || statement.effect !== 'Allow' ? undefined : addAudience(statement, context, atom);
  if (audience && !encloses(audience.span, rename.span)) {
    fixes.push(fix(`Use :sub and add the audience ${defaultAudience}`, false, [rename, audience]));
  }
  return fixes;
}
