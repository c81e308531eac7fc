import type { CST } from 'yaml';

/** How deep collections may nest; what lies deeper becomes an UnknownNode. */
export const MAX_DEPTH = 200;

interface Holder {
  key?: CST.Token | null;
  value?: CST.Token | null;
}

/**
 * Cuts off what nests too deep before the library composes the tokens, which it does by recursion:
 * a stack that runs out inside of a regular expression ends the process. The place of a cut
 * collection takes an alias that no anchor answers, and so an UnknownNode. Gives the first cut's offset.
 */
export function pruneDeep(tokens: readonly CST.Token[], text: string): number | undefined {
  let cut: number | undefined;
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  const visit = (holder: Holder, field: 'key' | 'value', depth: number) => {
    const token = holder[field];
    if (!token || !('items' in token)) return;
    if (depth < MAX_DEPTH) {
      stack.push({ token, depth: depth + 1 });
      return;
    }
    const { offset, indent } = token;
    cut = Math.min(cut ?? offset, offset);
    const source = '*' + text.slice(offset + 1, offset + 40).replace(/[\s:]/g, '_');
    holder[field] = { type: 'alias', offset, indent, source };
  };
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { token, depth } = next;
    if (token.type === 'document') visit(token, 'value', depth);
    if (!('items' in token)) continue;
    for (const item of token.items as Holder[]) {
      visit(item, 'key', depth);
      visit(item, 'value', depth);
    }
  }
  return cut;
}
