import { linesOf, Prose, type Region } from './region';

const opening = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})[ \t]*([^`]*)$/;
const closing = /^[ \t]*(`{3,}|~{3,})[ \t]*$/;

/** The code fences of Markdown, those of lists included. Source: CommonMark 0.31, 4.5 Fenced code blocks. */
export function* markdownRegions(text: string): Generator<Region> {
  const prose = new Prose();
  let open:
    | { readonly fence: string; readonly name: string; readonly indent: number; readonly start: number; readonly context: string }
    | undefined;
  for (const line of linesOf(text)) {
    if (open) {
      const close = closing.exec(line.text)?.[1];
      if (close === undefined || close[0] !== open.fence[0] || close.length < open.fence.length) continue;
      yield { ...open, context: prose.around(text, line.start), end: line.start, closed: true };
      open = undefined;
      continue;
    }
    const found = opening.exec(line.text);
    if (found) {
      const name = /^\{?\s*\.?([\w+-]*)/.exec(found[3]!.trim())![1]!;
      open = {
        fence: found[2]!,
        name,
        indent: found[1]!.length,
        start: Math.min(text.length, line.end + lineBreak(text, line.end)),
        context: '',
      };
    } else prose.line(line.text, /^ {0,3}#{1,6}(\s|$)/.test(line.text));
  }
  if (open) yield { ...open, end: text.length, closed: false };
}

/** The length of the line break at an offset. */
export function lineBreak(text: string, offset: number): number {
  return text[offset] === '\r' && text[offset + 1] === '\n' ? 2 : text[offset] === '\n' ? 1 : 0;
}
