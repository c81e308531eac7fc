import { visible } from '../../core/text/visible';
import { accountOf, marks, noteOf, words, workloadOf, type MapFormat } from './accessRow';

/** For people. Permissions need AWS, or a snapshot of it: without either a line says so. */
export const table: MapFormat = {
  id: 'table',
  write: (rows) => {
    if (rows.length === 0) return 'No service account in these files uses a role.\n';
    const told = rows.some((row) => row.permissions);
    const head = ['WORKLOAD', 'SERVICE ACCOUNT', 'ROLE', 'TRUST', ...(told ? ['PERMISSIONS'] : [])];
    const lines = rows.map((row) =>
      [
        workloadOf(row) ?? '-',
        accountOf(row) + noteOf(row),
        row.role,
        `${marks[row.decision]} ${words[row.decision]}${row.policy ? ` (${row.policy.path}:${row.policy.line})` : ''}`,
        ...(told ? [row.permissions?.words ?? '-'] : []),
      ].map(visible),
    );
    const widths = head.map((text, i) => Math.max(text.length, ...lines.map((line) => line[i]!.length)));
    const written = [head, ...lines].map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    );
    return `${written.join('\n')}\n${told ? '' : "\nThe roles' permissions aren't in these files: use --profile to read them from AWS, or --snapshot for a file.\n"}`;
  },
};
