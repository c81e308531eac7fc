import type { Fact } from '../model/facts';

/** Facts by file and place, whatever the order in which files were read: the same workspace gives the same answers. */
export function inOrder<F extends Fact>(facts: Iterable<F>): F[] {
  const list = [...facts];
  return list.length < 2 ? list : list.sort(compareFacts);
}

function compareFacts(a: Fact, b: Fact): number {
  const [x, y] = [a.doc, b.doc];
  if (x.uri !== y.uri) return x.uri < y.uri ? -1 : 1;
  return x.index - y.index || a.span.start - b.span.start || a.span.end - b.span.end;
}
