import { visible } from '../../core/text/visible';
import { accountDecision, accountOf, isInEffect, markOf, marks, Nodes, noteOf, workloadOf, type MapFormat } from './accessRow';

/** A flow chart that GitHub and GitLab draw in Markdown. */
export const mermaid: MapFormat = {
  id: 'mermaid',
  write: (rows) => {
    const [workloads, accounts, roles] = [new Nodes('w'), new Nodes('s'), new Nodes('r')];
    const lines = new Set<string>();
    for (const row of rows) {
      const decision = accountDecision(row);
      const account = accounts.of(`${row.path}:${row.line}:${accountOf(row)}${noteOf(row)}`).id;
      const role = roles.of(row.role).id;
      lines.add(`  ${account}(["${label(accountOf(row) + noteOf(row))}"])`);
      lines.add(`  ${role}["${label(row.role)}${row.permissions ? `<br/>${label(row.permissions.words)}` : ''}"]`);
      if (row.workload) {
        const workload = workloads.of(`${row.workload.path}:${row.workload.line}:${workloadOf(row)}`).id;
        lines.add(`  ${workload}["${label(workloadOf(row)!)}"]`);
        lines.add(`  ${workload} --> ${account}`);
      }
      lines.add(
        !isInEffect(row)
          ? `  ${account} -. "${markOf(row)}" .-> ${role}`
          : decision === 'denied'
            ? `  ${account} -. "${marks.denied}" .-x ${role}`
            : `  ${account} -- "${markOf(row)}" --> ${role}`,
      );
    }
    return `flowchart LR\n${[...lines].map((line) => `${line}\n`).join('')}`;
  },
};

/** Mermaid reads entities in quoted labels: whatever it could take for its own language (`%%{init}%%`, Markdown, formulas) is written as one. */
function label(text: string): string {
  return visible(text).replace(/[#"&<>`\\%{}$]/g, (c) => `#${c.charCodeAt(0)};`);
}
