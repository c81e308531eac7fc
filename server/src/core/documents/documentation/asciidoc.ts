import { lineBreak } from './markdown';
import { linesOf, Prose, type Region } from './region';

const attributes = /^\[(?:source|listing)?[%\w.#-]*[ \t]*(?:,[ \t]*([\w+-]*))?[^\]]*\]$/;
const delimiter = /^(-{4,}|\.{4,}|`{3,})([\w+-]*)$/;

/** The listings and literal blocks of AsciiDoc. */
export function* asciidocRegions(text: string): Generator<Region> {
  const prose = new Prose();
  let named = '';
  let open: { readonly mark: string; readonly name: string; readonly indent: number; readonly start: number } | undefined;
  for (const line of linesOf(text)) {
    const trimmed = line.text.trimEnd();
    if (open) {
      if (trimmed !== open.mark) continue;
      yield { ...open, context: prose.around(text, line.start), end: line.start, closed: true };
      open = undefined;
      continue;
    }
    const list = attributes.exec(trimmed);
    const mark = delimiter.exec(trimmed);
    if (list) named = list[1] ?? '';
    else if (mark) {
      open = { mark: mark[1]!, name: named || mark[2]!, indent: 0, start: Math.min(text.length, line.end + lineBreak(text, line.end)) };
      named = '';
    } else {
      // A title may stand between the attributes and the block.
      if (!trimmed.startsWith('.')) named = '';
      prose.line(trimmed, /^={1,6}\s/.test(trimmed));
    }
  }
}
