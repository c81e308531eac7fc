import type { TrustPolicyFact } from '../model/facts';
import type { Statement } from '../model/policy';
import { encloses, type Span } from '../text/span';
import { refusals, type Refusal } from '../trust/refusals';
import type { Report, Rule } from './rule';
import { lines, sentence } from '../text/message';
import { mistakesOf } from './trust/owners';
import { refusalFixes, unknownElementMeant } from './trust/refusalFixes';
import { podStatements } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds errors for which IAM rejects a trust policy: broken JSON (a trailing comma, a comment), a wrong \`Version\` or \`Effect\`,
missing elements, \`Resource\` and \`NotPrincipal\`, duplicate keys and Sids, actions that aren't STS actions, operators that
IAM doesn't have, characters above U+00FF.

## Why

CreateRole and UpdateAssumeRolePolicy return \`MalformedPolicyDocument\`, and the role isn't created or changed. The
message quotes IAM's text if it is known.

## Wrong

\`\`\`json
{
  "Version": "2012-10-07",
  "Statement": [{
    "Effect": "allow",
    "Principal": { "Service": "pods.eks.amazonaws.com" },
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Resource": "*"
  }]
}
\`\`\`

## Right

\`\`\`json
{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": { "Service": "pods.eks.amazonaws.com" },
    "Action": ["sts:AssumeRole", "sts:TagSession"]
  }]
}
\`\`\`

Templates aren't reported, and neither are forms for which sources disagree whether IAM accepts them (\`sts:*\`).

## When to turn it off

If files are converted to JSON by a tool that Pod Roles doesn't know.
`;

/** Errors for which IAM rejects the document. */
export const policyMalformed: Rule = {
  id: 'policy-malformed',
  level: 'error',
  title: 'IAM rejects the trust policy',
  fixable: true,
  since: '0.1.0',
  source:
    'IAM user guide, reference_policies_grammar and access-analyzer-reference-policy-checks; errors reported by users (localstack#8453, terraform-provider-aws#32872)',
  checks: {
    trustPolicy(fact, context) {
      const found = refusals(fact.policy, { trustPolicyQuota: Infinity });
      for (const refusal of found) {
        const report = judge(refusal, found, fact);
        if (report) context.report(report);
      }
    },
  },
};

function judge(refusal: Refusal, found: readonly Refusal[], fact: TrustPolicyFact): Report | undefined {
  if (refusal.code === 'quota' || isProvidersOwn(refusal, fact) || isComment(refusal, fact) || isMistakenKey(refusal, fact))
    return undefined;
  const unknown = refusal.code === 'unknown-element';
  if (!refusal.sure && !unknown) return undefined;
  // A misspelt element isn't also reported as missing.
  if (
    isMissing(refusal) &&
    found.some(
      (other) =>
        other.code === 'unknown-element' && sameStatement(other, refusal, fact) && unknownElementMeant(other, fact) === elementOf(refusal),
    )
  )
    return undefined;
  const absent = unknown
    ? found.find(
        (other) => isMissing(other) && sameStatement(refusal, other, fact) && unknownElementMeant(refusal, fact) === elementOf(other),
      )
    : undefined;
  const iam = refusal.iam ?? absent?.iam;
  const answer = iam
    ? `IAM rejects the policy with "MalformedPolicyDocument: ${iam.replace(/"/g, "'").replace(/\.$/, '')}".`
    : 'IAM rejects the policy with "MalformedPolicyDocument".';
  const level = unknown && !absent ? { level: 'warning' as const } : {};
  const text = unknown && !absent ? "It isn't in IAM's grammar; whether IAM rejects it is unknown." : answer;
  const fixes = refusalFixes(refusal, fact);
  return {
    doc: fact.doc,
    span: placeOf(refusal, fact),
    message: lines(refusal.message, sentence(text), fixes[0] && `${fixes[0].title}.`),
    fixes,
    ...level,
  };
}

/** Errors in a cluster's provider are reported by provider-malformed. */
function isProvidersOwn({ code, span }: Refusal, fact: TrustPolicyFact): boolean {
  return code === 'principal-invalid' && podStatements(fact).some((s) => s.irsa && s.providers.some((p) => encloses(p.value.outer, span)));
}

/** A duplicate key whose claim is the wrong one: the rule for that reports it, and its fix corrects both. */
function isMistakenKey({ code, span }: Refusal, fact: TrustPolicyFact): boolean {
  return (
    code === 'duplicate-key' &&
    podStatements(fact).some(
      (s) => encloses(s.statement.span, span) && mistakesOf(s).some(({ mistake }) => mistake.span.start === span.start),
    )
  );
}

/** Comments are intended in a file type that has them; the tool that makes JSON of it removes them. */
function isComment({ code, message }: Refusal, { doc: { uri } }: TrustPolicyFact): boolean {
  return code === 'json' && /comment/i.test(message) && /\.(jsonc|json5|code-workspace)$/i.test(uri);
}

function isMissing({ code }: Refusal): boolean {
  return /-missing$/.test(code);
}

function elementOf({ code }: Refusal): string {
  return code.replace(/-missing$/, '');
}

function sameStatement(unknown: Refusal, missing: Refusal, fact: TrustPolicyFact): boolean {
  const statement = missing.statement === undefined ? undefined : fact.policy.statements[missing.statement];
  return statement ? encloses(statement.span, unknown.span) : missing.code === 'statement-missing';
}

/** If something is missing, one word of the statement is marked instead of the whole statement. */
function placeOf(refusal: Refusal, { policy }: TrustPolicyFact): Span {
  if (!isMissing(refusal)) return refusal.span;
  const statement = refusal.statement === undefined ? undefined : policy.statements[refusal.statement];
  const whole = statement ? statement.span : policy.span;
  if (refusal.span.start > whole.start || refusal.span.end < whole.end) return refusal.span;
  const word = statement ? firstKey(statement) : policy.version?.key.span;
  return word ?? { start: whole.start, end: Math.min(whole.end, whole.start + 1) };
}

function firstKey({ sid, effect, principal, action, condition }: Statement): Span | undefined {
  return (effect ?? sid ?? action ?? principal ?? condition)?.key.span;
}
