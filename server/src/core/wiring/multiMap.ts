/** The values of one key. */
export type Values<V> = Iterable<V> & { readonly size: number };

/**
 * A map to sets that forgets a key with its last value, so that it never grows with edits. Most keys of a workspace have
 * one value, which is kept without a set. Values are no sets themselves.
 */
export class MultiMap<K, V> {
  private readonly entries = new Map<K, V | Set<V>>();

  add(key: K, value: V): void {
    const known = this.entries.get(key);
    if (known === undefined) this.entries.set(key, value);
    else if (known instanceof Set) known.add(value);
    else if (known !== value) this.entries.set(key, new Set([known, value]));
  }

  delete(key: K, value: V): void {
    const known = this.entries.get(key);
    if (known === undefined) return;
    if (known instanceof Set ? known.delete(value) && known.size === 0 : known === value) this.entries.delete(key);
  }

  /** The values of a key, in the order in which they came; none for an unknown key. */
  get(key: K): Values<V> {
    const known = this.entries.get(key);
    if (known === undefined) return none as Set<V>;
    return known instanceof Set ? known : new Set([known]);
  }

  /** How many values a key has. */
  size(key: K): number {
    const known = this.entries.get(key);
    return known === undefined ? 0 : known instanceof Set ? known.size : 1;
  }

  clear(): void {
    this.entries.clear();
  }

  has(key: K): boolean {
    return this.entries.has(key);
  }

  /** True where there is no key. */
  get hasNone(): boolean {
    return this.entries.size === 0;
  }

  keys(): Iterable<K> {
    return this.entries.keys();
  }
}

const none: ReadonlySet<unknown> = new Set();
