import type { Fact } from '../model/facts';
import { MultiMap } from './multiMap';
import { inOrder } from './order';

const none: readonly never[] = [];

/** Facts by key, in the order of {@link inOrder}. A key's order is made once for all that ask, until its facts change. */
export class OrderedFacts<F extends Fact> {
  private readonly facts = new MultiMap<string, F>();
  private readonly ordered = new Map<string, readonly F[]>();

  add(key: string, fact: F): void {
    this.facts.add(key, fact);
    this.ordered.delete(key);
  }

  delete(key: string, fact: F): void {
    this.facts.delete(key, fact);
    this.ordered.delete(key);
  }

  /** The facts of a key, by file and place. */
  get(key: string): readonly F[] {
    const { size } = this.facts.get(key);
    if (size === 0) return none;
    if (size === 1) return [...this.facts.get(key)];
    let list = this.ordered.get(key);
    if (!list) this.ordered.set(key, (list = inOrder(this.facts.get(key))));
    return list;
  }

  size(key: string): number {
    return this.facts.get(key).size;
  }

  keys(): Iterable<string> {
    return this.facts.keys();
  }
}
