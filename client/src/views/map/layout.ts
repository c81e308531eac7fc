import type { MapEdge, MapGraph, MapNode } from './graph';

/** All sizes in pixels. */
export const nodeHeight = 26;
const gap = 8;
const groupGap = 14;
const groupHead = 22;
const top = 40;
const widths = [200, 250, 220, 220] as const;
const columnGap = 90;
/** How often the order is improved: crossings hardly fall after the fourth time. */
const sweeps = 4;

export interface PlacedNode extends MapNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PlacedGroup {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MapLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly MapEdge[];
  readonly groups: readonly PlacedGroup[];
  /** The left edge of each column that has nodes, by its index. */
  readonly columnsAt: ReadonlyMap<number, number>;
  readonly width: number;
  readonly height: number;
}

/**
 * Places a graph in columns. Each column is ordered by the mean place of its neighbours (the barycentre heuristic of Sugiyama,
 * Tagawa and Toda 1981), to and fro; service accounts stay within their groups, and what fails
 * comes first in each. Takes n log n time.
 */
export function layoutOf({ nodes, edges }: MapGraph): MapLayout {
  const columns = order(nodes, edges);
  const columnsAt = new Map<number, number>();
  let right = 0;
  for (const [index, column] of columns.entries()) {
    if (column.length === 0) continue;
    columnsAt.set(index, right);
    right += widths[index]! + columnGap;
  }
  const y = new Map<string, number>();
  const groups = placeAccounts(columns[1]!, y, columnsAt.get(1) ?? 0);
  const lowest = Math.max(top, ...columns[1]!.slice(-1).map(({ id }) => y.get(id)! + nodeHeight));
  const neighbours = neighboursOf(edges);
  // Outwards from the service accounts, each column beside the one that it hangs on.
  for (const index of [0, 2, 3]) placeBeside(columns[index]!, y, neighbours, lowest);
  const placed = columns.flatMap((column, index) =>
    column.map((node) => ({ ...node, x: columnsAt.get(index)!, y: y.get(node.id)!, width: widths[index]! })),
  );
  const bottom = placed.reduce((most, node) => Math.max(most, node.y + nodeHeight), lowest);
  return { nodes: placed, edges, groups, columnsAt, width: Math.max(0, right - columnGap), height: bottom + gap };
}

/** A node with what it is sorted by: numbers alone, since each sweep sorts every column. */
interface Item {
  readonly node: MapNode;
  /** By group, and in it what fails first: never changed by a sweep. */
  readonly band: number;
  readonly name: number;
  /** From 0 to 1. */
  place: number;
  mean: number;
}

const severity = ['denied', 'unknown', 'allowed', undefined];

function order(nodes: readonly MapNode[], edges: readonly MapEdge[]): MapNode[][] {
  const columns = [0, 1, 2, 3].map((column) => itemsOf(nodes.filter((node) => node.column === column)));
  const items = new Map(columns.flat().map((item) => [item.node.id, item]));
  const neighbours = neighboursOf(edges);
  columns.forEach(number);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const rightwards = sweep % 2 === 0;
    for (const index of rightwards ? [0, 1, 2, 3] : [3, 2, 1, 0]) {
      for (const item of columns[index]!) {
        let [sum, count] = [0, 0];
        for (const id of neighbours.get(item.node.id) ?? []) {
          const other = items.get(id)!;
          if (rightwards ? other.node.column > index : other.node.column < index) continue;
          sum += other.place;
          count++;
        }
        item.mean = count === 0 ? item.place : sum / count;
      }
      columns[index]!.sort((a, b) => a.band - b.band || a.mean - b.mean || a.name - b.name);
      number(columns[index]!);
    }
  }
  return columns.map((column) => column.map(({ node }) => node));
}

function itemsOf(nodes: readonly MapNode[]): Item[] {
  const named = [...nodes].sort(
    (a, b) =>
      compare(a.group ?? '', b.group ?? '') ||
      severity.indexOf(a.decision) - severity.indexOf(b.decision) ||
      compare(a.label, b.label) ||
      compare(a.id, b.id),
  );
  let band = 0;
  return named.map((node, name) => {
    const before = named[name - 1];
    // The other columns follow the service accounts.
    if (node.column === 1 && before && (before.group !== node.group || before.decision !== node.decision)) band++;
    return { node, band, name, place: 0, mean: 0 };
  });
}

function number(column: readonly Item[]): void {
  column.forEach((item, i) => (item.place = column.length < 2 ? 0 : i / (column.length - 1)));
}

function neighboursOf(edges: readonly MapEdge[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const known = found.get(from);
    if (known) known.push(to);
    else found.set(from, [to]);
  };
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  return found;
}

function placeAccounts(accounts: readonly MapNode[], y: Map<string, number>, x: number): PlacedGroup[] {
  const groups: PlacedGroup[] = [];
  let at = top;
  for (let i = 0; i < accounts.length;) {
    const { group } = accounts[i]!;
    const from = at;
    if (group !== undefined) at += groupHead;
    for (; i < accounts.length && accounts[i]!.group === group; i++, at += nodeHeight + gap) y.set(accounts[i]!.id, at);
    if (group === undefined) continue;
    groups.push({ label: group, x: x - 8, y: from, width: widths[1] + 16, height: at - from });
    at += groupGap;
  }
  return groups;
}

/** Each node at the height of its neighbours that are placed already, as far as there is room; never two at one place. */
function placeBeside(
  column: readonly MapNode[],
  y: Map<string, number>,
  neighbours: ReadonlyMap<string, readonly string[]>,
  lowest: number,
): void {
  const wanted = column.map(({ id }) => {
    const near = (neighbours.get(id) ?? []).flatMap((other) => y.get(other) ?? []);
    return near.length === 0 ? top : near.reduce((sum, each) => sum + each, 0) / near.length;
  });
  const step = nodeHeight + gap;
  const at: number[] = [];
  wanted.forEach((want, i) => at.push(Math.max(want, i === 0 ? top : at[i - 1]! + step)));
  // What was pushed below the end goes up again, as far as the first fits.
  let limit = Math.max(lowest - nodeHeight, top + (column.length - 1) * step);
  for (let i = at.length - 1; i >= 0 && at[i]! > limit; i--, limit -= step) at[i] = limit;
  column.forEach(({ id }, i) => y.set(id, at[i]!));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
