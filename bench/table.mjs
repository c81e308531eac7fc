/**
 * A measured program. `bound` is the row that the others are divided by; `wall` and `cpu` in seconds, `memory` in bytes.
 * @typedef {{ work: string, who: string, wall?: number, cpu?: number, memory?: number, bound?: Row }} Row
 */

/**
 * A ratio that is to stay below its target.
 * @typedef {{ what: string, ratio: number, target: number }} Goal
 */

const number = (value, digits) => (value === undefined ? '' : value.toFixed(digits));
const times = (row, key) => (row.bound?.[key] && row[key] !== undefined ? ` (${(row[key] / row.bound[key]).toFixed(2)})` : '');

/** All measurements as one table of Markdown, ratios to the bound in brackets. @param {readonly Row[]} rows */
export function rowsAsTable(rows) {
  return table(
    ['work', 'program', 'wall ms', 'CPU ms', 'peak memory MiB'],
    rows.map((row) => [
      row.work,
      row.who,
      row.wall === undefined ? '' : number(row.wall * 1000, 0) + times(row, 'wall'),
      row.cpu === undefined ? '' : number(row.cpu * 1000, 0) + times(row, 'cpu'),
      row.memory === undefined ? '' : number(row.memory / 2 ** 20, 0) + times(row, 'memory'),
    ]),
  );
}

/** The ratios and what they are to reach. @param {readonly Goal[]} goals */
export function goalsAsTable(goals) {
  return table(
    ['ratio', 'measured', 'to reach', ''],
    goals.map(({ what, ratio, target }) => [
      what,
      ratio.toFixed(ratio < 0.1 ? 3 : 2),
      `≤ ${Number(target.toFixed(3))}`,
      ratio <= target ? 'reached' : ratio <= 2 * target ? 'not reached' : 'more than twice',
    ]),
  );
}

function table(head, rows) {
  const widths = head.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}
