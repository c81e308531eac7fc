import type { Expression } from './expressions';

/** A stretch of text that a renderer may leave out: a branch of a block. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly parent: Segment | undefined;
}

/**
 * The branches that the block expressions of a text make, nested. A block that is opened or closed
 * outside of this document reaches to the document's edge.
 */
export class Segments {
  /** Where the innermost branch changes: [offset, branch from there on], ascending. */
  private readonly changes: [number, Segment | undefined][] = [[-1, undefined]];
  readonly any: boolean;

  constructor(controls: readonly Expression[], length: number) {
    this.any = controls.length > 0;
    // Blocks that are closed here without being opened begin before the text.
    let depth = 0;
    let missing = 0;
    for (const { role } of controls) {
      if (role === 'open') depth++;
      else if (role === 'close' && --depth < 0) [depth, missing] = [0, missing + 1];
    }
    const stack: { start: number; end: number; parent: Segment | undefined }[] = [];
    const push = (start: number) => {
      const segment = { start, end: length + 1, parent: stack[stack.length - 1] };
      stack.push(segment);
      this.changes.push([start, segment]);
    };
    for (let i = 0; i < missing; i++) push(-1);
    for (const { role, start, end } of controls) {
      if (role !== 'open') {
        const closed = stack.pop();
        if (closed) closed.end = start;
        this.changes.push([start, stack[stack.length - 1]]);
      }
      if (role !== 'close') push(end);
    }
  }

  /** The innermost branch that an offset stands in. */
  at(offset: number): Segment | undefined {
    let low = 0;
    let high = this.changes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.changes[middle]![0] <= offset) low = middle;
      else high = middle - 1;
    }
    return this.changes[low]![1];
  }

  /** Whether what stands at `offset` may be left out while what stands at `holder` is there. */
  conditional(offset: number, holder: number): boolean {
    const segment = this.at(offset);
    return segment !== undefined && !(holder >= segment.start && holder < segment.end);
  }
}
