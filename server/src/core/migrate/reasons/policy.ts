import type { TrustPolicyFact } from '../../model/facts';
import type { Statement } from '../../model/policy';
import { literal } from '../../text/texts';
import { isOfAddon } from '../addons';
import { subjectValues } from '../admissions';
import type { ReasonFinder, Subject } from './finder';
import type { MigrationReason } from '../types';

/** The role's trust policy: whether it is known, whom it allows now, and by which statements. */
export const policyReasons: ReasonFinder = function* (subject) {
  const { move, standing, direction } = subject;
  const { policy } = move;
  if (policy.kind === 'unknown') {
    const { perhapsOf: perhaps } = move;
    yield perhaps
      ? {
          code: 'role-not-found',
          effect: 'unknown',
          message: `It isn't certain that this trust policy is the role's: ${whyUncertain(perhaps)}. Name its file under roles: in pod-roles.yaml, or read the role from AWS or from a snapshot.`,
          at: { doc: perhaps.doc, span: perhaps.span },
        }
      : { code: 'role-not-found', effect: 'unknown', message: policy.because };
    return;
  }
  const [fact] = policy.facts;
  const at = { doc: fact.doc, span: fact.span };
  if (!move.chain && move.grants.length === 0 && !fact.roleName && !fact.roleArn && !fact.roleIds?.length && !move.knownBy)
    yield {
      code: 'role-not-found',
      effect: 'unknown',
      message: 'Which role has this trust policy is unknown. Name the role and this file under roles: in pod-roles.yaml.',
      at,
    };
  if (direction === 'to-pod-identity') {
    yield* irsaReasons(subject);
    yield* wildcardReasons(subject);
  } else if (standing.pods === 'denied' && standing.irsa !== 'allowed' && !standing.irsaNamed) {
    yield {
      code: 'denied-now',
      effect: 'stops',
      message: `The trust policy of ${move.role} doesn't allow ${move.shown} by Pod Identity now. Correct that first, or the move would give access that it doesn't have.`,
      at,
    };
  }
  if (move.pods.some(({ tags, plain }) => plain && !tags['kubernetes-service-account'] && !tags['kubernetes-namespace']))
    yield {
      code: 'open-to-others',
      effect: 'note',
      message:
        'A statement for Pod Identity names no service account: every association with this role is allowed. No statement is added for this one.',
      at,
    };
};

/** Why a policy that may be the role's isn't certainly. */
function whyUncertain({ roleName, roleArn }: TrustPolicyFact): string {
  return literal(roleName ?? roleArn) === undefined
    ? "the name of its role depends on values that the files don't have"
    : 'by its folder it is of another environment';
}

/** Whether the account can assume the role by IRSA now: one that can't isn't given access by a move. */
function* irsaReasons({ move, standing }: Subject): Generator<MigrationReason> {
  const [fact] = move.policy.facts;
  if (!fact || !move.named || standing.podsNamed || standing.pods === 'allowed') return;
  const at = { doc: fact.doc, span: fact.span };
  if (standing.irsa === 'denied')
    yield {
      code: 'denied-now',
      effect: 'stops',
      message: `${move.shown} can't assume ${move.role} by IRSA now. Correct that first, or the move would give access that it doesn't have.`,
      at,
    };
  else if (standing.irsa !== 'allowed' && !move.admissions.some(({ by, sure }) => by === 'exact' && sure))
    yield {
      code: 'denied-now',
      effect: 'unknown',
      message: `It isn't known whether ${move.shown} can assume ${move.role} by IRSA now. See Explain Access for what decides it.`,
      at,
    };
}

/** Patterns allow others, too, who would lose access if they were removed. */
function* wildcardReasons({ move, direction }: Subject): Generator<MigrationReason> {
  if (direction !== 'to-pod-identity') return;
  // Without its names an account is in no subject exactly: then only a wildcard is sure to allow others.
  const wide = move.admissions.filter(
    ({ wide: isWide, by, statement }) => isWide && (by !== 'pattern' || move.named !== undefined || hasWildcard(statement)),
  );
  const [first] = wide;
  const [fact] = move.policy.facts;
  // The role that eksctl makes for an add-on is the add-on's alone, though its policy names nobody; it leaves as a whole.
  if (!first || !fact || (move.policy.kind === 'made' && move.chain && isOfAddon(move.chain))) return;
  const patterns = [
    ...new Set(
      wide.flatMap(({ statement, exact }) =>
        subjectValues(statement).flatMap(({ value }) => (exact.some((each) => each.value === value) ? [] : [value.value])),
      ),
    ),
  ];
  const what = patterns.length === 0 ? 'A statement without a subject' : patterns.slice(0, 2).join(' and ');
  yield {
    code: 'wildcard-subject',
    effect: 'note',
    message: `${what} allows other service accounts, too, so that part of the trust policy stays. Each account that uses the role by it needs its own association; remove it by hand when none does.`,
    at: { doc: fact.doc, span: first.statement.span },
  };
}

function hasWildcard(statement: Statement): boolean {
  return subjectValues(statement).some(({ value, like }) => like && /[*?]/.test(value.value));
}
