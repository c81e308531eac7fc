/**
 * A set of the cells that a variable's values are divided into: bit `i` for cell `i`. Cells are few (a handful for each
 * text that a policy compares with), so that sets are compared word by word.
 */
export type Cells = Uint32Array;

export function noCells(size: number): Cells {
  return new Uint32Array((size + 31) >>> 5);
}

/** The cells for which a test holds. */
export function cellsWhere(size: number, holds: (cell: number) => boolean): Cells {
  const cells = noCells(size);
  for (let i = 0; i < size; i++) if (holds(i)) add(cells, i);
  return cells;
}

export function add(cells: Cells, cell: number): void {
  cells[cell >>> 5]! |= 1 << (cell & 31);
}

export function both(a: Cells, b: Cells): Cells {
  return a.map((word, i) => word & b[i]!);
}

export function either(a: Cells, b: Cells): Cells {
  return a.map((word, i) => word | b[i]!);
}

export function without(a: Cells, b: Cells): Cells {
  return a.map((word, i) => word & ~b[i]!);
}

export function isEmpty(cells: Cells): boolean {
  return cells.every((word) => word === 0);
}

/** Whether two sets have a cell in common. */
export function meet(a: Cells, b: Cells): boolean {
  for (let i = 0; i < a.length; i++) if ((a[i]! & b[i]!) !== 0) return true;
  return false;
}

/** Whether all cells of one set are in another. */
export function isWithin(a: Cells, b: Cells): boolean {
  for (let i = 0; i < a.length; i++) if ((a[i]! & ~b[i]!) !== 0) return false;
  return true;
}

/** The first cell of a set; -1 for an empty one. */
export function firstCell(cells: Cells): number {
  for (const [i, word] of cells.entries()) if (word !== 0) return i * 32 + 31 - Math.clz32(word & -word);
  return -1;
}
