import type { PolicyDocument, Statement } from '../../model/policy';
import type { Text } from '../../text/text';

/** The properties that say where and how a text is written. They don't change what a policy means. */
const places: ReadonlySet<string> = new Set([
  'span',
  'outer',
  'map',
  'encodings',
  'borrowed',
  'quoted',
  'statementSpan',
  'quotaLength',
  'form',
  'index',
  'problems',
]);

const meanings = new WeakMap<PolicyDocument | Statement, string>();

/** What a policy or a statement says, as a text that is the same for equal ones, wherever and however they are written. */
export function meaningOf(part: PolicyDocument | Statement): string {
  let meaning = meanings.get(part);
  if (meaning === undefined)
    meanings.set(part, (meaning = JSON.stringify(part, (key, value: unknown) => (places.has(key) ? undefined : value))));
  return meaning;
}

/** A text with its identity: two of the same symbol are the same text, whatever stands in their holes. */
export interface Named {
  readonly text: Text;
  readonly symbol: string;
}

/**
 * Names a text. A hole is what its identity says, else what a named source stands for; one that has neither is known by its
 * place alone.
 * @param place the same for one place of equal statements, and for no other
 */
export function named(text: Text, place: string): Named {
  if (text.holes.length === 0) return { text, symbol: `=${text.value}` };
  const parts: unknown[] = [];
  let from = 0;
  for (const [i, hole] of text.holes.entries()) {
    parts.push(text.value.slice(from, hole.start));
    if (hole.identity !== undefined) parts.push({ identity: hole.identity });
    else parts.push(hole.named ? { source: hole.source } : { place: `${place}.${i}` });
    from = hole.end;
  }
  parts.push(text.value.slice(from));
  return { text, symbol: JSON.stringify(parts) };
}
