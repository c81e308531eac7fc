/** Which groups of files use which, as their texts seem to say and as they were read; and which are deployed by themselves. */
export class GroupGraph {
  /** By a group and one of its files: the groups that its text mentions. */
  private readonly mentions = new Map<string, Map<string, readonly string[]>>();
  private readonly shapes = new Map<string, { readonly uses: readonly string[]; readonly alone: boolean }>();

  /** Notes what a file of a group mentions. */
  mention(key: string, uri: string, groups: readonly string[]): void {
    const files = this.mentions.get(key) ?? new Map<string, readonly string[]>();
    if (groups.length > 0) files.set(uri, groups);
    else files.delete(uri);
    if (files.size > 0) this.mentions.set(key, files);
    else this.mentions.delete(key);
  }

  /** Notes what a group uses, and whether it is deployed by itself though others use it. */
  shape(key: string, uses: readonly string[], alone: boolean): void {
    this.shapes.set(key, { uses, alone });
  }

  isKnown(key: string): boolean {
    return this.shapes.has(key);
  }

  forget(key: string): void {
    this.shapes.delete(key);
  }

  /** Some groups with all that use them, and all that any of those uses. */
  around(keys: readonly string[], exists: (key: string) => boolean): Set<string> {
    const users = new Map<string, string[]>();
    for (const [key, files] of this.mentions) {
      for (const groups of files.values()) {
        for (const group of groups) {
          const known = users.get(group);
          if (known) known.push(key);
          else users.set(group, [key]);
        }
      }
    }
    const above = closure(keys, (key) => users.get(key) ?? []);
    return closure([...above], (key) => [...(this.mentions.get(key)?.values() ?? [])].flat().filter(exists));
  }

  /**
   * The groups among some that are deployed by themselves: those that say so, those that no other uses, and one of each ring
   * that nothing else leads to.
   */
  starts(among: ReadonlySet<string>): Set<string> {
    const known = [...among].filter((key) => this.shapes.has(key)).sort();
    const used = new Set<string>();
    for (const key of known) for (const other of this.shapes.get(key)!.uses) if (other !== key) used.add(other);
    const starts = new Set(known.filter((key) => this.shapes.get(key)!.alone || !used.has(key)));
    const usesOf = (key: string): readonly string[] => this.shapes.get(key)?.uses ?? [];
    const reached = closure([...starts], usesOf);
    for (const key of known) {
      if (reached.has(key)) continue;
      starts.add(key);
      for (const each of closure([key], usesOf, reached)) reached.add(each);
    }
    return starts;
  }
}

/** Some keys and all that they lead to, but for what is there already. */
function closure(keys: readonly string[], next: (key: string) => readonly string[], but: ReadonlySet<string> = new Set()): Set<string> {
  const found = new Set(keys);
  const queue = [...keys];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    for (const other of next(key)) {
      if (found.has(other) || but.has(other)) continue;
      found.add(other);
      queue.push(other);
    }
  }
  return found;
}
