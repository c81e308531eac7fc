import type { Edit } from '../../rules/rule';

/**
 * An insertion that opens something which others may go into as well: a key that isn't there yet, with its first entry. `newText` is
 * head, body and tail.
 */
export interface OpeningEdit extends Edit {
  readonly opens?: { readonly head: string; readonly tail: string };
}

/** The removal of one item of a list. `whole` takes its place where all items leave, each by an edit of its own. */
export interface ItemEdit extends Edit {
  readonly item?: { readonly list: string; readonly index: number; readonly of: number; readonly whole: readonly Edit[] };
}

/** Edits in which a list that loses all its items leaves with its key. */
export function withoutEmptied(edits: readonly ItemEdit[]): readonly Edit[] {
  const lists = new Map<string, Set<number>>();
  for (const { item } of edits) if (item) lists.set(item.list, (lists.get(item.list) ?? new Set()).add(item.index));
  const isEmptied = ({ item }: ItemEdit): boolean => item !== undefined && lists.get(item.list)!.size === item.of;
  const wholes = new Map(edits.filter(isEmptied).map(({ item }) => [item!.list, item!.whole]));
  return wholes.size === 0 ? edits : [...edits.filter((edit) => !isEmptied(edit)), ...[...wholes.values()].flat()];
}

/**
 * Two insertions at one place as one: one after the other, or the second's entries behind the first's where both open the same thing.
 * So several accounts can be moved in one step, although each is written for the text as it is.
 */
export function joinInsertions(first: OpeningEdit, second: OpeningEdit): OpeningEdit {
  const [a, b] = [first.opens, second.opens];
  if (!a || a.head !== b?.head || a.tail !== b.tail) return { ...first, newText: first.newText + second.newText };
  const body = (text: string): string => text.slice(a.head.length, text.length - a.tail.length);
  return { ...first, newText: a.head + body(first.newText) + body(second.newText) + a.tail };
}

/** Marks an insertion as one that opens something; the head and tail are brought to the text's own line ends. */
export function opening(edit: Edit, opens: { readonly head: string; readonly tail: string }): OpeningEdit {
  const own = (text: string): string => (edit.newText.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text);
  const [head, tail] = [own(opens.head), own(opens.tail)];
  const fits = edit.newText.startsWith(head) && edit.newText.endsWith(tail) && edit.newText.length >= head.length + tail.length;
  return fits && edit.span.start === edit.span.end ? { ...edit, opens: { head, tail } } : edit;
}
