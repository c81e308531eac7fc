import type { MapGraph } from './graph';

const signs = { allowed: '✓', denied: '✗', unknown: '?', overridden: 'overridden', perhaps: 'if the association applies' } as const;

/** The map as a Mermaid flow chart, which GitHub and GitLab draw in Markdown. */
export function mapMermaid({ nodes, edges }: MapGraph): string {
  const ids = new Map(nodes.map(({ id }, i) => [id, `n${i + 1}`]));
  const lines = nodes.map(({ id, column, label }) => {
    const text = `"${escaped(label)}"`;
    return `  ${ids.get(id)}${column === 1 ? `([${text}])` : `[${text}]`}`;
  });
  for (const { from, to, verdict } of edges) {
    const arrow =
      verdict === undefined
        ? '-->'
        : verdict === 'denied'
          ? `-. "${signs.denied}" .-x`
          : verdict === 'allowed'
            ? `-- "${signs.allowed}" -->`
            : `-. "${signs[verdict]}" .->`;
    lines.push(`  ${ids.get(from)} ${arrow} ${ids.get(to)}`);
  }
  return `flowchart LR\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** Mermaid reads entities in quoted labels: what it could take for its own language (`%%{init}%%`, Markdown, formulas) is one. */
function escaped(text: string): string {
  return text.replace(/[#"&<>`\\%{}$\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => `#${character.codePointAt(0)!};`);
}
