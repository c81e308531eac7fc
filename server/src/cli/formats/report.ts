import { mistakesAmong } from '../../core/rules/mistakes';
import type { Rule } from '../../core/rules/rule';
import type { Console } from '../console';

export type Severity = 'error' | 'warning' | 'info';

/** Line and column from 1, columns in UTF-16 units; the end exclusive. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ReportedFix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly (Region & { readonly path: string; readonly newText: string })[];
}

/** A finding as it is reported: paths relative to the working directory, with `/`. */
export interface ReportedFinding extends Region {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string;
  /** The address of the rule's page. */
  readonly docs: string;
  readonly fixes: readonly ReportedFix[];
  /** Whether `--fix` fixes it. */
  readonly fixable: boolean;
  readonly related: readonly (Region & { readonly path: string; readonly message: string })[];
  /** Set for the other side of a mismatch: the findings that it belongs to, with which it counts as one. */
  readonly otherSideOf?: readonly (Region & { readonly path: string })[];
  /** The text of the finding's first line, for fingerprints. */
  readonly source: string;
}

/** The result of `check`, for every format. */
export interface CheckReport {
  /** Sorted by path, line, column, rule. */
  readonly findings: readonly ReportedFinding[];
  /** The files that weren't read, and why; sorted by path. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Files that were read, and those of them that concern pod roles. */
  readonly files: number;
  readonly relevant: readonly string[];
  readonly chains: ChainCounts;
  /** The files that `--fix` changed, or would change: by path, with the titles of the fixes and the diff. */
  readonly fixed: readonly FixedFile[];
  /** True if `fixed` wasn't written. */
  readonly dryRun: boolean;
  /** Findings of this severity or worse make the command fail. */
  readonly failOn: FailOn;
  readonly rules: readonly Rule[];
  /** The text of each rule's page, by the rule's id. */
  readonly pages: Readonly<Record<string, string>>;
  readonly version: string;
}

export interface FixedFile {
  readonly path: string;
  readonly fixes: readonly string[];
  /** As a unified diff. */
  readonly diff: string;
}

export interface ChainCounts {
  readonly checked: number;
  readonly admitted: number;
  readonly refused: number;
  readonly unknown: number;
  /** Of the unknown ones, those whose trust policy is in none of the files. */
  readonly withoutPolicy: number;
}

export type FailOn = Severity | 'never';

/** One way of writing a report. One file a format, one line in registry.ts. */
export interface ReportFormat {
  readonly id: string;
  /** True where lines are commands to a CI runner, as they are meant to be. */
  readonly hasCommands?: true;
  /** The whole output, with a line's end at its end. */
  write(report: CheckReport, console: Pick<Console, 'paint' | 'quiet'>): string;
}

const weight: Readonly<Record<FailOn, number>> = { info: 1, warning: 2, error: 3, never: 4 };

/** True when a finding is at or above the level that makes the command fail. */
export function fails(severity: Severity, failOn: FailOn): boolean {
  return weight[severity] >= weight[failOn];
}

/** How many mistakes of a severity there are. */
export function countOf(report: CheckReport, severity: Severity): number {
  return mistakesIn(report).reduce((sum, finding) => sum + (finding.severity === severity ? 1 : 0), 0);
}

const mistakes = new WeakMap<CheckReport, readonly ReportedFinding[]>();

/** The findings that count: see core/rules/mistakes.ts. */
export function mistakesIn(report: CheckReport): readonly ReportedFinding[] {
  const known = mistakes.get(report);
  if (known) return known;
  const found = mistakesAmong(report.findings, (finding) => ({
    level: finding.severity,
    key: keyOf(finding.rule, finding),
    otherSideOf: finding.otherSideOf?.map((place) => keyOf(finding.rule, place)),
  }));
  mistakes.set(report, found);
  return found;
}

function keyOf(rule: string, { path, line, column, endLine, endColumn }: Region & { readonly path: string }): string {
  return `${rule} ${line} ${column} ${endLine} ${endColumn} ${path}`;
}
