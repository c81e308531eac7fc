import type { TrustPolicyFact } from '../model/facts';

/**
 * How a trust policy was found to be a role's, strongest first (contract.md, "How a trust policy finds its role").
 * `aws`: it is the role's own in AWS, by its ARN. A file comes first all the same, since it is what is being written.
 */
export type TieKind = 'config' | 'document' | 'path' | 'aws' | 'only-one';

export interface Tie {
  readonly kind: TieKind;
  readonly policy: TrustPolicyFact;
  /** For messages: "by its folder", "named in pod-roles.yaml"; for `aws`, where AWS's answer is from: "AWS", "snapshot of 2026-11-20". */
  readonly because: string;
}
