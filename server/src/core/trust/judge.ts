import type { PolicyDocument } from '../model/policy';
import { any, not, all, type Tri } from '../text/tri';
import type { Caller } from './principals';
import { candidateProviders, givenIssuer, MAX_CANDIDATES, type Candidate } from './providers';
import { audienceRefused, irsaDenied, podIdentityDenied, roleDenied } from './errors';
import { refusals } from './refusals';
import { accountOf } from './request/globalKeys';
import { requestKeys } from './request/keys';
import { tokenOf, unknownText } from './request/token';
import { roleKeys, type RoleRequest } from './roleCaller';
import { variablesOf } from './request/variables';
import { judgeStatement, type StatementResult } from './statements';
import { defaultAudience } from '../model/subject';
import type { Decision, PodIdentityRequest, Request, TraceStep, Verdict, WebIdentityRequest } from './verdict';

/**
 * What STS (or EKS, for Pod Identity) would answer to a request for a role with this trust policy.
 * `unknown` only where what no file tells decides. A policy that IAM surely refuses denies.
 * Total: any document and any request give a verdict. Near-linear in the document's length.
 */
export function judge(policy: PolicyDocument, request: Request): Verdict {
  const verdict = judged(policy, request, false);
  let trace: readonly TraceStep[] | undefined;
  return {
    ...verdict,
    // Most are allowed, and nobody asks why: its sentences are a good part of the work.
    get trace() {
      return (trace ??= judged(policy, request, true).trace);
    },
  };
}

/** @param traced whether the steps in statements are told; the decision is the same */
function judged(policy: PolicyDocument, request: Request, traced: boolean): Verdict {
  return request.mechanism === 'irsa' ? judgeWebIdentity(policy, request, traced) : judgePodIdentity(policy, request, traced);
}

function judgeWebIdentity(policy: PolicyDocument, request: WebIdentityRequest, traced: boolean): Verdict {
  const audience = request.audience ?? defaultAudience;
  const steps: TraceStep[] = [];
  const assumptions: string[] = [];
  if (request.audience === undefined) assumptions.push(`The token's audience is ${defaultAudience}, the webhook's default.`);
  if (request.clientIds) {
    const listed = request.clientIds.includes(audience);
    steps.push({
      element: 'Request',
      matched: listed,
      message: listed
        ? `The IAM provider lists the token's audience ${audience}.`
        : `The IAM provider lists ${request.clientIds.join(', ') || 'no audience'}, not the token's audience ${audience}.`,
    });
    if (!listed) return { decision: 'denied', trace: steps, error: audienceRefused, assumptions };
  } else {
    assumptions.push(`The issuer is registered in IAM with the audience ${audience}.`);
  }
  const refused = refusedSteps(policy);
  if (refused.length > 0) return { decision: 'denied', trace: [...steps, ...refused], error: irsaDenied, assumptions };
  const verdicts = tokens(policy, request).map((candidate) => judgeOneIssuer(policy, request, candidate, traced));
  const { decision, trace, notes } = combine(verdicts);
  return {
    decision,
    trace: [...steps, ...trace],
    assumptions: [...assumptions, ...notes],
    ...(decision === 'denied' ? { error: irsaDenied } : {}),
  };
}

/** The issuers to try; undefined for one that is known for itself. */
function tokens(policy: PolicyDocument, request: WebIdentityRequest): readonly (Candidate | undefined)[] {
  if (request.issuer !== undefined) return [undefined];
  const candidates = candidateProviders(policy);
  // With none, or too many to try, the issuer is simply not known.
  return candidates.length === 0 || candidates.length > MAX_CANDIDATES ? [{ issuer: unknownText(), written: '' }] : candidates;
}

interface Judged {
  readonly decision: Decision;
  readonly trace: readonly TraceStep[];
  readonly notes: readonly string[];
}

function judgeOneIssuer(policy: PolicyDocument, request: WebIdentityRequest, candidate: Candidate | undefined, traced: boolean): Judged {
  // An issuer that is nowhere written is unknown for itself: what may be the same does not count as the same.
  const assumed = candidate !== undefined && candidate.written !== '';
  const token = tokenOf(request, candidate?.issuer ?? givenIssuer(request.issuer!), assumed);
  const caller: Caller = { request, token, ...(assumed ? { provider: candidate.written } : {}) };
  const keys = requestKeys(request, token);
  const actions = ['sts:AssumeRoleWithWebIdentity'];
  const world = { caller, keys, variables: variablesOf(policy, keys), actions, traced };
  const results = policy.statements.map((statement) => judgeStatement(statement, world));
  return decide(policy, results, [true]);
}

/** Several clusters may be meant: sure only where all give the same answer. */
function combine(verdicts: readonly Judged[]): Judged {
  const first = verdicts[0]!;
  if (verdicts.length === 1) return first;
  const best = verdicts.find((v) => v.decision === 'allowed') ?? verdicts.find((v) => v.decision === 'unknown') ?? first;
  if (verdicts.every((v) => v.decision === first.decision)) return best;
  const step: TraceStep = {
    element: 'Request',
    matched: null,
    message: `The policy has ${verdicts.length} providers, and the result depends on which of them is the pod's cluster.`,
  };
  return { decision: 'unknown', trace: [step, ...best.trace], notes: best.notes };
}

/** What the answer for Pod Identity rests on where nobody knows of an association. */
export const associationAssumed = 'The service account has an EKS Pod Identity association with the role.';

function judgePodIdentity(policy: PolicyDocument, request: PodIdentityRequest, traced: boolean): Verdict {
  const account = accountOf(request);
  if (account !== undefined && request.roleAccount !== undefined && account !== request.roleAccount) {
    const message = `The role is in account ${request.roleAccount}, the cluster in ${account}; an association needs a role in the cluster's account (a role in another account can be its target role).`;
    return { decision: 'denied', trace: [{ element: 'Request', key: 'account', matched: false, message }], assumptions: [] };
  }
  const refused = refusedSteps(policy);
  if (refused.length > 0) return { decision: 'denied', trace: refused, error: podIdentityDenied, assumptions: [] };
  const keys = requestKeys(request, undefined);
  const actions = ['sts:AssumeRole', 'sts:TagSession'];
  const world = { caller: { request }, keys, variables: variablesOf(policy, keys), actions, traced };
  const results = policy.statements.map((statement) => judgeStatement(statement, world));
  // Whether EKS needs sts:TagSession of an association without session tags is written nowhere.
  const { decision, trace, notes } = decide(policy, results, [true, request.sessionTagsDisabled ? null : true]);
  const isOnTagSession = decision === 'unknown' && decide(policy, results, [true]).decision === 'allowed';
  return {
    decision,
    trace: isOnTagSession && request.sessionTagsDisabled ? [tagSessionUnknown, ...trace] : trace,
    ...(decision === 'denied' ? { error: podIdentityDenied } : {}),
    assumptions: [associationAssumed, ...notes],
  };
}

const tagSessionUnknown: TraceStep = {
  element: 'Request',
  key: 'sts:TagSession',
  matched: null,
  message: "AWS doesn't document whether EKS needs sts:TagSession if the association disables session tags.",
};

/** What nothing checks of a role that asks for another one. */
const callsAllowed = "The association's role may call sts:AssumeRole and sts:TagSession on the target role.";

/**
 * What STS answers to a role that asks for another one with this trust policy: the association's role for its target role.
 * @param tagsUnknown whether it passes session tags is not known, so that it may need sts:TagSession
 */
export function judgeRole(policy: PolicyDocument, request: RoleRequest, tagsUnknown: boolean): Verdict {
  const refused = refusedSteps(policy);
  if (refused.length > 0) return { decision: 'denied', trace: refused, error: roleDenied, assumptions: [] };
  const keys = roleKeys(request, policy);
  const actions = request.sessionTagsDisabled ? ['sts:AssumeRole'] : ['sts:AssumeRole', 'sts:TagSession'];
  const world = { caller: { request }, keys, variables: variablesOf(policy, keys), actions, traced: true };
  const results = policy.statements.map((statement) => judgeStatement(statement, world));
  const { decision, trace, notes } = decide(policy, results, [true, ...(request.sessionTagsDisabled ? [] : [tagsUnknown ? null : true])]);
  return { decision, trace, ...(decision === 'denied' ? { error: roleDenied } : {}), assumptions: [callsAllowed, ...notes] };
}

/**
 * A sure Deny wins, then each needed action must be allowed by some statement.
 * Source: IAM guide, reference_policies_evaluation-logic.
 * @param needed for each action: true where it is needed, null where that is not known.
 */
function decide(policy: PolicyDocument, results: readonly StatementResult[], needed: readonly Tri[]): Judged {
  const open = policy.open ? [null] : [];
  const granted = needed.map((need, i) => {
    const allow = any([...results.map((r) => weigh(r, 'Allow', i)), ...open]);
    const deny = any([...results.map((r) => weigh(r, 'Deny', i)), ...open]);
    const result = all([allow, not(deny)]);
    return need === true ? result : result === true ? true : null;
  });
  const allowed = all(granted);
  const notes = new Set<string>();
  for (const result of results) {
    if (result.applies.some((a) => a !== false)) result.notes.forEach((note) => notes.add(note));
  }
  const trace = results.flatMap((result) => withMissing(result, granted));
  if (results.length === 0)
    trace.push({
      element: 'Document',
      matched: policy.open ? null : false,
      message: policy.tooLarge
        ? `The policy is too large to check: ${policy.tooLarge}.`
        : policy.open
          ? 'The statements are in a template.'
          : 'The policy has no statement.',
      span: policy.span,
    });
  return { decision: allowed === true ? 'allowed' : allowed === false ? 'denied' : 'unknown', trace, notes: [...notes] };
}

/** The steps of a statement; one that allows only some of the needed actions tells those that nothing allows. */
function withMissing({ trace, effect, applies, actions }: StatementResult, granted: readonly Tri[]): readonly TraceStep[] {
  if (effect !== 'Allow' || applies.every((each) => each === false)) return trace;
  const missing = actions.filter((_, i) => granted[i] === false && applies[i] === false);
  if (missing.length === 0) return trace;
  return trace.map((step) => (step.element === 'Statement' || step.element === 'Action' ? { ...step, missing } : step));
}

function weigh(result: StatementResult, effect: 'Allow' | 'Deny', action: number): Tri {
  const applies = result.applies[action]!;
  if (result.effect === effect) return applies;
  // An effect that no file tells may be this one.
  return result.effect === null && applies !== false ? null : false;
}

const refusedBy = new WeakMap<PolicyDocument, readonly TraceStep[]>();

/** Why IAM refuses a policy, whoever asks: worked out once for each. */
function refusedSteps(policy: PolicyDocument): readonly TraceStep[] {
  let steps = refusedBy.get(policy);
  if (!steps) refusedBy.set(policy, (steps = readRefusedSteps(policy)));
  return steps;
}

function readRefusedSteps(policy: PolicyDocument): TraceStep[] {
  return refusals(policy)
    .filter((r) => r.sure)
    .slice(0, 20)
    .map((refusal) => ({
      element: 'Document',
      matched: false,
      span: refusal.span,
      ...(refusal.statement === undefined ? {} : { statement: refusal.statement }),
      message: `IAM rejects this policy: ${refusal.message}${refusal.iam ? ` The error is "MalformedPolicyDocument: ${refusal.iam}"` : ''}`,
    }));
}
