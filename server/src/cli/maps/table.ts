import { visible } from '../../core/text/visible';
import { accountOf, insteadOf, isInEffect, marks, noteOf, words, workloadOf, type AccessRow, type MapFormat } from './accessRow';

/** What comes of a row, and where its trust policy is. What isn't in effect has no mark. */
function verdictOf(row: AccessRow): string {
  const { decision } = row;
  const policy = row.isTargetAtFault ? row.targetPolicy : row.policy;
  const verdict = isInEffect(row) ? `${marks[decision]} ${words[decision]}` : insteadOf(row);
  return `${verdict}${policy ? ` (${policy.path}:${policy.line})` : ''}`;
}

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
        verdictOf(row),
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
