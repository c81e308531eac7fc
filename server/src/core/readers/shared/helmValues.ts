import type { Entry, MapNode, Node, ScalarNode } from '../../syntax/tree';
import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import { documentOffset, documentSpan } from '../../text/texts';

/** One `set` of a release: a path of Helm's, and what it sets there; no value where it is not told. */
export interface HelmSetting {
  readonly path: ScalarNode;
  readonly value: Node | undefined;
  readonly span: Span;
}

/** How deep values are merged; below, the later one counts as a whole. */
const deepest = 60;
/** So many entries are merged: a text without aliases has no more. Past it, what comes later is not merged and leaves all open. */
const mostEntries = 200_000;
/** The longest list that a path builds. Helm's own limit is 65,536. */
const longestList = 1000;

/** A value under construction: a node as it was read, or a map or list that was made of several. */
type Draft = Node | DraftMap | DraftList;

class DraftMap {
  readonly kind = 'draft-map';
  readonly entries = new Map<string, { readonly entry: Omit<Entry, 'value'>; value: Draft | undefined }>();
  /** Entries whose keys are not known. */
  readonly unnamed: Entry[] = [];

  constructor(
    public span: Span,
    public open: boolean,
  ) {}
}

class DraftList {
  readonly kind = 'draft-list';
  readonly items: (Draft | undefined)[] = [];

  constructor(
    public span: Span,
    public open: boolean,
  ) {}
}

/**
 * The values of one Helm release as one tree: later layers over earlier ones, then the settings in their order, as Helm
 * merges them: maps key by key, everything else as a whole, a null takes a key away. Parts keep the places where they
 * stand, so that all layers must be of one document (or carry places in it). A layer that is not known leaves the tree open.
 * Source: helm pkg/chartutil/coalesce.go, pkg/cli/values/options.go, pkg/strvals/parser.go.
 * @param layers the trees of the values files and of what is written inline, in the order in which Helm takes them
 * @param span where the release's values stand, for a tree that none of the layers gives
 */
export function mergeHelmValues(layers: readonly Node[], settings: readonly HelmSetting[], span: Span): MapNode {
  const merger = new Merger();
  const root = new DraftMap(layers.find(({ kind }) => kind === 'map')?.span ?? span, false);
  for (const layer of layers) merger.lay(root, layer, 0);
  for (const setting of settings) merger.set(root, setting);
  return finished(root, false) as MapNode;
}

class Merger {
  private left = mostEntries;

  /** Lays a node over a map. */
  lay(below: DraftMap, above: Node, depth: number): void {
    if (above.kind !== 'map') {
      // Null and an empty text are no values; a template, a variable or a list is something not told.
      if (above.kind !== 'scalar' || above.holes.length > 0) below.open = true;
      return;
    }
    if (above.open) below.open = true;
    const own = new Set<string>();
    for (const { key, merged } of above.entries) if (!merged) own.add(key.value);
    for (const { value, ...entry } of above.entries) {
      if (--this.left < 0) {
        below.open = true;
        return;
      }
      if (entry.merged && own.has(entry.key.value)) continue;
      if (entry.key.holes.length > 0) below.unnamed.push({ ...entry, value });
      else this.put(below, entry, value, depth);
    }
  }

  private put(map: DraftMap, entry: Omit<Entry, 'value'>, value: Node | undefined, depth: number): void {
    const name = entry.key.value;
    const before = map.entries.get(name)?.value;
    if (value === undefined || (value.kind === 'scalar' && value.type === 'null')) {
      // In the first layer a key without a value stays one, for what a reader says of it.
      if (before === undefined && !map.entries.has(name)) map.entries.set(name, { entry, value });
      else map.entries.delete(name);
      return;
    }
    const known = before && value.kind === 'map' && depth < deepest ? this.mapOf(before) : undefined;
    if (known) this.lay(known, value, depth + 1);
    // What was not told may hold more than what is laid over it.
    else if (before && isUntold(before) && value.kind === 'map') {
      map.entries.set(name, { entry, value: { ...value, open: true } });
      return;
    }
    map.entries.set(name, { entry, value: known ?? value });
  }

  /** A draft of a map as one that can be changed; undefined for what is none. */
  private mapOf(draft: Draft): DraftMap | undefined {
    if (draft.kind === 'draft-map') return draft;
    if (draft.kind !== 'map') return undefined;
    const map = new DraftMap(draft.span, false);
    this.lay(map, draft, deepest);
    return map;
  }

  set(root: DraftMap, { path, value, span }: HelmSetting): void {
    const steps = helmPath(path);
    if (path.holes.length > 0 || !steps) {
      root.open = true;
      return;
    }
    let at: DraftMap | DraftList = root;
    for (const [i, step] of steps.entries()) {
      if (--this.left < 0) {
        root.open = true;
        return;
      }
      const last = i === steps.length - 1;
      const next: Draft | undefined = last ? undefined : this.holderFor(childOf(at, step), steps[i + 1]!, span);
      if (at.kind === 'draft-list') {
        const index = step.index!;
        while (at.items.length < index) at.items.push(undefined);
        at.items[index] = last ? value : next;
      } else {
        const name = step.key.value;
        const entry = { key: { ...step.key, kind: 'scalar' as const, type: 'string' as const }, span, merged: false };
        if (!last) at.entries.set(name, { entry, value: next });
        else if (value === undefined) {
          at.open = true;
          at.entries.set(name, { entry, value: { kind: 'unknown', span, source: '' } });
        } else if (value.kind === 'scalar' && value.type === 'null') at.entries.delete(name);
        else at.entries.set(name, { entry, value });
      }
      if (next?.kind !== 'draft-map' && next?.kind !== 'draft-list') return;
      at = next;
    }
  }

  /** What stands at a step, as something that the next step can go into: made anew where it is of another kind. */
  private holderFor(before: Draft | undefined, next: Step, span: Span): DraftMap | DraftList {
    if (next.index !== undefined) {
      if (before?.kind === 'draft-list') return before;
      const list = new DraftList(before?.span ?? span, before !== undefined && isUntold(before));
      if (before?.kind === 'list') {
        list.items.push(...before.items.slice(0, longestList));
        list.open ||= before.open || before.items.length > longestList;
      }
      return list;
    }
    return (before && this.mapOf(before)) ?? new DraftMap(before?.span ?? span, before !== undefined && isUntold(before));
  }
}

function childOf(holder: DraftMap | DraftList, step: Step): Draft | undefined {
  return holder.kind === 'draft-list' ? holder.items[step.index!] : holder.entries.get(step.key.value)?.value;
}

function isUntold(draft: Draft): boolean {
  return draft.kind === 'unknown' || (draft.kind === 'scalar' && draft.holes.length > 0);
}

/** The tree; what lies in an open map may have been written over, too. */
function finished(draft: Draft, open: boolean, opened = new Map<Node, Node>(), depth = 0): Node {
  if (draft.kind === 'draft-map') {
    const isOpen = open || draft.open;
    const entries = [...draft.entries.values()].map(({ entry, value }): Entry => ({
      ...entry,
      value: value && finished(value, isOpen, opened, depth + 1),
    }));
    return { kind: 'map', span: draft.span, entries: [...entries, ...draft.unnamed], open: isOpen };
  }
  if (draft.kind === 'draft-list') {
    const items = draft.items.map((item): Node =>
      item ? finished(item, open, opened, depth + 1) : { kind: 'unknown', span: draft.span, source: '' },
    );
    return { kind: 'list', span: draft.span, items, open: open || draft.open };
  }
  if (!open || draft.kind !== 'map' || depth > deepest) return draft;
  // Aliases share nodes: each is made once.
  let map = opened.get(draft);
  if (!map) {
    const entries = draft.entries.map((entry) =>
      entry.value ? { ...entry, value: finished(entry.value, true, opened, depth + 1) } : entry,
    );
    opened.set(draft, (map = { ...draft, entries, open: true }));
  }
  return map;
}

/** One step of a Helm path: a key, or the place in a list. */
export interface Step {
  readonly key: Text;
  readonly index?: number;
}

/**
 * The steps of a Helm path (`a.b\.c[0].d`): split at dots, a backslash takes the next character as it is. Undefined for one
 * that Helm refuses, or that builds a list longer than is read. Source: helm pkg/strvals.
 */
export function helmPath(name: Text): Step[] | undefined {
  const steps: Step[] = [];
  let start = 0;
  let value = '';
  let map: [number, number][] = [[0, documentOffset(name, 0)]];
  const finish = (end: number): void => {
    const span = documentSpan(name, start, end);
    steps.push({ key: { value, holes: [], span, outer: span, map, encodings: name.encodings, quoted: name.quoted } });
  };
  const begin = (at: number): void => {
    start = at;
    value = '';
    map = [[0, documentOffset(name, start)]];
  };
  let closed = false;
  for (let i = 0; i < name.value.length; i++) {
    const character = name.value[i]!;
    if (character === '.') {
      if (!closed) finish(i);
      closed = false;
      begin(i + 1);
    } else if (character === '[' && (closed || i > start)) {
      const [whole, digits] = /^\[(\d{1,5})\]/.exec(name.value.slice(i, i + 7)) ?? [];
      if (whole === undefined || Number(digits) >= longestList) return undefined;
      if (!closed) finish(i);
      begin(i);
      const span = documentSpan(name, i, i + whole.length);
      const key = { value: whole, holes: [], span, outer: span, map, encodings: name.encodings, quoted: name.quoted };
      steps.push({ key, index: Number(digits) });
      closed = true;
      i += whole.length - 1;
    } else if (closed) return undefined;
    else if (character === '\\' && i + 1 < name.value.length) {
      i++;
      map.push([value.length, documentOffset(name, i)]);
      value += name.value[i];
    } else value += character;
  }
  if (!closed) finish(name.value.length);
  return steps.length > deepest || steps.some(({ key }) => key.value === '') ? undefined : steps;
}
