import { visible } from '../../core/text/visible';
import { accountDecision, accountOf, isInEffect, markOf, Nodes, noteOf, workloadOf, type MapFormat } from './accessRow';

/** A graph for Graphviz. */
export const dot: MapFormat = {
  id: 'dot',
  write: (rows) => {
    const [workloads, accounts, roles] = [new Nodes('w'), new Nodes('s'), new Nodes('r')];
    const lines = new Set<string>();
    for (const row of rows) {
      const decision = accountDecision(row);
      const account = accounts.of(`${row.path}:${row.line}:${accountOf(row)}${noteOf(row)}`).id;
      const role = roles.of(row.role).id;
      lines.add(`  ${account} [label=${quoted(accountOf(row) + noteOf(row))}, shape=ellipse];`);
      lines.add(`  ${role} [label=${quoted(row.role, row.permissions?.words)}, shape=box];`);
      if (row.workload) {
        const workload = workloads.of(`${row.workload.path}:${row.workload.line}:${workloadOf(row)}`).id;
        lines.add(`  ${workload} [label=${quoted(workloadOf(row))}, shape=component];`);
        lines.add(`  ${workload} -> ${account};`);
      }
      lines.add(
        `  ${account} -> ${role} [label=${quoted(markOf(row))}${decision === 'allowed' && isInEffect(row) ? '' : ', style=dashed'}];`,
      );
    }
    return `digraph access {\n  rankdir=LR;\n${[...lines].map((line) => `${line}\n`).join('')}}\n`;
  },
};

/** A quoted string of DOT, a line each: only the quote is special, and a backslash would begin an escape in a label. */
function quoted(...texts: readonly (string | undefined)[]): string {
  return `"${texts
    .filter((text) => text !== undefined)
    .map((text) => visible(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"'))
    .join('\\n')}"`;
}
