/**
 * Where the documents of a YAML text begin: ascending offsets, the first 0.
 *
 * A line that begins with `---` or `...` at column 0, followed by white space or the line's end, always
 * ends a document, in quotes and block scalars too; an indented one never does. Source: YAML 1.2.2,
 * production c-forbidden. A `---` line belongs to the document that it begins, a `...` line to the one
 * that it ends.
 */
export function cutYaml(text: string): number[] {
  const starts = [0];
  markers.lastIndex = 0;
  for (let match = markers.exec(text); match; match = markers.exec(text)) {
    const at = match[0].startsWith('-') ? match.index : lineAfter(text, match.index);
    if (at > starts[starts.length - 1]! && at < text.length) starts.push(at);
  }
  return starts;
}

/** Only `\n` ends a line here, as for the parser: JavaScript's own `^` knows other breaks. */
const markers = /(?<![^\n])(?:---|\.\.\.)(?=[ \t\r\n]|$)/g;

function lineAfter(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}
