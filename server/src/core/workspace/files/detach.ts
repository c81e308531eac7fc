/**
 * A deep copy of plain data that holds on to nothing of the text it was cut from. V8 keeps a whole text alive for a
 * string cut from it; each string is copied here, once however often it stands there. Shared objects stay shared, and
 * equal small lists (no holes, the same encodings) become one: facts of closed files are many.
 */
export function detach<T>(value: T): T {
  const strings = new Map<string, string>();
  collect(value, strings, new Set());
  const originals = [...strings.keys()];
  const copies = structuredClone(originals);
  originals.forEach((original, i) => strings.set(original, copies[i]!));
  return copy(value, strings, new Map()) as T;
}

/** Shorter strings are copied by V8 itself. */
const shortest = 13;
const nothing: readonly unknown[] = Object.freeze([]);
/** Lists that facts repeat thousands of times: encodings. Few differ. */
const lists = new Map<string, readonly unknown[]>();
const mostLists = 200;

function collect(value: unknown, strings: Map<string, string>, seen: Set<object>): void {
  if (typeof value === 'string') {
    if (value.length >= shortest) strings.set(value, value);
  } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
    seen.add(value);
    for (const each of Object.values(value)) collect(each, strings, seen);
  }
}

function copy(value: unknown, strings: ReadonlyMap<string, string>, copies: Map<object, unknown>): unknown {
  if (typeof value === 'string') return strings.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list = shared(value) ?? copyList(value, strings, copies);
    copies.set(value, list);
    return list;
  }
  const object: Record<string, unknown> = {};
  copies.set(value, object);
  for (const [key, each] of Object.entries(value)) object[key] = copy(each, strings, copies);
  return object;
}

function copyList(value: readonly unknown[], strings: ReadonlyMap<string, string>, copies: Map<object, unknown>): unknown[] {
  const list: unknown[] = [];
  copies.set(value, list);
  for (const each of value) list.push(copy(each, strings, copies));
  return list;
}

/** The one copy of an empty list, or of a list of encodings. */
function shared(value: readonly unknown[]): readonly unknown[] | undefined {
  if (value.length === 0) return nothing;
  if (!value.every(isEncoding)) return undefined;
  const key = value.map(({ kind, indent }) => `${kind} ${indent ?? ''}`).join();
  const known = lists.get(key);
  if (known || lists.size >= mostLists) return known;
  const list = value.map((encoding) => ({ ...encoding }));
  lists.set(key, list);
  return list;
}

const encodingKinds: readonly unknown[] = ['json', 'yaml-single', 'yaml-plain', 'yaml-block', 'hcl', 'hcl-heredoc', 'url'];

function isEncoding(value: unknown): value is { kind: string; indent?: number } {
  return typeof value === 'object' && value !== null && 'kind' in value && encodingKinds.includes(value.kind);
}
