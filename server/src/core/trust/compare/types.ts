import type { PolicyDocument } from '../../model/policy';
import type { Request } from '../verdict';

/**
 * Policies whose rights count together: what one of them allows is allowed. Each is evaluated by itself, with its own
 * Deny statements, as two roles' policies are; the statements of one document belong in one document.
 */
export type PolicySet = readonly PolicyDocument[];

/** What both sides have in common, as far as it is known. */
export interface ComparisonScope {
  /** The role's account, 12 digits. */
  readonly roleAccount?: string;
  readonly rolePartition?: string;
}

/** Whether everything that one side allows is allowed by the other. */
export type Inclusion =
  /** Proven: for every principal, action, subject, audience and session key. */
  | { readonly kind: 'included' }
  /** Not so: the witness is allowed by one side, and surely not by the other. */
  | { readonly kind: 'not-included'; readonly witness: Witness }
  /** Not decided. `because` is a sentence for people: which key, placeholder or template would decide it. */
  | { readonly kind: 'unknown'; readonly because: string };

/** Somebody whom one side allows and the other doesn't. */
export interface Witness {
  /** A request that `judge` answers with allowed for the one side and not for the other; absent for a principal that isn't a pod. */
  readonly request?: Request;
  /** For people: "system:serviceaccount:shop:orders of oidc.eks…", "every pod in namespace shop", "AWS principal arn:aws:iam::…". */
  readonly words: string;
}
