import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../../../syntax/tree';
import { literal } from '../../../text/texts';
import type { KnownList } from '../texts';
import { combined, isNothing } from './alternatives';
import { argumentsOf, first, scalars, type Call, type Functions } from './arguments';
import type { Evaluator } from './evaluator';
import { equals, sizeOf, truth } from './operations';
import { mapOf, number, oneOf } from './repeated';

/** Functions on lists and maps. Source: Terraform's documentation, collection functions. */
export const collectionFunctions: Functions = {
  tolist: first,
  toset: distinct,
  tomap: first,
  distinct,
  sort: first,
  reverse(expression, evaluator) {
    const list = first(expression, evaluator);
    return list?.kind === 'list' ? { ...list, items: [...list.items].reverse() } : undefined;
  },
  compact(expression, evaluator) {
    const list = first(expression, evaluator);
    return list?.kind === 'list' ? { ...list, items: list.items.filter((item) => !isNothing(item)) } : undefined;
  },
  concat(expression, evaluator) {
    const lists = argumentsOf(expression, evaluator);
    return lists && concat(expression, lists, evaluator);
  },
  setunion(expression, evaluator) {
    const lists = argumentsOf(expression, evaluator);
    return lists && concat(expression, lists, evaluator);
  },
  flatten(expression, evaluator) {
    const list = first(expression, evaluator);
    return list?.kind === 'list' ? flat(list, expression, evaluator) : undefined;
  },
  merge(expression, evaluator) {
    const maps = argumentsOf(expression, evaluator) ?? [{ kind: 'unknown', span: expression.span, source: '' } satisfies Node];
    const entries = new Map<string, Entry>();
    let open = false;
    for (const map of maps.flatMap((each) => (isNothing(each) ? [] : [each]))) {
      if (map.kind !== 'map') open = true;
      else {
        open ||= map.open;
        if (!evaluator.module.run.take(map.entries.length)) return undefined;
        for (const entry of map.entries) entries.set(entry.key.value, joined(entries.get(entry.key.value), entry, expression, evaluator));
      }
    }
    return { kind: 'map', span: expression.span, entries: [...entries.values()], open } satisfies MapNode;
  },
  keys(expression, evaluator) {
    const map = first(expression, evaluator);
    if (map?.kind !== 'map') return undefined;
    return { kind: 'list', span: expression.span, items: sorted(map).map(({ key }) => key), open: map.open };
  },
  values(expression, evaluator) {
    const map = first(expression, evaluator);
    if (map?.kind !== 'map') return undefined;
    return { kind: 'list', span: expression.span, items: sorted(map).flatMap(({ value }) => value ?? []), open: map.open };
  },
  zipmap(expression, evaluator) {
    const [keys, values] = expression.args.map((arg) => evaluator.evaluate(arg));
    if (keys?.kind !== 'list' || values?.kind !== 'list' || keys.open || values.open) return undefined;
    const pairs = keys.items.flatMap((key, i): (readonly [ScalarNode, Node])[] => (key.kind === 'scalar' && values.items[i] ? [[key, values.items[i]]] : [])); // prettier-ignore
    return mapOf(pairs, expression.span);
  },
  length(expression, evaluator) {
    const value = first(expression, evaluator);
    if (!value) return undefined;
    const text = value.kind === 'scalar' ? literal(value) : undefined;
    const sizes = oneOf(value).map((each) => (each.kind === 'scalar' ? undefined : sizeOf(each)));
    const { orNone, items }: Partial<KnownList> = value.kind === 'list' ? value : {};
    if (orNone && items?.length) return combined([number(items.length, expression.span), number(0, expression.span)], expression.span, evaluator.sourceOf(expression.span)); // prettier-ignore
    const size =
      text !== undefined && value.kind === 'scalar' && value.type === 'string' ? text.length : sizes.length === 1 ? sizes[0] : undefined;
    return size === undefined ? undefined : number(size, expression.span);
  },
  contains(expression, evaluator) {
    const [list, item] = expression.args.map((arg) => evaluator.evaluate(arg));
    if (list?.kind !== 'list' || !item || !evaluator.module.run.take(list.items.length)) return undefined;
    const found = list.items.map((each) => equals(each, item));
    return truth(found.includes(true) ? true : list.open || found.includes(undefined) ? undefined : false, expression.span);
  },
  slice(expression, evaluator) {
    const [list, from, to] = expression.args.map((arg) => evaluator.evaluate(arg));
    const [start, end] = [from, to].map((each) => (each?.kind === 'scalar' ? Number(literal(each)) : NaN)) as [number, number];
    return list?.kind === 'list' && !list.open && Number.isInteger(start) && Number.isInteger(end)
      ? { ...list, items: list.items.slice(start, end) }
      : undefined;
  },
  range(expression, evaluator) {
    const numbers = scalars(expression, evaluator, 1).map((each) => Number(literal(each)));
    const [start, end, step = 1] = numbers.length === 1 ? [0, numbers[0]!] : numbers;
    if (start === undefined || end === undefined || ![start, end, step].every(Number.isInteger) || step <= 0) return undefined;
    const count = Math.max(0, Math.ceil((end - start) / step));
    if (count > 10_000 || !evaluator.module.run.take(count)) return undefined;
    return { kind: 'list', span: expression.span, items: Array.from({ length: count }, (_, i) => number(start + i * step, expression.span)), open: false }; // prettier-ignore
  },
};

function distinct(expression: Call, evaluator: Evaluator): Node | undefined {
  const list = first(expression, evaluator);
  if (list?.kind !== 'list') return list;
  const seen = new Set<string>();
  const items = list.items.filter((item) => {
    if (item.kind !== 'scalar' || item.holes.length > 0) return true;
    return seen.size < seen.add(item.value).size;
  });
  return items.length === list.items.length ? list : { ...list, items };
}

/** What a later map says of a key, over what an earlier one said. */
function joined(before: Entry | undefined, entry: Entry, expression: Call, evaluator: Evaluator): Entry {
  if (!before?.value || !entry.conditional || !entry.value) return entry;
  const value = combined([entry.value, before.value], expression.span, evaluator.sourceOf(expression.span));
  const { conditional: _conditional, ...own } = entry;
  return { ...own, value, ...(before.conditional ? { conditional: true } : {}) };
}

/** A map's entries, the last of equal keys, as Terraform orders them. */
function sorted(map: MapNode): Entry[] {
  const entries = new Map(map.entries.map((entry) => [entry.key.value, entry]));
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, entry]) => entry);
}

/** Items of several lists; lists that are not known leave the whole open. */
function concat({ span }: Call, nodes: readonly Node[], { module }: Evaluator): ListNode | undefined {
  if (!module.run.take(nodes.reduce((sum, node) => sum + (node.kind === 'list' ? node.items.length : 1), 0))) return undefined;
  const items: Node[] = [];
  let open = false;
  // Behind a list that may be empty, all items move.
  let orNone = true;
  for (const node of nodes) {
    if (node.kind === 'list') {
      for (const item of node.items) items.push(item);
      open ||= node.open;
      orNone &&= !node.open || (node as KnownList).orNone === true;
    } else open = true;
  }
  const some = items.filter((item) => !isNothing(item));
  // `concat(role[*].arn, [""])[0]`: the role, or nothing.
  const isOne = open && orNone && some.length === 1 && items.indexOf(some[0]!) === 0 && nodes.every((node) => node.kind === 'list');
  return { kind: 'list', span, items: isOne ? some : items, open, ...(isOne ? { orNone: true } : {}) } satisfies KnownList;
}

function flat(list: ListNode, expression: Call, { module }: Evaluator): ListNode | undefined {
  const items: Node[] = [];
  let open = list.open;
  const queue = [...list.items].reverse();
  for (let item = queue.pop(); item; item = queue.pop()) {
    if (!module.run.take()) return undefined;
    if (item.kind === 'list') {
      open ||= item.open;
      for (let i = item.items.length - 1; i >= 0; i--) queue.push(item.items[i]!);
    } else {
      open ||= isOpaqueItem(item);
      items.push(item);
    }
  }
  return { kind: 'list', span: expression.span, items, open };
}

function isOpaqueItem(node: Node): boolean {
  return node.kind === 'unknown' || (node.kind === 'scalar' && node.holes.length > 0 && node.value === node.holes[0]!.source);
}
