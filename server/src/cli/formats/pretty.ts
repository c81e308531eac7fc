import { visible, visibleInOneLine } from '../../core/text/visible';
import { firstLine } from '../../core/text/message';
import type { Paint } from '../console';
import { count, notRead } from '../words';
import { visibleDiff } from '../diff';
import { countOf, mistakesIn, type CheckReport, type ReportFormat, type ReportedFinding, type Severity } from './report';

/** For people: findings by file, then one line that tells "right" from "not looked at". */
export const pretty: ReportFormat = {
  id: 'pretty',
  write: (report, { paint, quiet }) => {
    const blocks: string[] = [];
    if (report.dryRun) blocks.push(report.fixed.map((file) => visibleDiff(file.diff)).join(''));
    if (report.findings.length > 0) blocks.push(findings(report.findings, paint));
    if (!quiet) {
      if (!report.dryRun && report.fixed.length > 0) blocks.push(fixedFiles(report));
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

/** The longest severity is `warning`. */
const severityWidth = 7;

function file(all: readonly ReportedFinding[], paint: Paint): string[] {
  const place = (finding: ReportedFinding) => `${finding.line}:${finding.column}`;
  const width = Math.max(...all.map((finding) => place(finding).length)) + 2;
  return all.flatMap((finding) => {
    const marks = [paint.dim(finding.rule)];
    if (finding.fixable) marks.push(paint.dim('fixable'));
    const head = `${paint.dim(place(finding).padStart(width))}  ${paint[finding.severity](finding.severity.padEnd(severityWidth))}`;
    const first = firstLine(finding.message);
    const margin = ' '.repeat(width + 2 + severityWidth + 2);
    const further = finding.message
      .slice(first.length + 1)
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => `${margin}${visible(text)}`);
    const related = finding.related.map((other) =>
      paint.dim(`${margin}${visible(other.path)}:${other.line}:${other.column}  ${visibleInOneLine(other.message)}`),
    );
    return [`${head}  ${visible(first)}   ${marks.join('  ')}`, ...further, ...related];
  });
}

function fixedFiles(report: CheckReport): string {
  const lines = report.fixed.map((file) => `  ${visible(file.path)}: ${file.fixes.map(visible).join('; ')}`);
  return `Fixed in ${count(report.fixed.length, 'file')}:\n${lines.join('\n')}\n`;
}

function paintSummary(report: CheckReport, paint: Paint): string {
  const text = summary(report);
  const worst: Severity | undefined = (['error', 'warning'] as const).find((severity) => countOf(report, severity) > 0);
  return worst ? paint[worst](text) : paint.good(text);
}

/** The closing line: what was found, and how much was checked, so that "right" is not taken for "not checked". */
export function summary(report: CheckReport): string {
  const counts = [
    [countOf(report, 'error'), 'error', 'errors'],
    [countOf(report, 'warning'), 'warning', 'warnings'],
    [countOf(report, 'info'), 'info', 'infos'],
  ] as const;
  const parts = counts.filter(([n]) => n > 0).map(([n, one, many]) => count(n, one, many));
  const touched = new Set(report.findings.map((finding) => finding.path)).size;
  const found = parts.length === 0 ? 'No problems' : `${parts.join(', ')} in ${count(touched, 'file')}`;
  const fixable = mistakesIn(report).filter(({ fixable }) => fixable).length;
  return `${found}. Checked ${report.relevant.length} of ${count(report.files, 'file')}: ${accounts(report)}.${fixable > 0 ? ` Run with --fix to fix ${fixable}.` : ''}`;
}

/** `7 service accounts, 5 can assume their role, 1 can't, 1 unknown (trust policy not found)`. */
function accounts({ chains: counts, relevant }: CheckReport): string {
  if (counts.checked === 0)
    return relevant.length === 0 ? 'no roles for pods, and no trust policies for EKS' : 'no service account with a role';
  const parts = [count(counts.checked, 'service account')];
  if (counts.admitted > 0) parts.push(`${counts.admitted} can assume ${counts.admitted === 1 ? 'its' : 'their'} role`);
  if (counts.refused > 0)
    parts.push(
      counts.admitted > 0 ? `${counts.refused} can't` : `${counts.refused} can't assume ${counts.refused === 1 ? 'its' : 'their'} role`,
    );
  if (counts.unknown > 0) {
    const { unknown, withoutPolicy } = counts;
    const why =
      withoutPolicy === 0 ? '' : withoutPolicy === unknown ? ' (trust policy not found)' : ` (trust policy not found for ${withoutPolicy})`;
    parts.push(`${unknown} unknown${why}`);
  }
  return parts.join(', ');
}
