import { visible, visibleInOneLine } from '../../core/text/visible';
import type { Paint } from '../console';
import { count, notRead } from '../words';
import { visibleDiff } from '../diff';
import { countOf, type CheckReport, type ReportFormat, type ReportedFinding, type Severity } from './report';

/** For people: findings by file, then one line that tells "right" from "not looked at". */
export const pretty: ReportFormat = {
  id: 'pretty',
  write: (report, { paint, quiet }) => {
    const blocks: string[] = [];
    if (report.dryRun) blocks.push(report.fixed.map((file) => visibleDiff(file.diff)).join(''));
    if (report.findings.length > 0) blocks.push(findings(report.findings, paint));
    if (!quiet) {
      if (!report.dryRun && report.fixed.length > 0) blocks.push(mended(report));
      if (report.skipped.length > 0) blocks.push(`${notRead(report.skipped)}\n`);
      blocks.push(`${paintSummary(report, paint)}\n`);
    }
    return blocks.filter((block) => block !== '').join('\n');
  },
};

function findings(all: readonly ReportedFinding[], paint: Paint): string {
  const lines: string[] = [];
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]!.path === all[from]!.path) to++;
    lines.push(paint.bold(visible(all[from]!.path)), ...file(all.slice(from, to), paint));
    from = to;
  }
  return `${lines.join('\n')}\n`;
}

function file(all: readonly ReportedFinding[], paint: Paint): string[] {
  const place = (finding: ReportedFinding) => `${finding.line}:${finding.column}`;
  const width = Math.max(...all.map((finding) => place(finding).length)) + 2;
  return all.flatMap((finding) => {
    const marks = [paint.dim(finding.rule)];
    if (finding.fixable) marks.push(paint.dim('(fixable)'));
    const head = `${paint.dim(place(finding).padStart(width))}  ${paint[finding.severity](finding.severity.padEnd(7))}`;
    const related = finding.related.map((other) =>
      paint.dim(`${' '.repeat(width + 2)}${visible(other.path)}:${other.line}:${other.column}  ${visibleInOneLine(other.message)}`),
    );
    return [`${head}  ${visibleInOneLine(finding.message)}   ${marks.join('  ')}`, ...related];
  });
}

function mended(report: CheckReport): string {
  const lines = report.fixed.map((file) => `  ${visible(file.path)}: ${file.fixes.map(visible).join('; ')}`);
  return `Mended in ${count(report.fixed.length, 'file')}:\n${lines.join('\n')}\n`;
}

function paintSummary(report: CheckReport, paint: Paint): string {
  const text = summary(report);
  const worst: Severity | undefined = (['error', 'warning'] as const).find((severity) => countOf(report, severity) > 0);
  return worst ? paint[worst](text) : paint.good(text);
}

/** The closing line: what was found in how much, or that nothing was and what was looked at. */
export function summary(report: CheckReport): string {
  const files = count(report.files, 'file');
  if (report.findings.length === 0) {
    const concern = report.relevant.length === 1 || report.files === 1 ? 'concerns' : 'concern';
    return `No problems: ${report.relevant.length || 'none'} of ${files} ${concern} pod roles${chains(report)}.`;
  }
  const counts = [
    [countOf(report, 'error'), 'error', 'errors'],
    [countOf(report, 'warning'), 'warning', 'warnings'],
    [countOf(report, 'info'), 'info', 'infos'],
  ] as const;
  const parts = counts.filter(([n]) => n > 0).map(([n, one, many]) => count(n, one, many));
  const touched = new Set(report.findings.map((finding) => finding.path)).size;
  const fixable = report.findings.filter(({ fixable }) => fixable).length;
  const relevant = `${report.relevant.length} ${report.relevant.length === 1 ? 'concerns' : 'concern'} pod roles`;
  return `${parts.join(', ')} in ${touched} of ${files} (${relevant}).${fixable > 0 ? ` ${fixable} can be mended with --fix.` : ''}`;
}

function chains({ chains: counts }: CheckReport): string {
  if (counts.checked === 0) return '';
  const parts = [`${count(counts.checked, 'chain')} checked`];
  if (counts.admitted > 0) parts.push(`${counts.admitted} admitted`);
  if (counts.refused > 0) parts.push(`${counts.refused} refused`);
  if (counts.unknown > 0) {
    const { unknown, withoutPolicy } = counts;
    const why =
      withoutPolicy === 0 ? '' : withoutPolicy === unknown ? ' (trust policy not here)' : ` (${withoutPolicy} without a trust policy here)`;
    parts.push(`${unknown} unknown${why}`);
  }
  return `; ${parts.join(', ')}`;
}
