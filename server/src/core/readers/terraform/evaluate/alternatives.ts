import type { Entry, MapNode, Node, ScalarNode } from '../../../syntax/tree';
import type { ObjectReference, UnknownReason } from '../../../text/objects';
import type { Span } from '../../../text/span';
import { borrowedScalar, holeText, known, type Known, type KnownList } from '../texts';

/** So many values that one may be are kept apart. */
const most = 16;

/**
 * A value that is one of several, for a condition that is not known decides: where they agree that value, of maps and lists
 * what they have in common, else a hole that knows them. Nothing (null, an empty text) beside something is no value of its own.
 * @param source what decides, as people write it
 */
export function combined(nodes: readonly Node[], span: Span, source: string, why?: UnknownReason): Node {
  const all = nodes.flatMap((node) => (isScalar(node) ? (node.alternatives ?? [node]) : [node]));
  const some = all.filter((node) => !isNothing(node));
  const distinct = some.length > 100 ? some : different(some);
  const [first] = distinct;
  if (!first) return all[0] ?? borrowedScalar(holeText(source, false, undefined, why), span);
  const isSure = some.length === all.length;
  if (distinct.length === 1 && first.kind !== 'map') return isSure ? first : orNothing(first);
  if (distinct.length === 1 && isSure) return first;
  if (distinct.every((node) => node.kind === 'map')) return combinedMaps(distinct, all.length, span, source);
  if (distinct.every((node) => node.kind === 'list')) {
    const items = distinct.flatMap((node) => node.items);
    return { kind: 'list', span, items: items.length > 100 ? items : different(items), open: true };
  }
  const refers = referenceToOne(distinct, source);
  return {
    ...borrowedScalar(
      holeText(source, !distinct.some(changes), undefined, why),
      span,
      distinct.every((node) => isScalar(node) && node.quoted),
    ),
    ...(distinct.length <= most ? { alternatives: distinct } : {}),
    ...(refers ? { refers } : {}),
    ...(isSure ? {} : { maybe: true }),
  };
}

/** A value that may not be there. */
export function orNothing(node: Node): Node {
  if (isScalar(node)) return known({ ...node, maybe: true });
  return node.kind === 'list' ? ({ ...node, open: true, ...(node.open ? {} : { orNone: true }) } satisfies KnownList) : node;
}

function different(nodes: readonly Node[]): Node[] {
  return nodes.filter((node, i) => nodes.findIndex((other) => isSame(node, other)) === i);
}

function combinedMaps(maps: readonly MapNode[], of: number, span: Span, source: string): MapNode {
  const found = new Map<string, Entry[]>();
  for (const { entries } of maps) {
    for (const entry of entries) {
      const same = found.get(entry.key.value);
      if (same) same.push(entry);
      else found.set(entry.key.value, [entry]);
    }
  }
  const entries = [...found].map(([key, each]): Entry => {
    const values = each.flatMap(({ value }) => value ?? []);
    const value = values.length === 0 ? undefined : combined(values, span, `${source}.${key}`);
    return { ...each[0]!, value, ...(each.length < of ? { conditional: true } : {}) };
  });
  return { kind: 'map', span, entries, open: maps.some(({ open }) => open) || entries.some(({ conditional }) => conditional) };
}

/** The objects of which one is referred to; undefined where none is, or it is not the same attribute of each. */
function referenceToOne(nodes: readonly Node[], source: string): ObjectReference | undefined {
  const references = nodes.flatMap((node) => (isScalar(node) && node.refers ? [node.refers] : []));
  const [first] = references;
  if (!first || references.some(({ attribute }) => attribute !== first.attribute)) return undefined;
  const open = references.length < nodes.length || references.some((each) => each.open);
  const objects = [...new Set(references.flatMap((each) => each.objects))];
  return { objects, attribute: first.attribute, ...(open ? { open } : {}), written: references.length === 1 ? first.written : source };
}

function isScalar(node: Node): node is Known {
  return node.kind === 'scalar';
}

/** Null, an empty text, a map or list that surely holds nothing. */
export function isNothing(node: Node): boolean {
  if (node.kind === 'scalar') return node.type === 'null' || node.value === '';
  return node.kind !== 'unknown' && !node.open && (node.kind === 'map' ? node.entries : node.items).length === 0;
}

function changes(node: Node): boolean {
  return node.kind === 'scalar' && node.holes.some(({ named }) => !named);
}

/** Whether two values surely are the same. */
function isSame(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.kind !== 'scalar' || b.kind !== 'scalar') return false;
  const [one, other] = [a.refers?.objects, b.refers?.objects];
  if (one?.length === 1 || other?.length === 1)
    return one?.length === 1 && one[0] === other?.[0] && a.refers!.attribute === b.refers!.attribute;
  return (
    a.value === b.value &&
    a.type === b.type &&
    ![...a.holes, ...b.holes].some(({ named }) => !named) &&
    !isOpenScalar(a) &&
    !isOpenScalar(b)
  );
}

function isOpenScalar(node: ScalarNode): boolean {
  return (node as Known).alternatives !== undefined;
}
