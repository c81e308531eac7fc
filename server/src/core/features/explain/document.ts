import type { Place } from '../../syntax/sourceFile';
import type { Tri } from '../../text/tri';
import type { Decision, TraceStep } from '../../trust/verdict';

/** Why a pod gets a role, or does not: what the Explain Access page and `pod-roles explain` show. Plain data. */
export interface ExplainDocument {
  /** The question: "May demo-namespace/demo-sa become demo-role?" */
  readonly title: string;
  /** "Yes.", "No.", or what is not known. */
  readonly answer: string;
  readonly decision: Decision;
  /** How the pods come by a role: the webhook's token (`irsa`), or an association; absent where none is known. */
  readonly mechanism?: 'irsa' | 'pod-identity';
  /** The role that they get, or are refused, as written. */
  readonly role?: string;
  /** The overlays in which this is so, where kustomizations make more of the account than its file says. */
  readonly overlays?: readonly string[];
  /** From the workload to the trust policy, in the order in which things happen. */
  readonly steps: readonly ExplainStep[];
  /** What it comes to: the text that the pod would see, or what the answer depends on. */
  readonly outcome: readonly string[];
  /** What to change, where a rule knows. */
  readonly mend: readonly ExplainMend[];
  /** What was taken as true though no file says it. */
  readonly assumptions: readonly string[];
  /** The evaluator's own steps, for machines. Their spans count in the trust policy's document. */
  readonly reasons: readonly TraceStep[];
  /** The text that the pod would see, when denied. */
  readonly error?: string;
  /** Where the trust policy stands, when one is known. */
  readonly policy?: Place;
}

export interface ExplainStep {
  /** 0: a step of its own, numbered. 1: a part of the step before. */
  readonly level: 0 | 1;
  /** The element or operator, for parts: `Principal`, `StringLike`. */
  readonly label?: string;
  readonly text: string;
  readonly place?: Place;
  /** Said where a place would stand, when no file tells: "(from trust)". */
  readonly note?: string;
  /** Absent: the step is neither good nor bad. */
  readonly mark?: Tri;
}

export interface ExplainMend {
  readonly text: string;
  readonly place?: Place;
}
