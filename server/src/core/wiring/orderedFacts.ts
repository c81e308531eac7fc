import type { Fact } from '../model/facts';
import { FactMap } from './factMap';
import type { Lookups } from './lookups';
import { inOrder } from './order';

const none: readonly never[] = [];

/** Facts by key, in the order of {@link inOrder}. A key's order is made once for all that ask, until its facts change. Lookups are recorded. */
export class OrderedFacts<F extends Fact> {
  private readonly facts: FactMap<string, F>;
  private readonly ordered = new Map<string, readonly F[]>();

  constructor(lookups: Lookups) {
    this.facts = new FactMap(lookups);
  }

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
    const facts = this.facts.get(key);
    if (facts.size === 0) return none;
    if (facts.size === 1) return [...facts];
    let list = this.ordered.get(key);
    if (!list) this.ordered.set(key, (list = inOrder(facts)));
    return list;
  }

  size(key: string): number {
    return this.facts.size(key);
  }

  keys(): Iterable<string> {
    return this.facts.keys();
  }
}
