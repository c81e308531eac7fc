/** Text as it stands in a snippet. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** A tab stop that holds the first of some texts; of several, the editor offers the others in a list. */
export function stop(number: number, texts: readonly string[], otherwise: string): string {
  if (texts.length > 1) return `\${${number}|${texts.map((text) => escapeSnippet(text).replace(/[,|]/g, '\\$&')).join(',')}|}`;
  return `\${${number}:${escapeSnippet(texts[0] ?? otherwise)}}`;
}

/** A snippet's text for clients that know no snippets: stops become their placeholders. */
export function withoutStops(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|((?:\\.|[^,|\\])*)(?:\\.|[^|\\])*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replace(/\$\d+/g, '')
    .replace(/\\([\\$},|])/g, '$1');
}
