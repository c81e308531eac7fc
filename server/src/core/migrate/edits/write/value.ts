import type { Spelling } from '../../types';

/** A text that is put together of known texts and of expressions of the file's language. */
export type Phrase = readonly Spelling[];

/** What is written into a file, whatever its language: maps in order, lists, texts, and words of the language itself (`true`). */
export type Value =
  | { readonly phrase: Phrase }
  | { readonly literal: string }
  | { readonly list: readonly Value[] }
  | { readonly map: readonly Pair[] }
  /** Text of the file that is written again elsewhere in it: what stands behind a key, and the key's column. For block-style YAML. */
  | { readonly source: string; readonly column: number };
export type Pair = readonly [key: Phrase, value: Value];

/** A known text. */
export function text(value: string): Value {
  return { phrase: [{ text: value }] };
}

export function phrase(...parts: readonly (Spelling | string)[]): Phrase {
  return parts.map((part) => (typeof part === 'string' ? { text: part } : part));
}

export function list(values: readonly Value[]): Value {
  return { list: values };
}

/** A map with known keys; entries without a value are left out. */
export function map(entries: Readonly<Record<string, Value | undefined>>): Value {
  return { map: Object.entries(entries).flatMap(([key, value]): Pair[] => (value ? [[phrase(key), value]] : [])) };
}

/** The text where no expression is in it. */
export function plainText(parts: Phrase): string | undefined {
  return parts.every((part) => 'text' in part) ? parts.map((part) => ('text' in part ? part.text : '')).join('') : undefined;
}

/** How a language writes texts and keys; undefined for what it can't write. */
export interface Tongue {
  leaf(parts: Phrase): string | undefined;
  key(parts: Phrase): string | undefined;
}

/** The first part of a value that a language can't write, for messages. */
export function unwritable(value: Value, tongue: Tongue): string | undefined {
  if ('phrase' in value) return tongue.leaf(value.phrase) === undefined ? shown(value.phrase) : undefined;
  if ('literal' in value || 'source' in value) return undefined;
  const inner = 'list' in value ? value.list : value.map.map(([, each]) => each);
  const keys = 'map' in value ? value.map.map(([key]) => key) : [];
  for (const key of keys) if (tongue.key(key) === undefined) return shown(key);
  for (const each of inner) {
    const found = unwritable(each, tongue);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shown(parts: Phrase): string {
  return parts.map((part) => ('text' in part ? part.text : part.expression)).join('');
}
