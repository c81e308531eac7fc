import type { Span } from '../text/span';
import type { Judged } from '../text/texts';
import type { DocumentRef, Place } from '../syntax/sourceFile';
import type {
  AnnotationFact,
  ObjectFact,
  PodIdentityAssociationFact,
  ServiceAccountFact,
  TrustPolicyFact,
  WorkloadFact,
} from '../model/facts';
import type { Chain, Overlay } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import type { Verdict } from '../trust/verdict';
import type { Level, Settings } from '../config/settings';

export type { Level };

/** A change of text. `span` counts from the document's start and is replaced by `newText` as it is. */
export interface Edit {
  readonly doc: DocumentRef;
  readonly span: Span;
  readonly newText: string;
  /**
   * The text that the rule judged, which must stand at `span`. Every edit that puts one text in the place of another has
   * it (fixes/textGuard.ts); edits that only insert or only remove need not.
   */
  readonly judged?: Judged;
  /** The edit replaces a whole expression (a Terraform reference) by another one. */
  readonly replacesExpression?: true;
}

/**
 * A fix. What a rule reports is a proposal: before anybody sees it, fixes/judge.ts applies it to a copy of the text, reads
 * that again, and drops it, or takes `safe` away, where the text comes out broken or a role allows somebody new.
 */
export interface Fix {
  /** Imperative, in the field's terms: "Use :sub for the subject". */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** True when it can only be what was meant: `check --fix` and "fix all" apply it. At most one of a finding's fixes. */
  readonly safe: boolean;
}

export interface Finding {
  readonly rule: string;
  readonly level: Exclude<Level, 'off'>;
  /**
   * One to three lines, separated by line breaks (text/message.ts): what is wrong, in at most 110 characters that stand alone;
   * what happens at run time, with the error of AWS or Kubernetes in quotes; what to change.
   */
  readonly message: string;
  readonly at: Place;
  /** The overlays that the finding is about; absent if it is about the account everywhere. */
  readonly overlays?: readonly Overlay[];
  readonly related: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes: readonly Fix[];
  /** Whether one of the fixes may run unattended, told without judging the others. Absent: as `fixes` say. */
  readonly fixable?: boolean;
  /** Set for the other side of a mismatch: where the finding is that it belongs to. Both are one mistake, and count once. */
  readonly otherSideOf?: readonly Place[];
}

/**
 * The other side of a mismatch: what the report's place was compared with. The engine reports it where it is, with the same
 * rule, level and fixes, and points from it to the report. Several reports with one other side give one finding there.
 */
export interface OtherSide {
  readonly at: Place;
  /** The service account that the report is about: `shop/orders`. */
  readonly name: string;
  /** The finding's message, for all names that have this other side; with the fixes that are offered there. */
  message(names: readonly string[], fixes: readonly Fix[]): string;
  /** What the report's place is, for the information that points to it. */
  readonly related: string;
  /** Those of the report's fixes whose titles say which account they are about: they stay where several have this other side. */
  readonly named: readonly Fix[];
}

/** A rule's report; the engine adds id, level and suppressions. */
export interface Report {
  readonly doc: DocumentRef;
  readonly span: Span;
  readonly message: string;
  readonly related?: Finding['related'];
  readonly overlays?: Finding['overlays'] | undefined;
  readonly fixes?: readonly Fix[];
  /** Lower than the rule's own level where this case is less sure (a weak tie). Settings win over it only downward. */
  readonly level?: Exclude<Level, 'off'>;
  /** For reports on a chain by a rule that is `twoSided`: in the role's trust policy. */
  readonly otherSide?: OtherSide | undefined;
  /** See {@link Finding.otherSideOf}; set by the engine. */
  readonly otherSideOf?: readonly Place[];
}

export interface RuleContext {
  report(report: Report): void;
  /** Every workload that takes an account: `wiring` may not know those with which nothing can be wrong. */
  workloadsOf(account: ServiceAccountFact): readonly WorkloadFact[];
  readonly wiring: Wiring;
  readonly settings: Settings;
  /** STS's answer for a chain with its first tie; undefined when no policy is known. Computed once for all rules. */
  verdict(chain: Chain): Verdict | undefined;
  /**
   * Line and column from 0 of an offset in a document, as WorkspaceView.position: for fixes that add lines
   * and need their neighbour's indentation. Without it such fixes write on the same line, or are not offered.
   */
  position?(doc: DocumentRef, offset: number): { readonly line: number; readonly character: number } | undefined;
}

/** What a rule looks at. Each is called for every such fact of the document being checked. */
export interface Checks {
  annotation?(fact: AnnotationFact, context: RuleContext): void;
  serviceAccount?(fact: ServiceAccountFact, context: RuleContext): void;
  workload?(fact: WorkloadFact, context: RuleContext): void;
  object?(fact: ObjectFact, context: RuleContext): void;
  /** Only policies that concern EKS. */
  trustPolicy?(fact: TrustPolicyFact, context: RuleContext): void;
  association?(fact: PodIdentityAssociationFact, context: RuleContext): void;
  /** Chains whose account stands in the document. */
  chain?(chain: Chain, context: RuleContext): void;
}

/** One file a rule, one line in registry.ts; docs/rules/<id>.md is written from it. */
export interface Rule {
  /** Kebab-case, as in contract.md; never reused. */
  readonly id: string;
  readonly level: Level;
  /** A short sentence for lists, without its full stop: "The action doesn't match the principal". */
  readonly title: string;
  /** True when some of its findings carry a fix. */
  readonly fixable: boolean;
  readonly since: string;
  /** Where the rule of AWS or Kubernetes is written. */
  readonly source: string;
  readonly checks: Checks;
  /**
   * `cause` (the default): names a mistake. `consequence`: says that somebody, or nobody, gets in, without a mistake
   * to point at (condition-never-matches, subject-mismatch). The engine does not ask a consequence rule about a
   * policy, or about a chain whose policy, in which a cause rule of level error has found something: one cause, one finding.
   */
  readonly phase?: 'cause' | 'consequence';
  /** True where reports on a chain may have another side in the trust policy that is the role's. */
  readonly twoSided?: true;
}
