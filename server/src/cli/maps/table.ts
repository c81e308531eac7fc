import { visible } from '../words';
import { accountOf, marks, words, workloadOf, type MapFormat } from './accessRow';

/** For people. Permissions need AWS, so the column says so. */
export const table: MapFormat = {
  id: 'table',
  write: (rows) => {
    if (rows.length === 0) return 'No service account of these files asks for a role.\n';
    const head = ['WORKLOAD', 'SERVICE ACCOUNT', 'ROLE', 'TRUST'];
    const lines = rows.map((row) => [
      workloadOf(row) ?? '-', accountOf(row), row.role, `${marks[row.decision]} ${words[row.decision]}${row.policy ? ` (${row.policy.path}:${row.policy.line})` : ''}`,
    ].map(visible));
    const widths = head.map((text, i) => Math.max(text.length, ...lines.map((line) => line[i]!.length)));
    const written = [head, ...lines].map((line) => line.map((text, i) => text.padEnd(widths[i]!)).join('  ').trimEnd());
    return `${written.join('\n')}\n\nWhat a role may do is not in these files: permissions are not shown.\n`;
  },
};
