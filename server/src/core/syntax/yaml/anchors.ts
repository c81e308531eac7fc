import type { Entry, Node } from '../tree';

/** How many nodes aliases and merge keys may add to one document: more is an alias bomb. */
const BUDGET = 20_000;

/**
 * The anchors of one document and what they stand for. Copies that aliases make are marked `merged`
 * all through, and bounded, so that neither a circle nor a bomb costs more than the budget.
 */
export class Anchors {
  /** `null` while the anchor's own node is being read: an alias to it then is a circle. */
  private readonly nodes = new Map<string, Node | undefined | null>();
  private left = BUDGET;
  private circle = false;

  /** Why some aliases stand for nothing, in plain words; undefined where all were resolved. */
  get trouble(): string | undefined {
    if (this.circle) return 'An alias is within its own anchor; it is not followed.';
    return this.left < 0 ? `Aliases repeat more than ${BUDGET} nodes; what goes beyond is not read.` : undefined;
  }

  open(name: string): void {
    this.nodes.set(name, null);
  }

  close(name: string, node: Node | undefined): void {
    this.nodes.set(name, node);
  }

  /** A merged copy of what the anchor stands for; undefined for an unknown name, a circle, or past the budget. */
  resolve(name: string): Node | undefined {
    const node = this.nodes.get(name);
    if (node === null) this.circle = true;
    return node ? this.copy(node) : undefined;
  }

  /** A merged copy of an entry; undefined past the budget. */
  merged(entry: Entry): Entry | undefined {
    if (--this.left < 0) return undefined;
    if (!entry.value) return { ...entry, merged: true };
    const value = this.copy(entry.value);
    return value && { ...entry, value, merged: true };
  }

  private copy(node: Node): Node | undefined {
    if (--this.left < 0) return undefined;
    if (node.kind === 'list') {
      const items: Node[] = [];
      for (const item of node.items) {
        const copy = this.copy(item);
        if (!copy) return undefined;
        items.push(copy);
      }
      return { ...node, items };
    }
    if (node.kind !== 'map') return node;
    const entries: Entry[] = [];
    for (const entry of node.entries) {
      const copy = this.merged(entry);
      if (!copy) return undefined;
      entries.push(copy);
    }
    return { ...node, entries };
  }
}
