import type { Change } from '../../fixes/edits';
import type { HclBlock, HclBody } from '../../syntax/hcl/body';
import { lineStart } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import { withComments } from './cuts';
import { before, cut, lineEnd, nextLine } from './source';

/** The block at a span, however deep. */
export function blockAt(body: HclBody | undefined, span: Span): HclBlock | undefined {
  let blocks = body?.blocks ?? [];
  for (;;) {
    const around = blocks.find((each) => each.span.start <= span.start && each.span.end >= span.end);
    if (!around) return undefined;
    if (around.span.start === span.start && around.span.end === span.end) return around;
    blocks = around.body.blocks;
  }
}

/**
 * Takes a block out with the lines that it is on, comments on the lines directly above it, and the empty lines before it; those
 * behind it where it is the first in its body.
 */
export function cutBlock(text: string, { span }: { readonly span: Span }, holder: { readonly span: Span } | undefined): Change {
  const isAlone =
    /^[ \t]*$/.test(before(text, span.start)) && /^[ \t]*(?:(?:#|\/\/).*)?$/.test(text.slice(span.end, lineEnd(text, span.end)));
  if (!isAlone) return cut(span.start, span.end);
  const column = before(text, span.start);
  const start = withComments(text, lineStart(text, span.start), column);
  const end = nextLine(text, span.end);
  let from = start;
  while (from > 0 && /^[ \t\r]*$/.test(text.slice(lineStart(text, from - 1), from - 1))) from = lineStart(text, from - 1);
  const isFirst = from === 0 || (holder !== undefined && lineStart(text, holder.span.start) === lineStart(text, from - 1));
  if (!isFirst) return cut(from, end);
  let to = end;
  while (to < text.length && /^[ \t\r]*$/.test(text.slice(to, lineEnd(text, to)))) to = nextLine(text, to);
  return cut(start, to);
}
