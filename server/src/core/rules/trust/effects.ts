import type { Level } from '../rule';
import type { PolicyDocument } from '../../model/policy';
import type { Holds } from './atoms';
import { podStatements, type PodStatement } from './statements';

/** STS's answer to a pod that the trust policy doesn't allow. Source: webhook issue #30. */
export const accessDenied = '"AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"';
/** The Pod Identity agent's answer. Source: eks-pod-identity-agent pkg/errors. */
export const podIdentityDenied = '"AccessDeniedException: EKS does not have permissions to assume the associated role"';

/** The error that the pod gets, by the mechanism that the statement is for. */
export function refusal(statement: PodStatement): string {
  return statement.irsa ? accessDenied : podIdentityDenied;
}

const counts = new WeakMap<PolicyDocument, number>();

/** How many statements of the policy may allow pods. */
function allows({ fact }: PodStatement): number {
  let count = counts.get(fact.policy);
  if (count === undefined) {
    count = podStatements(fact).filter((s) => s.effect !== 'Deny').length;
    counts.set(fact.policy, count);
  }
  return count;
}

/** Whether a condition that is the same for every token allows no pod, or more pods than it seems. */
export function harm(statement: PodStatement, holds: Holds): 'shuts' | 'opens' | undefined {
  if (holds === 'partly' || statement.effect === undefined) return undefined;
  return (statement.effect === 'Allow') === (holds === 'never') ? 'shuts' : 'opens';
}

export interface Consequence {
  /** Ends a first line after a comma: "so it never matches". */
  readonly effect: string;
  /** The second line: what happens at run time, with the error that pods get. */
  readonly result: string;
  readonly level: Exclude<Level, 'off'>;
}

/** The consequence of a condition that never, or always, matches; with `partly`, that it is unknown. */
export function consequence(statement: PodStatement, holds: Holds): Consequence {
  if (holds === 'partly')
    return { effect: 'so it may not match', result: 'Whether the condition then matches is unknown.', level: 'warning' };
  if (statement.effect === 'Deny') {
    if (holds === 'never')
      return { effect: 'so this Deny never applies', result: 'Pods that it is meant to block can assume the role.', level: 'warning' };
    return statement.atoms.length > 1 || statement.open
      ? { effect: 'so it restricts nothing', result: 'This Deny applies to more pods than it seems.', level: 'warning' }
      : { effect: 'so this Deny always applies', result: `Pods get ${refusal(statement)}.`, level: 'error' };
  }
  if (holds === 'always')
    return {
      effect: 'so it restricts nothing',
      result: 'Every pod that meets the other conditions can assume the role.',
      level: 'warning',
    };
  return { effect: 'so it never matches', result: admitsNobody(statement), level: 'error' };
}

/** What pods get from a statement that never matches: `Pods get "AccessDenied: …".`, or the same of one statement among several. */
export function admitsNobody(statement: PodStatement): string {
  const error = refusal(statement);
  if (statement.providers.length > 1) return `Tokens of this provider don't match. Pods that nothing else allows get ${error}.`;
  return allows(statement) > 1 || statement.fact.policy.open ? `Pods that no other statement allows get ${error}.` : `Pods get ${error}.`;
}
