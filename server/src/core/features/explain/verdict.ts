import { clusterIssuer } from '../../model/issuer';
import type { PolicyDocument } from '../../model/policy';
import type { DocumentRef } from '../../syntax/sourceFile';
import type { Span } from '../../text/span';
import type { Access } from '../../trust/access';
import { irsaDenied, podIdentityDenied } from '../../trust/errors';
import type { Decision, Request, TraceStep, Verdict } from '../../trust/verdict';
import type { ExplainDocument, ExplainLine, ExplainStep } from './document';

/** Explains a verdict on a policy alone, for a request that the user spelt out. `doc` names the policy's document, where it has one. */
export function explainVerdict(
  request: Request,
  roleName: string,
  verdict: Verdict,
  policy: PolicyDocument,
  doc: DocumentRef | undefined,
): ExplainDocument {
  const who = `${request.namespace ?? 'a namespace'}/${request.serviceAccount ?? 'an account'}`;
  const first: ExplainStep =
    request.mechanism === 'irsa'
      ? {
          level: 0,
          text: `The pod of ${who} shows STS a token of ${request.issuer ?? 'an unknown issuer'}, audience ${request.audience ?? 'sts.amazonaws.com'}`,
        }
      : { level: 0, text: `EKS Pod Identity requests the role for ${who}` };
  return {
    title: `Can ${who} assume ${roleName}?`,
    answer: answerOf(verdict.decision),
    decision: verdict.decision,
    chain: [
      { kind: 'account', type: 'ServiceAccount', name: who },
      { kind: 'role', type: 'Role', name: roleName, ...(doc ? { place: { doc, span: policy.span } } : {}) },
    ],
    steps: [first, ...policySteps(verdict, doc, policy)],
    outcome: outcomeOf(verdict),
    fixes: [],
    assumptions: verdict.assumptions,
    reasons: verdict.trace,
    ...(verdict.error === undefined ? {} : { error: verdict.error }),
    ...(doc ? { policy: { doc, span: policy.span } } : {}),
  };
}

export function answerOf(decision: Decision): string {
  return { allowed: 'Yes.', denied: 'No.', unknown: 'Unknown.' }[decision];
}

/**
 * The evaluator's trace as steps: one a statement, with its parts below it. Where the answer is allowed, a statement for other
 * principals is one step without a mark.
 * @param name which policy it is
 */
export function policySteps(
  { trace, decision }: Pick<Verdict, 'trace' | 'decision'>,
  doc: DocumentRef | undefined,
  policy: PolicyDocument,
  name = 'Trust policy',
): ExplainStep[] {
  const others = decision === 'allowed' ? forOthers(trace) : new Set();
  const place = (span: Span | undefined) => (doc && span ? { place: { doc, span } } : {});
  const steps: ExplainStep[] = [];
  const seen = new Set<number>();
  for (const step of trace) {
    const { statement } = step;
    if (statement === undefined) {
      steps.push({ level: 0, text: step.message, ...place(step.span), mark: step.matched });
      continue;
    }
    if (!seen.has(statement)) {
      seen.add(statement);
      const whole = trace.find((each) => each.statement === statement && each.element === 'Statement');
      steps.push({
        level: 0,
        text: `${name}, statement ${statement + 1}${step.effect === 'Deny' ? ', a Deny' : ''}${others.has(statement) ? ', for other principals' : ''}`,
        ...place(policy.statements[statement]?.span),
        ...(whole && !others.has(statement) ? { mark: markOf(whole) } : {}),
      });
    }
    if (others.has(statement)) continue;
    if (step.element !== 'Statement')
      steps.push({
        level: 1,
        label: step.operator ?? step.element,
        text: shortIssuers(step.message),
        ...place(step.span),
        mark: step.missing ? false : step.matched,
      });
  }
  return steps;
}

/** The statements that allow something to other principals only. */
function forOthers(trace: readonly TraceStep[]): ReadonlySet<number> {
  const found = new Set<number>();
  const own = new Set<number>();
  for (const { statement, element, effect, matched } of trace) {
    if (statement === undefined || element !== 'Principal') continue;
    (matched === false && effect === 'Allow' ? found : own).add(statement);
  }
  for (const statement of own) found.delete(statement);
  return found;
}

/** A Deny that applies is bad for the pod, and one that does not is good. */
function markOf(step: TraceStep): TraceStep['matched'] {
  if (step.missing) return false;
  return step.effect === 'Deny' && step.matched !== null ? !step.matched : step.matched;
}

/** EKS's issuers are long and alike up to the first letters of their ids. */
function shortIssuers(text: string): string {
  const short = text.startsWith(`${clusterIssuer}:`) ? text.slice(clusterIssuer.length) : text;
  return short
    .replace(`this provider, ${clusterIssuer}`, "the cluster's OIDC provider")
    .replace(/\boidc\.eks\.[a-z0-9.-]+\/id\/([A-Za-z0-9]{4})[A-Za-z0-9]{5,}/g, 'oidc…/$1…');
}

/** The result of the whole verdict: what decides beside the trust policy, or the trust policy's answer. */
export function outcomeOfAccess({ fault, reason, verdict, decision, mechanism, target }: Access): ExplainLine[] {
  switch (fault) {
    case undefined:
      if (decision === 'allowed' && mechanism === 'pod-identity')
        return [{ text: `The Pod Identity agent gives the pod the ${target ? `target role ${target.role}` : 'role'}.` }];
      return verdict ? outcomeOf(verdict) : [];
    case 'no-policy':
      return [
        {
          text: "It depends on the role's trust policy. Add it to the files, name its file under roles: in pod-roles.yaml, or query AWS for it.",
        },
      ];
    case 'role-arn':
      return podsGet('The value is not the ARN of an IAM role.', 'ValidationError: Request ARN is invalid');
    case 'role-missing':
      return podsGet(
        "STS answers alike for a role that doesn't exist and for one that doesn't allow the pod.",
        mechanism === 'irsa' ? irsaDenied : podIdentityDenied,
      );
    case 'association':
      return [{ text: `No pod gets credentials from the association: ${reason ?? 'it is not valid'}.` }];
    case 'target':
      return decision === 'denied'
        ? [{ text: "EKS can't assume the target role with the association's role, so pods get no credentials." }]
        : [{ text: `Unknown: ${reason ?? 'the files have no answer'}.` }];
    case 'platform':
      return podsGet(`${reason ?? "EKS Pod Identity isn't available there"}.`, 'Unable to locate credentials');
    case 'operator':
      return [{ text: `${reason ?? "The operator can't use an association"}: it needs the role-arn annotation.` }];
    case 'provider-missing':
      return podsGet('', 'InvalidIdentityToken: No OpenIDConnect provider found in your account');
    default:
      return [{ text: `Unknown: ${reason ?? 'the files have no answer'}.` }];
  }
}

/** The result of a trust policy's verdict. */
export function outcomeOf(verdict: Verdict): ExplainLine[] {
  switch (verdict.decision) {
    case 'allowed':
      return [{ text: 'STS gives the pod the role.' }];
    case 'denied':
      return podsGet(reason(verdict.trace), verdict.error ?? 'AccessDenied');
    case 'unknown': {
      const request = verdict.trace.find(({ element, matched }) => element === 'Request' && matched === null);
      if (request) return [{ text: request.message }];
      const open = [...new Set(verdict.trace.filter((step) => step.matched === null && step.key !== undefined).map((step) => step.key!))];
      return [
        { text: open.length > 0 ? `It depends on ${open.join(', ')}, which no file sets.` : 'It depends on a value that no file sets.' },
      ];
    }
  }
}

function podsGet(why: string, error: string): ExplainLine[] {
  return [{ text: `${why} Pods get:`.trimStart() }, { text: error, quoted: true }];
}

function reason(trace: readonly TraceStep[]): string {
  if (trace.some((step) => step.element === 'Document' && step.matched === false))
    return 'IAM rejects this document, so no role can have it.';
  if (trace.some((step) => step.effect === 'Deny' && step.element === 'Statement' && step.matched === true))
    return 'A Deny statement applies, and overrides every Allow.';
  const statements = new Set(trace.flatMap((step) => step.statement ?? []));
  return statements.size === 1 ? 'No other statement allows it.' : 'No statement allows it.';
}
