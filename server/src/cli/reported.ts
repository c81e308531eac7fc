import { roleOfTrustUri } from '../core/model/awsUri';
import { isFixable } from '../core/fixes/offers';
import { docsUrl } from '../core/rules/docsUrl';
import type { Finding, Fix } from '../core/rules/rule';
import type { Place } from '../core/syntax/sourceFile';
import { byCodeUnits, relativePath, toPath } from '../host/paths';
import { noteProgress } from './coldStart';
import type { Region, ReportedFinding, ReportedFix } from './formats/report';
import type { Group } from './load';

/** All findings of a group as they are reported, in the order of contract.md. */
export function reportedFindings(group: Group, cwd: string, progress: (done: number, all: number) => void): ReportedFinding[] {
  const found: ReportedFinding[] = [];
  const lines = new SourceLines(group);
  let done = 0;
  const uris = Array.from(group.workspace.checkable()).filter((uri) => group.files.has(uri));
  for (const uri of uris) {
    for (const finding of group.workspace.check(uri)) found.push(reported(finding, group, cwd, lines));
    progress(++done, uris.length);
    noteProgress();
  }
  return found;
}

/** By path, line, column, rule; then by what tells two findings at one place apart. */
export function byPlace(a: ReportedFinding, b: ReportedFinding): number {
  return (
    byCodeUnits(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    byCodeUnits(a.rule, b.rule) ||
    a.endLine - b.endLine ||
    a.endColumn - b.endColumn ||
    byCodeUnits(a.message, b.message)
  );
}

/** A place for people and scripts: path and region. */
export function locate(place: Place, group: Group, cwd: string): Region & { readonly path: string } {
  const { uri } = place.doc;
  const start = group.workspace.position(place.doc, place.span.start) ?? { line: 0, character: 0 };
  const end = group.workspace.position(place.doc, place.span.end) ?? start;
  return {
    // A role's policy in AWS has no path; its ARN says where it is.
    path: group.files.get(uri)?.path ?? roleOfTrustUri(uri) ?? relativePath(cwd, toPath(uri)),
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function reported(finding: Finding, group: Group, cwd: string, lines: SourceLines): ReportedFinding {
  let fixes: readonly ReportedFix[] | undefined;
  return {
    rule: finding.rule,
    severity: finding.level,
    message: finding.message,
    ...locate(finding.at, group, cwd),
    docs: docsUrl(finding.rule),
    // Fixes are judged when a format wants them, and the text is read again: most formats want one or none of the two.
    get fixes() {
      return (fixes ??= finding.fixes.map((fix) => reportedFix(fix, group, cwd)));
    },
    get fixable() {
      return isFixable(finding);
    },
    ...(finding.otherSideOf ? { otherSideOf: finding.otherSideOf.map((place) => locate(place, group, cwd)) } : {}),
    related: finding.related.map(({ at, message }) => ({ ...locate(at, group, cwd), message })),
    get source() {
      return lines.of(finding);
    },
  };
}

function reportedFix(fix: Fix, group: Group, cwd: string): ReportedFix {
  return {
    title: fix.title,
    safe: fix.safe,
    get edits() {
      return fix.edits.map((edit) => ({ ...locate(edit, group, cwd), newText: edit.newText }));
    },
  };
}

/** Of a longer line only what stands around a finding is its source: a minified file is one line. */
const longLine = 10_000;

/** The lines in which findings begin. Keeps the text of the last file: findings come file by file. */
class SourceLines {
  private uri: string | undefined;
  private text = '';

  constructor(private readonly group: Group) {}

  of({ at }: Finding): string {
    const { uri } = at.doc;
    if (uri !== this.uri) [this.uri, this.text] = [uri, this.group.files.get(uri)?.content.text ?? ''];
    const offset = at.doc.start + at.span.start;
    const least = Math.max(0, offset - longLine);
    const around = this.text.slice(least, offset + longLine);
    const before = offset - least;
    const head = around.slice(0, before);
    const start = Math.max(head.lastIndexOf('\n'), head.lastIndexOf('\r')) + 1;
    const end = around.slice(before).search(/[\r\n]/);
    return around.slice(start, end < 0 ? around.length : before + end);
  }
}
