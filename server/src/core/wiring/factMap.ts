import { Keys, type Lookups } from './lookups';
import { MultiMap, type Values } from './multiMap';

/** A map from keys to facts whose lookups are recorded: an answer that looked up a key is dropped when a fact comes under it or goes. */
export class FactMap<K, V> {
  private readonly facts = new MultiMap<K, V>();
  private readonly lookedUp: Keys<K>;
  /** Lookups of all keys at once; and of whether there is any. */
  private readonly wide: Keys<'keys' | 'emptiness'>;

  constructor(lookups: Lookups) {
    this.lookedUp = new Keys(lookups);
    this.wide = new Keys(lookups);
  }

  add(key: K, value: V): void {
    const [isNew, wasEmpty] = [!this.facts.has(key), this.facts.hasNone];
    this.facts.add(key, value);
    this.changed(key, isNew, wasEmpty);
  }

  delete(key: K, value: V): void {
    if (!this.facts.has(key)) return;
    this.facts.delete(key, value);
    this.changed(key, !this.facts.has(key), this.facts.hasNone);
  }

  private changed(key: K, keys: boolean, emptiness: boolean): void {
    this.lookedUp.changed(key);
    if (keys) this.wide.changed('keys');
    if (emptiness) this.wide.changed('emptiness');
  }

  /** The facts under a key, in the order in which they came; none for an unknown key. */
  get(key: K): Values<V> {
    this.lookedUp.note(key);
    return this.facts.get(key);
  }

  /** How many facts are under a key. */
  size(key: K): number {
    this.lookedUp.note(key);
    return this.facts.size(key);
  }

  /** True where there is no fact at all. */
  get isEmpty(): boolean {
    this.wide.note('emptiness');
    return this.facts.hasNone;
  }

  /** Every key. Whoever asks depends on which keys there are, not on the facts under them. */
  keys(): Iterable<K> {
    this.wide.note('keys');
    return this.facts.keys();
  }
}
