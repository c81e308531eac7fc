import type { CheckReport, ReportedFinding } from '../../server/src/cli/formats/report';
import type { Rule } from '../../server/src/core/rules/rule';

const rule = (id: string, level: Rule['level'], title: string): Rule => ({
  id,
  level,
  title,
  fixable: true,
  since: '0.1.0',
  source: 'IAM guide',
  checks: {},
});

const docs = (id: string) => `https://example.com/${id}.md`;

const underAud: ReportedFinding = {
  rule: 'subject-under-audience-key',
  severity: 'error',
  path: 'deploy/trust policy é.json',
  line: 11,
  column: 9,
  endLine: 11,
  endColumn: 24,
  message: 'It holds <quotes>, "marks", 50 % & a line\nbreak: colon, comma.',
  docs: docs('subject-under-audience-key'),
  source: '        "x:aud": "y"',
  fixes: [
    {
      title: 'Use :sub for the subject',
      safe: true,
      edits: [{ path: 'deploy/trust policy é.json', line: 11, column: 20, endLine: 11, endColumn: 23, newText: 'sub' }],
    },
    {
      title: 'Remove it',
      safe: false,
      edits: [{ path: 'deploy/trust policy é.json', line: 11, column: 9, endLine: 11, endColumn: 24, newText: '' }],
    },
  ],
  fixable: true,
  related: [{ path: 'deploy/sa.yaml', line: 6, column: 5, endLine: 6, endColumn: 9, message: 'the account that asks' }],
};

/** Everything that a format has to cope with, in one report. */
export const sampleReport: CheckReport = {
  findings: [
    {
      ...underAud,
      rule: 'policy-too-long',
      severity: 'warning',
      path: 'a,b:c.json',
      line: 1,
      column: 1,
      endLine: 3,
      endColumn: 2,
      docs: docs('policy-too-long'),
      fixes: [],
      fixable: false,
      related: [],
    },
    underAud,
    { ...underAud, line: 12, column: 1, endLine: 12, endColumn: 5, related: [], fixes: [], fixable: false },
    {
      ...underAud,
      rule: 'unused-suppression',
      severity: 'info',
      line: 112,
      column: 3,
      endLine: 112,
      endColumn: 3,
      message: 'Control \u001b[31m characters \u0007 and \ud800.',
      docs: docs('unused-suppression'),
      fixes: [],
      fixable: false,
      related: [],
    },
  ],
  skipped: [{ path: 'latin1.yaml', reason: 'not UTF-8: byte 0xE9 at offset 12' }],
  files: 214,
  relevant: ['a,b:c.json', 'clean.yaml', 'deploy/trust policy é.json'],
  chains: { checked: 7, admitted: 6, refused: 0, unknown: 1, withoutPolicy: 1 },
  fixed: [],
  dryRun: false,
  failOn: 'warning',
  rules: [
    rule('policy-too-long', 'warning', 'Too long'),
    rule('subject-under-audience-key', 'error', 'Under :aud'),
    rule('unused-suppression', 'off', 'Unused'),
  ],
  pages: Object.fromEntries(
    ['policy-too-long', 'subject-under-audience-key', 'unused-suppression'].map((id) => [id, `What **${id}** finds.`]),
  ),
  version: '1.2.3',
};

/** The same workspace when all is right. */
export const cleanReport: CheckReport = { ...sampleReport, findings: [], skipped: [] };
