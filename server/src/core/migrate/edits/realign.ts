import type { Change } from '../../fixes/edits';
import type { Span } from '../../text/span';
import { before, cut, lineEnd } from './source';

/** `name = value` of a block or an object in braces. */
export interface Pair {
  readonly name: Span;
  readonly span: Span;
}

/**
 * The white space before the signs of what stands around an entry that leaves its lines, as `terraform fmt` has it: signs of entries on
 * neighbouring lines are in one column. Nothing where they weren't before.
 * @param stays true where something on several lines comes in the place of the entry, so that it parts its neighbours
 */
export function realigned(text: string, pairs: readonly Pair[], leaving: Span, stays: boolean): Change[] {
  const ordered = [...pairs].sort((a, b) => a.span.start - b.span.start);
  const at = ordered.findIndex(({ span }) => span.start === leaving.start);
  if (at < 0) return [];
  let [first, last] = [at, at];
  while (first > 0 && areNeighbours(text, ordered[first - 1]!, ordered[first]!)) first--;
  while (last + 1 < ordered.length && areNeighbours(text, ordered[last]!, ordered[last + 1]!)) last++;
  const group = ordered.slice(first, last + 1);
  if (new Set(group.map((pair) => signOf(text, pair))).size !== 1) return [];
  const [above, below] = [ordered.slice(first, at), ordered.slice(at + 1, last + 1)];
  return (stays ? [above, below] : [[...above, ...below]]).flatMap((each) => inOneColumn(text, each));
}

function inOneColumn(text: string, pairs: readonly Pair[]): Change[] {
  const width = Math.max(...pairs.map(({ name }) => name.end - name.start));
  return pairs.flatMap((pair) => {
    const { name } = pair;
    const wanted = name.start + width + 1;
    const sign = name.end + (signOf(text, pair) - (name.end - name.start));
    return sign > wanted ? [cut(wanted, sign)] : [];
  });
}

/** How far behind its start the sign of an entry stands; NaN for one without. */
function signOf(text: string, { name, span }: Pair): number {
  const space = /^ *(?==)/.exec(text.slice(name.end, Math.min(span.end, name.end + 200)))?.[0];
  return space === undefined ? Number.NaN : name.end - name.start + space.length;
}

function isOneLine(text: string, { span }: Pair): boolean {
  return /^[ \t]*$/.test(before(text, span.start)) && !text.slice(span.start, span.end).includes('\n');
}

function areNeighbours(text: string, above: Pair, below: Pair): boolean {
  if (!isOneLine(text, above) || !isOneLine(text, below)) return false;
  return /^\r?\n[ \t]*$/.test(text.slice(lineEnd(text, above.span.end), below.span.start));
}
