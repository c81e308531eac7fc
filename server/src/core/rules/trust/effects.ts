import type { Level } from '../rule';
import type { PolicyDocument } from '../../model/policy';
import type { Holds } from './atoms';
import { podStatements, type PodStatement } from './statements';

/** STS's answer to a pod that the trust policy does not admit. Source: webhook issue #30. */
export const accessDenied = '"AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"';
/** The Pod Identity agent's answer. Source: eks-pod-identity-agent pkg/errors. */
export const podIdentityDenied = '"AccessDeniedException: EKS does not have permissions to assume the associated role"';

/** What the pod would see, by the way that the statement is for. */
export function refusal(statement: PodStatement): string {
  return statement.irsa ? accessDenied : podIdentityDenied;
}

const counts = new WeakMap<PolicyDocument, number>();

/** How many statements of the policy may let pods in. */
function allows({ fact }: PodStatement): number {
  let count = counts.get(fact.policy);
  if (count === undefined) {
    count = podStatements(fact).filter((s) => s.effect !== 'Deny').length;
    counts.set(fact.policy, count);
  }
  return count;
}

/** Whether a condition that is the same for every token lets nobody in, or lets in more than it seems. */
export function harm(statement: PodStatement, holds: Holds): 'shuts' | 'opens' | undefined {
  if (holds === 'partly' || statement.effect === undefined) return undefined;
  return (statement.effect === 'Allow') === (holds === 'never') ? 'shuts' : 'opens';
}

export interface Consequence {
  /** Continues a sentence after a comma: "so it never matches: …", and says what the pod sees. */
  readonly text: string;
  readonly level: Exclude<Level, 'off'>;
}

/** What a condition that holds never, or always, leads to; with `partly`, that this is not known. */
export function consequence(statement: PodStatement, holds: Holds): Consequence {
  if (holds === 'partly') return { text: 'and whether the condition then holds is not known.', level: 'warning' };
  if (statement.effect === 'Deny') {
    if (holds === 'never') return { text: 'so this Deny never applies.', level: 'warning' };
    return statement.atoms.length > 1 || statement.open
      ? { text: 'so the condition always holds, and this Deny reaches further than it seems.', level: 'warning' }
      : { text: `so this Deny applies to every token of its provider. Pods would see ${refusal(statement)}.`, level: 'error' };
  }
  if (holds === 'always') return { text: 'so the condition always holds and keeps no pod out.', level: 'warning' };
  return { text: `so it never matches: ${admitsNobody(statement)}.`, level: 'error' };
}

/** "no pod can take this role. Pods would see …", or the same of one statement among several; without the last full stop. */
export function admitsNobody(statement: PodStatement): string {
  if (statement.providers.length > 1)
    return `no token of that provider meets it. A pod that nothing else admits would see ${refusal(statement)}`;
  return allows(statement) > 1 || statement.fact.policy.open
    ? `this statement admits no pod. A pod that no other statement admits would see ${refusal(statement)}`
    : `no pod can take this role. Pods would see ${refusal(statement)}`;
}
