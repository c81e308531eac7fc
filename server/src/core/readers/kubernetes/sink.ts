import type { Fact, LivePod } from '../../model/facts';
import type { ReaderInput } from '../reader';

/** How deep shapes are looked for; far beyond what people write, and short of the stack's end. */
export const deepest = 200;

/** Where the readers of one document put what they find, and what keeps them from an alias bomb. */
export class Sink {
  readonly facts: Fact[] = [];
  readonly doc: ReaderInput['doc'];
  readonly text: string;
  readonly language: ReaderInput['tree']['language'];
  /** The pods of each owner that a cluster lists, see livePods.ts. */
  readonly livePods = new Map<string, LivePod[]>();
  private readonly seen = new Set<string>();
  /** Nodes that may be visited: a document without aliases has fewer nodes than characters. */
  private left: number;

  constructor(input: ReaderInput) {
    this.doc = input.doc;
    this.text = input.text;
    this.language = input.tree.language;
    this.left = input.text.length + 1000;
  }

  /** Counts the nodes that are about to be looked at; false once there were more than the text can hold. */
  visit(nodes = 1): boolean {
    this.left -= nodes;
    return this.left >= 0;
  }

  /**
   * Adds a fact. An annotation is told once for each place and kind of place, however many objects
   * share it through an alias.
   */
  add(fact: Fact): void {
    if (fact.kind === 'annotation') {
      const identity = `${fact.span.start}:${fact.span.end}:${fact.place}`;
      if (this.seen.has(identity)) return;
      this.seen.add(identity);
    }
    this.facts.push(fact);
  }
}
