import type { RuleContext } from '../rule';
import type { TrustPolicyFact } from '../../model/facts';
import type { PolicyDocument } from '../../model/policy';
import { audienceMismatch } from '../audience-mismatch';
import { conditionAlwaysMatches } from '../condition-always-matches';
import { conditionKeyIssuerMismatch } from '../condition-key-issuer-mismatch';
import { conditionKeyMalformed } from '../condition-key-malformed';
import { conditionNeverMatches } from '../condition-never-matches';
import { subjectMalformed } from '../subject-malformed';
import { subjectUnderAudienceKey } from '../subject-under-audience-key';
import { terraformIssuerScheme } from '../terraform-issuer-scheme';
import { wildcardUnderStringEquals } from '../wildcard-under-string-equals';
import type { Atom } from './atoms';
import type { ConditionRule, Mistake } from './conditionRule';
import { podStatements, type PodStatement } from './statements';

/** In the order in which they may claim a condition: the plainest mistake first, the general ones last. */
const order: readonly ConditionRule[] = [
  subjectUnderAudienceKey,
  terraformIssuerScheme,
  conditionKeyMalformed,
  conditionKeyIssuerMismatch,
  wildcardUnderStringEquals,
  subjectMalformed,
  audienceMismatch,
  conditionNeverMatches,
  conditionAlwaysMatches,
];

export interface OwnedMistake {
  readonly rule: string;
  readonly statement: PodStatement;
  readonly atom: Atom;
  readonly mistake: Mistake;
}

const known = new WeakMap<PolicyDocument, ReadonlyMap<number, readonly OwnedMistake[]>>();

/** The mistakes in a statement's conditions, each condition owned by one rule. */
export function mistakesOf(statement: PodStatement): readonly OwnedMistake[] {
  const { policy } = statement.fact;
  let byStatement = known.get(policy);
  if (!byStatement) {
    byStatement = new Map(podStatements(statement.fact).map((s) => [s.statement.index, find(s)]));
    known.set(policy, byStatement);
  }
  return byStatement.get(statement.statement.index) ?? [];
}

function find(statement: PodStatement): readonly OwnedMistake[] {
  const found: OwnedMistake[] = [];
  for (const atom of statement.atoms) {
    // An operator that IAM does not know is policy-malformed's; a hole may be any.
    if (!atom.operator.known) continue;
    for (const rule of order) {
      const mistakes = rule.find(atom, statement);
      for (const mistake of mistakes) found.push({ rule: rule.id, statement, atom, mistake });
      if (mistakes.length > 0) break;
    }
  }
  return found;
}

/** The mistakes that stand, given the rest of the workspace. */
export function standingMistakes(statement: PodStatement, context: RuleContext): readonly OwnedMistake[] {
  return mistakesOf(statement).filter(({ mistake }) => !mistake.unless?.(context));
}

/** Reports the conditions of a policy that are a rule's own. */
export function reportOwned(rule: string, fact: TrustPolicyFact, context: RuleContext): void {
  for (const statement of podStatements(fact)) {
    for (const { rule: owner, mistake } of standingMistakes(statement, context)) {
      if (owner !== rule || mistake.silent) continue;
      context.report({
        doc: fact.doc,
        span: mistake.span,
        message: mistake.message,
        fixes: mistake.fixes?.(context) ?? [],
        ...(mistake.level ? { level: mistake.level } : {}),
        ...(mistake.related ? { related: mistake.related } : {}),
      });
    }
  }
}
