import { linesOf, Prose, type Line, type Region } from './region';

const directive = /^([ \t]*)\.\. (?:code-block|code|sourcecode)::[ \t]*([\w+-]*)[ \t]*$/;

/** The code blocks of reStructuredText: what stands in deeper below the directive. */
export function* rstRegions(text: string): Generator<Region> {
  const prose = new Prose();
  let open: { readonly name: string; readonly margin: number; first?: Line; last?: Line } | undefined;
  const finish = function* (): Generator<Region> {
    if (open?.first && open.last) {
      const end = text[open.last.end] === '\r' ? open.last.end + 2 : open.last.end + 1;
      yield {
        name: open.name,
        indent: indentOf(open.first.text),
        start: open.first.start,
        end: Math.min(text.length, end),
        context: prose.around(text, open.last.start),
        closed: true,
      };
    }
    open = undefined;
  };
  for (const line of linesOf(text)) {
    const blank = line.text.trim() === '';
    if (open && (blank || indentOf(line.text) > open.margin)) {
      if (blank || (!open.first && /^[ \t]*:[\w-]+:/.test(line.text))) continue;
      open.first ??= line;
      open.last = line;
      continue;
    }
    yield* finish();
    const found = directive.exec(line.text);
    if (found) open = { name: found[2]!, margin: found[1]!.length };
    else prose.line(line.text, false);
  }
  yield* finish();
}

function indentOf(text: string): number {
  return /^[ \t]*/.exec(text)![0].length;
}
