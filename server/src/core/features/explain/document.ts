import type { Place } from '../../syntax/sourceFile';
import type { Tri } from '../../text/tri';
import type { Access } from '../../trust/access';
import type { Decision, TraceStep } from '../../trust/verdict';

/** Why a pod gets a role, or does not: what the Explain Access page and `pod-roles explain` show. Plain data. */
export interface ExplainDocument {
  /** The question: "Can demo-namespace/demo-sa assume demo-role?" */
  readonly title: string;
  /** "Yes.", "No.", or what is not known. */
  readonly answer: string;
  readonly decision: Decision;
  /** How the pods get a role: the webhook's token (`irsa`), or an association; absent if none is known. */
  readonly mechanism?: 'irsa' | 'pod-identity';
  /** Both mechanisms, where something of both is there: between the steps of a move. */
  readonly mechanisms?: Mechanisms;
  /** The role that they get, or are refused, as written. */
  readonly role?: string;
  /** The overlays in which this is so, where kustomizations make more of the account than its file says. */
  readonly overlays?: readonly string[];
  /** Workloads → service account → association → role, as far as files or AWS have them. */
  readonly chain: readonly ChainNode[];
  /** From the workload to the trust policy, in the order in which things happen. */
  readonly steps: readonly ExplainStep[];
  /** The result: the error that pods get, or what the answer depends on. */
  readonly outcome: readonly ExplainLine[];
  /** What to change, if a rule knows. */
  readonly fixes: readonly ExplainFix[];
  /** What no file says, and the answer assumes. */
  readonly assumptions: readonly string[];
  /** The evaluator's own steps, for machines. Their spans count in the trust policy's document. */
  readonly reasons: readonly TraceStep[];
  /** The text that the pod would see, when denied. */
  readonly error?: string;
  /** Where the trust policy stands, when one is known. */
  readonly policy?: Place;
}

/** The two mechanisms of an account side by side, the one in effect first. */
export interface Mechanisms {
  readonly answers: readonly MechanismAnswer[];
  /** True where both give the same role, and the association's is allowed: a move in progress, not a mistake. */
  readonly moving: boolean;
  /** Which of them is in effect, and how a move goes on or ends: sentences. */
  readonly words: readonly string[];
}

export interface MechanismAnswer {
  readonly mechanism: 'irsa' | 'pod-identity';
  readonly standing: 'in-effect' | NonNullable<Access['other']>['standing'];
  /** The role's name as people are shown it. */
  readonly role: string;
  readonly decision: Decision;
  readonly reason?: string;
  /** The annotation or the association. */
  readonly place?: Place;
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

/** One object that a pod's role depends on. */
export interface ChainNode {
  readonly kind: 'workload' | 'account' | 'association' | 'role';
  /** `Deployment`, `ServiceAccount`, `Role`. */
  readonly type: string;
  readonly name: string;
  readonly place?: Place;
  /** How many more of its kind are not listed. */
  readonly more?: number;
}

/** A line of the result. */
export interface ExplainLine {
  readonly text: string;
  /** True for AWS's own words. */
  readonly quoted?: true;
}

/** What to change: a finding with its fixes, or a sentence if no fix is offered. */
export interface ExplainFix {
  readonly text: string;
  /** Where the finding is. */
  readonly place?: Place;
  /** The rule that reports it, and the titles of its fixes, the safest first. */
  readonly rule?: string;
  readonly titles: readonly string[];
}
