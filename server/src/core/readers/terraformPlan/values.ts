import { entryOf } from '../../syntax/nodes';
import type { Entry, MapNode, Node, ScalarNode } from '../../syntax/tree';
import type { Span } from '../../text/span';
import type { UnknownReason } from '../../text/objects';

/** What a resource will be, as a plan tells it: known values, marks of what is known after apply, marks of what is sensitive. */
export interface Planned {
  readonly value: Node | undefined;
  readonly unknown: Node | undefined;
  readonly sensitive: Node | undefined;
}

/** So deep values nest; what lies deeper is not read. */
const deepest = 60;

/**
 * A resource's values as one tree of literal texts. What the apply will tell is a hole in the place of its mark, with the
 * reason; a sensitive value is never read: it is a hole, too, and stands where the mark of it does.
 * @param address of the resource, for the reasons
 */
export function plannedValues(planned: Planned, address: string): Node | undefined {
  return merge(planned, address, 0);
}

function merge({ value, unknown, sensitive }: Planned, path: string, depth: number): Node | undefined {
  if (isTrue(sensitive)) return hole('(sensitive value)', sensitive!.span, path);
  if (isTrue(unknown)) return hole('(known after apply)', unknown!.span, path);
  if (depth > deepest) return value && hole('(too deep)', value.span, path);
  if (value?.kind === 'list' || (!value && unknown?.kind === 'list')) {
    const [known, marks] = [value?.kind === 'list' ? value.items : [], unknown?.kind === 'list' ? unknown.items : []];
    const secret = sensitive?.kind === 'list' ? sensitive.items : [];
    const items: Node[] = [];
    for (let i = 0; i < Math.max(known.length, marks.length); i++) {
      const item = merge({ value: known[i], unknown: marks[i], sensitive: secret[i] }, `${path}[${i}]`, depth + 1);
      if (item) items.push(item);
    }
    return { kind: 'list', span: (value ?? unknown!).span, items, open: false };
  }
  if (value?.kind === 'map' || ((!value || isNull(value)) && unknown?.kind === 'map' && unknown.entries.length > 0))
    return mergeMaps(value?.kind === 'map' ? value : undefined, unknown, sensitive, path, depth);
  return value?.kind === 'scalar' ? literalScalar(value) : value;
}

function mergeMaps(
  value: MapNode | undefined,
  unknown: Node | undefined,
  sensitive: Node | undefined,
  path: string,
  depth: number,
): MapNode {
  const entries: Entry[] = [];
  const seen = new Set<string>();
  const [marks, secrets] = [byKey(unknown), byKey(sensitive)];
  for (const entry of value?.entries ?? []) {
    const name = entry.key.value;
    seen.add(name);
    const planned = { value: entry.value, unknown: marks.get(name)?.value, sensitive: secrets.get(name)?.value };
    const merged = merge(planned, `${path}.${name}`, depth + 1);
    entries.push({ ...entry, key: literalScalar(entry.key), value: merged, span: isTrue(planned.sensitive) ? merged!.span : entry.span });
  }
  for (const [name, mark] of marks) {
    if (seen.has(name)) continue;
    const merged = merge({ value: undefined, unknown: mark.value, sensitive: secrets.get(name)?.value }, `${path}.${name}`, depth + 1);
    if (merged) entries.push({ ...mark, key: literalScalar(mark.key), value: merged });
  }
  return { kind: 'map', span: (value ?? unknown!).span, entries, open: false };
}

function byKey(node: Node | undefined): ReadonlyMap<string, Entry> {
  return new Map(node?.kind === 'map' ? node.entries.map((entry) => [entry.key.value, entry]) : []);
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

/** A mark: `true` where all of a value is meant. */
export function isTrue(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.type === 'boolean' && node.value === 'true';
}

/** A plan holds values as they are: nothing in them is a placeholder. */
export function literalScalar(scalar: ScalarNode): ScalarNode {
  return scalar.holes.length === 0 ? scalar : { ...scalar, holes: [] };
}

/** The same for all texts of a tree. */
export function literalTree(node: Node): Node {
  switch (node.kind) {
    case 'scalar':
      return literalScalar(node);
    case 'list':
      return { ...node, items: node.items.map(literalTree), open: false };
    case 'map':
      return {
        ...node,
        open: false,
        entries: node.entries.map((entry) => ({ ...entry, key: literalScalar(entry.key), value: entry.value && literalTree(entry.value) })),
      };
    case 'unknown':
      return node;
  }
}

/** A value that the plan does not tell. */
function hole(value: string, span: Span, what: string): ScalarNode {
  const why: UnknownReason = { kind: 'computed', what };
  const holes = [{ start: 0, end: value.length, source: value, named: false, words: value.slice(1, -1), why }];
  const borrowed = [{ start: 0, end: value.length, span }];
  return { kind: 'scalar', type: 'string', value, holes, span, outer: span, encodings: [], quoted: true, map: [[0, span.start]], borrowed };
}

/** A key's value in a map; the first map of a list where a block is written as one. */
export function blockAt(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let at = node;
  for (const key of path) {
    at = entryOf(at?.kind === 'list' ? at.items[0] : at, key)?.value;
  }
  return at;
}
