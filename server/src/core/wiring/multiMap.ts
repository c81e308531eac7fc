/** A map to sets that forgets a key with its last value, so that it never grows with edits. */
export class MultiMap<K, V> {
  private readonly sets = new Map<K, Set<V>>();

  add(key: K, value: V): void {
    const set = this.sets.get(key);
    if (set) set.add(value);
    else this.sets.set(key, new Set([value]));
  }

  delete(key: K, value: V): void {
    const set = this.sets.get(key);
    if (set?.delete(value) && set.size === 0) this.sets.delete(key);
  }

  /** The values of a key, in the order in which they came; none for an unknown key. */
  get(key: K): Iterable<V> & { readonly size: number } {
    return this.sets.get(key) ?? (none as Set<V>);
  }

  get isEmpty(): boolean {
    return this.sets.size === 0;
  }

  keys(): Iterable<K> {
    return this.sets.keys();
  }
}

const none: ReadonlySet<unknown> = new Set();
