import { firstLine } from '../../core/text/message';
import { escapeOf, replaceUnseen, withoutRunnerCommands } from '../../core/text/visible';
import { fails, type CheckReport, type ReportFormat, type ReportedFinding } from './report';

/**
 * JUnit's XML as Jenkins, GitLab and Azure read it: a suite a file, a case a finding. Only what makes the
 * command fail is a failure; the rest stands in the output of its case.
 */
export const junit: ReportFormat = {
  id: 'junit',
  write: (report) => {
    const suites = suitesOf(report);
    const total = (kind: keyof Suite['counts']) => suites.reduce((sum, suite) => sum + suite.counts[kind], 0);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="pod-roles" tests="${total('tests')}" failures="${total('failures')}" errors="0" skipped="${total('skipped')}">`,
      ...suites.flatMap((suite) => [
        `  <testsuite name="${xml(suite.name)}" tests="${suite.counts.tests}" failures="${suite.counts.failures}" errors="0" skipped="${suite.counts.skipped}">`,
        ...suite.cases,
        '  </testsuite>',
      ]),
      '</testsuites>',
      '',
    ].join('\n');
  },
};

interface Suite {
  readonly name: string;
  readonly counts: { readonly tests: number; readonly failures: number; readonly skipped: number };
  readonly cases: readonly string[];
}

function suitesOf(report: CheckReport): Suite[] {
  const found = new Map<string, ReportedFinding[]>(report.relevant.map((path) => [path, []]));
  for (const finding of report.findings) {
    const list = found.get(finding.path);
    if (list) list.push(finding);
    else found.set(finding.path, [finding]);
  }
  const suites = [...found].map(([path, findings]): Suite => {
    if (findings.length === 0) {
      return {
        name: path,
        counts: { tests: 1, failures: 0, skipped: 0 },
        cases: [`    <testcase name="no problems" classname="${xml(path)}"/>`],
      };
    }
    const failures = findings.filter((finding) => fails(finding.severity, report.failOn)).length;
    return {
      name: path,
      counts: { tests: findings.length, failures, skipped: 0 },
      cases: findings.flatMap((finding) => testCase(finding, report)),
    };
  });
  for (const { path, reason } of report.skipped) {
    suites.push({
      name: path,
      counts: { tests: 1, failures: 0, skipped: 1 },
      cases: [`    <testcase name="not read" classname="${xml(path)}">`, `      <skipped message="${xml(reason)}"/>`, '    </testcase>'],
    });
  }
  return suites;
}

function testCase(finding: ReportedFinding, report: CheckReport): string[] {
  const where = `${finding.path}:${finding.line}:${finding.column}`;
  const text = `${where}: ${finding.severity}: ${finding.message} (${finding.rule}, ${finding.docs})`;
  return [
    `    <testcase name="${xml(`${finding.rule} at ${finding.line}:${finding.column}`)}" classname="${xml(finding.path)}" file="${xml(finding.path)}" line="${finding.line}">`,
    fails(finding.severity, report.failOn)
      ? `      <failure type="${finding.severity}" message="${xml(firstLine(finding.message))}">${xml(text)}</failure>`
      : `      <system-out>${xml(text)}</system-out>`,
    '    </testcase>',
  ];
}

/** Escapes text for XML 1.0. What XML cannot hold at all is written as on a terminal: `\x1b`. */
function xml(text: string): string {
  const entity = (character: string) => `&#${character.codePointAt(0)!};`;
  const escaped = replaceUnseen(text.replace(/[&<>"']/g, entity).replace(/[\ufffe\uffff]/g, '\ufffd'), (character) =>
    /[\t\n\r]/.test(character) || (character >= '\u007f' && !isHalf(character)) ? entity(character) : escapeOf(character),
  );
  return withoutRunnerCommands(escaped, '&#35;');
}

function isHalf(character: string): boolean {
  return character.length === 1 && character >= '\ud800' && character <= '\udfff';
}
