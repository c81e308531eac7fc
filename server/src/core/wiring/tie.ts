import type { TrustPolicyFact } from '../model/facts';

/**
 * How a trust policy was found to be a role's, strongest first (contract.md, "How a trust policy finds its role").
 * `identity`: what asks refers to the very role that has the policy, in one module or template. `aws`: it is the role's own in
 * AWS, by its ARN. A file comes first all the same, since it is what is being written. `only-one` and `subject` are weak: no
 * error rests on them.
 */
export type TieKind = 'identity' | 'config' | 'document' | 'path' | 'aws' | 'only-one' | 'subject';

/** True for a tie that may as well be wrong: what rests on it is told at info at most. */
export function isWeak({ kind }: Pick<Tie, 'kind'>): boolean {
  return kind === 'only-one' || kind === 'subject';
}

/** True for a tie that says whose policy it is by itself, so that no message has to. */
export function isPlain({ kind }: Pick<Tie, 'kind'>): boolean {
  return kind === 'identity' || kind === 'document';
}

export interface Tie {
  readonly kind: TieKind;
  readonly policy: TrustPolicyFact;
  /** For messages: "by its folder", "named in pod-roles.yaml"; for `aws`, where AWS's answer is from: "AWS", "snapshot of 2026-11-20". */
  readonly because: string;
  /** What the policy and what asks have in common (ground.ts), as the end of a sentence: "both are in one folder". */
  readonly ground?: string;
}
