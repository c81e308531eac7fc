import type { Import } from './imports';

/** Groups of files that import each other in circles, types included; each group and the groups sorted. */
export function circles(files: readonly string[], imports: readonly Import[]): string[][] {
  const known = new Set(files);
  const targets = new Map<string, Set<string>>(files.map((file) => [file, new Set()]));
  for (const { from, target } of imports) {
    const path = target === undefined ? undefined : [`${target}.ts`, `${target}/index.ts`].find((each) => known.has(each));
    if (path !== undefined) targets.get(from)?.add(path);
  }
  return new Components(targets).all
    .filter((group) => group.length > 1 || targets.get(group[0]!)!.has(group[0]!))
    .map((group) => group.sort())
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

/** The strongly connected components of a graph, by Tarjan's algorithm. */
class Components {
  readonly all: string[][] = [];
  private readonly numbers = new Map<string, number>();
  private readonly lowest = new Map<string, number>();
  private readonly stack: string[] = [];

  constructor(private readonly targets: ReadonlyMap<string, ReadonlySet<string>>) {
    for (const file of targets.keys()) if (!this.numbers.has(file)) this.visit(file);
  }

  private visit(file: string): void {
    const number = this.numbers.size;
    this.numbers.set(file, number);
    this.lowest.set(file, number);
    this.stack.push(file);
    for (const target of this.targets.get(file)!) {
      if (!this.numbers.has(target)) this.visit(target);
      if (this.stack.includes(target)) this.lowest.set(file, Math.min(this.lowest.get(file)!, this.lowest.get(target)!));
    }
    if (this.lowest.get(file) === number) this.all.push(this.stack.splice(this.stack.indexOf(file)));
  }
}
