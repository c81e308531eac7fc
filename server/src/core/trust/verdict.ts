import type { Span } from '../text/span';
import type { Text } from '../text/text';
import type { Tri } from '../text/tri';

/** What STS, or EKS for Pod Identity, would answer. */
export type Decision = 'allowed' | 'denied' | 'unknown';

export interface Verdict {
  readonly decision: Decision;
  /** How many trust policies may be the role's, where they do not agree: then the decision is `unknown`. */
  readonly disagreeing?: number;
  /** In the order in which AWS looks: the request's own checks, then each statement with its parts. Worked out when first read. */
  readonly trace: readonly TraceStep[];
  /** The text the pod would see, when denied. */
  readonly error?: string;
  /** What was taken as true though no file says it, in plain sentences. */
  readonly assumptions: readonly string[];
}

/** The same verdict with other assumptions. Its trace stays unread. */
export function withAssumptions(verdict: Verdict, assumptions: readonly string[]): Verdict {
  const { decision, disagreeing, error } = verdict;
  return {
    decision,
    assumptions,
    ...(disagreeing === undefined ? {} : { disagreeing }),
    ...(error === undefined ? {} : { error }),
    get trace() {
      return verdict.trace;
    },
  };
}

/** One thing that was compared. */
export interface TraceStep {
  /** The statement's number from 0; absent for checks of the whole document or of the request. */
  readonly statement?: number;
  readonly effect?: 'Allow' | 'Deny';
  readonly element: 'Document' | 'Request' | 'Effect' | 'Principal' | 'Action' | 'Condition' | 'Statement';
  /** The operator as written, for conditions. */
  readonly operator?: string;
  /** The condition key as written, or the principal's kind. */
  readonly key?: string;
  readonly matched: Tri;
  /** Actions that are needed and that no statement allows, for a statement that allows others: `matched` is true for those. */
  readonly missing?: readonly string[];
  /** One sentence: what was compared with what, and the outcome. */
  readonly message: string;
  /** Where it stands in the policy's document. */
  readonly span?: Span;
}

/** Who asks for the role. */
export type Request = WebIdentityRequest | PodIdentityRequest;

interface RequestBase {
  /** The role's account, 12 digits; absent where not known. */
  readonly roleAccount?: string;
  readonly rolePartition?: string;
  readonly namespace: string | undefined;
  readonly serviceAccount: string | undefined;
  /** Request keys known from elsewhere (`aws:SourceIp`), lower-cased. `undefined` as a value: known to be absent. */
  readonly context?: ReadonlyMap<string, string | readonly string[] | undefined>;
}

export interface WebIdentityRequest extends RequestBase {
  readonly mechanism: 'irsa';
  /** The account's namespace and name as values of one program, where they are not known: see Hole.identity. */
  readonly identified?: { readonly namespace: Text; readonly name: Text };
  /**
   * The token's issuer without `https://`. Absent: taken to be the policy's own provider, where the
   * statements name just one (an assumption that the verdict states).
   */
  readonly issuer?: string;
  /** The token's audience; default `sts.amazonaws.com`. */
  readonly audience?: string;
  /** The IAM provider's client ids where known; then an audience outside them is denied before the policy is looked at. */
  readonly clientIds?: readonly string[];
}

export interface PodIdentityRequest extends RequestBase {
  readonly mechanism: 'pod-identity';
  /** The cluster's ARN, where known: gives the cluster's name, region and account. */
  readonly clusterArn?: string;
  readonly clusterName?: string;
  /** The account of cluster and association. */
  readonly account?: string;
  readonly podName?: string;
  /** True when the association disables session tags: then no request tag is there. */
  readonly sessionTagsDisabled?: boolean;
}
