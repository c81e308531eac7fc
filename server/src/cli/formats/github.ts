import { visible } from '../../core/text/visible';
import { summary } from './pretty';
import type { ReportFormat, ReportedFinding } from './report';

/** GitHub's workflow commands: each finding becomes an annotation of the pull request. Source: GitHub Actions, "Workflow commands". */
export const github: ReportFormat = {
  id: 'github',
  hasCommands: true,
  write: (report, console) => {
    const lines = report.findings.map(annotation);
    for (const { path, reason } of report.skipped)
      lines.push(
        `::notice file=${property(path)},title=pod-roles::${data(reason.startsWith('read in part') ? reason : `Skipped: ${reason}`)}`,
      );
    if (!console.quiet) lines.push(data(summary(report)));
    return lines.map((line) => `${line}\n`).join('');
  },
};

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

function annotation(finding: ReportedFinding): string {
  const properties = [
    ['file', finding.path],
    ['line', finding.line],
    ['endLine', finding.endLine],
    // GitHub takes columns only for a finding of one line.
    ...(finding.line === finding.endLine
      ? [
          ['col', finding.column],
          ['endColumn', finding.endColumn],
        ]
      : []),
    ['title', `pod-roles(${finding.rule})`],
  ].map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${commands[finding.severity]} ${properties.join(',')}::${data(finding.message)}`;
}

function data(text: string): string {
  return text.split('\n').map(visible).join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
