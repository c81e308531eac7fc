import { createHash } from 'node:crypto';
import { docsUrl, projectUrl } from '../../core/rules/docsUrl';
import type { Rule } from '../../core/rules/rule';
import { jsonText, wellFormed } from '../words';
import type { CheckReport, Region, ReportFormat, ReportedFinding, ReportedFix, Severity } from './report';

/**
 * SARIF 2.1.0 as GitHub code scanning takes it. Source: OASIS sarif-v2.1.0; GitHub docs, "SARIF support for code scanning".
 */
export const sarif: ReportFormat = {
  id: 'sarif',
  write: (report) => `${jsonText(toSarif(report), 2)}\n`,
};

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

function toSarif(report: CheckReport): object {
  const indexes = new Map(report.rules.map((rule, index) => [rule.id, index]));
  const fingerprint = fingerprints();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'pod-roles',
            semanticVersion: report.version,
            informationUri: projectUrl,
            rules: report.rules.map((rule) => descriptor(rule, report.pages[rule.id] ?? rule.title)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The working directory of pod-roles.' } } },
        invocations: [
          {
            executionSuccessful: true,
            ...(report.skipped.length > 0
              ? {
                  toolExecutionNotifications: report.skipped.map(({ path, reason }) => ({
                    level: 'note',
                    message: { text: reason.startsWith('read in part') ? reason : `Skipped: ${reason}` },
                    locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
                  })),
                }
              : {}),
          },
        ],
        results: report.findings.map((finding) => result(finding, indexes.get(finding.rule), fingerprint(finding))),
      },
    ],
  };
}

function descriptor(rule: Rule, page: string): object {
  return {
    id: rule.id,
    name: rule.id
      .split('-')
      .map((word) => word[0]!.toUpperCase() + word.slice(1))
      .join(''),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.title },
    help: { text: page, markdown: page },
    helpUri: docsUrl(rule.id),
    defaultConfiguration: rule.level === 'off' ? { enabled: false } : { level: levels[rule.level] },
    properties: {
      tags: ['eks', 'iam', 'kubernetes', 'security'],
      precision: 'very-high',
      'problem.severity': rule.level === 'error' ? 'error' : rule.level === 'warning' ? 'warning' : 'recommendation',
    },
  };
}

function result(finding: ReportedFinding, ruleIndex: number | undefined, fingerprint: string): object {
  return {
    ruleId: finding.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: { artifactLocation: artifact(finding.path), region: region(finding) } }],
    ...(finding.related.length > 0
      ? {
          relatedLocations: finding.related.map((other, index) => ({
            id: index + 1,
            message: { text: other.message },
            physicalLocation: { artifactLocation: artifact(other.path), region: region(other) },
          })),
        }
      : {}),
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(finding.fixes.length > 0 ? { fixes: finding.fixes.map(fix) } : {}),
  };
}

function fix({ title, edits }: ReportedFix): object {
  const paths = [...new Set(edits.map((edit) => edit.path))];
  return {
    description: { text: title },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path),
      replacements: edits
        .filter((edit) => edit.path === path)
        .map((edit) => ({
          deletedRegion: region(edit),
          ...(edit.newText === '' ? {} : { insertedContent: { text: edit.newText } }),
        })),
    })),
  };
}

function region({ line, column, endLine, endColumn }: Region): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A relative reference to the source's root; what lies outside of it is named by its own address. */
function artifact(path: string): object {
  const parts = wellFormed(path).split('/');
  const uri = parts.map(encodeURIComponent).join('/');
  // On Windows, what lies on another drive or on a server is outside.
  if (/^[a-z]:$/i.test(parts[0]!)) return { uri: `file:///${parts[0]}/${parts.slice(1).map(encodeURIComponent).join('/')}` };
  if (path.startsWith('//')) return { uri: `file:${uri}` };
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  return path.startsWith('../') ? { uri } : { uri, uriBaseId: '%SRCROOT%' };
}

/**
 * A mark that stays the same when lines above are added: from the line's own text and the rule, and the
 * number among those that are alike. GitHub joins alerts of several runs by it.
 */
function fingerprints(): (finding: ReportedFinding) => string {
  const seen = new Map<string, number>();
  return (finding) => {
    const hash = createHash('sha256')
      .update(`${finding.rule}\0${finding.path}\0${finding.source.replace(/\s+/g, '')}`)
      .digest('hex')
      .slice(0, 16);
    const number = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, number);
    return `${hash}:${number}`;
  };
}
