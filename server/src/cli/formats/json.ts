import { jsonText } from '../words';
import { countOf, type CheckReport, type ReportFormat } from './report';

/** The stable format for scripts: contract.md, "JSON". New fields may be added, none changes. */
export const json: ReportFormat = {
  id: 'json',
  write: (report) => `${jsonText(toJson(report), 2)}\n`,
};

function toJson(report: CheckReport): object {
  return {
    version: 1,
    findings: report.findings.map(
      ({ rule, severity, message, path, line, column, endLine, endColumn, docs, fixes, related, otherSideOf }) => ({
        rule,
        severity,
        message,
        path,
        line,
        column,
        endLine,
        endColumn,
        docs,
        fixes: fixes.map((fix) => fix.title),
        related: related.map((other) => ({
          path: other.path,
          line: other.line,
          column: other.column,
          endLine: other.endLine,
          endColumn: other.endColumn,
          message: other.message,
        })),
        ...(otherSideOf ? { otherSideOf: otherSideOf.map((first) => ({ path: first.path, line: first.line, column: first.column })) } : {}),
      }),
    ),
    summary: {
      files: report.files,
      relevant: report.relevant.length,
      errors: countOf(report, 'error'),
      warnings: countOf(report, 'warning'),
      infos: countOf(report, 'info'),
      hints: 0,
    },
    chains: report.chains,
    skipped: report.skipped,
    ...(report.fixed.length > 0
      ? { fixed: report.fixed.map((file) => (report.dryRun ? file : { path: file.path, fixes: file.fixes })) }
      : {}),
  };
}
