import type { Fact } from '../../model/facts';

/** What one file says of Terraform's roots: addresses of roles, the keys of their instances aside. */
interface Said {
  /** Of a plan or state: what it makes. */
  readonly planned?: ReadonlySet<string>;
  /** Of the text of modules: what each root makes. */
  readonly roots?: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Which root modules of Terraform have a plan or state among the files: there the plan tells what the text leaves to
 * variables and data, so that what the text alone says of such a root does not count beside it. A plan names no folder: it
 * is of the root in whose folder it stands, else of the only one whose roles all have its addresses.
 */
export class PlannedRoots {
  private readonly files = new Map<string, Said>();
  private readonly planned = new Set<string>();
  private known: ReadonlySet<string> | undefined;

  /** Takes the facts of a file in place of those it had. */
  note(uri: string, facts: readonly Fact[]): void {
    const said = saidBy(facts);
    if (!said && !this.files.has(uri)) return;
    if (said) this.files.set(uri, said);
    else this.files.delete(uri);
    this.planned[said?.planned ? 'add' : 'delete'](uri);
    this.known = undefined;
  }

  /** The roots that have a plan. The same set until something changes. */
  get roots(): ReadonlySet<string> {
    return this.planned.size === 0 ? none : (this.known ??= this.find());
  }

  /** The facts that count: without those of the text of roots that have a plan. */
  counting(facts: readonly Fact[]): readonly Fact[] {
    const { roots } = this;
    if (roots.size === 0) return facts;
    const left = facts.filter((fact) => !isOfText(fact) || !fact.deployedBy!.every((by) => roots.has(rootOf(by))));
    return left.length === facts.length ? facts : left;
  }

  private find(): ReadonlySet<string> {
    const addresses = new Map<string, Set<string>>();
    for (const { roots } of this.files.values()) {
      for (const [root, own] of roots ?? []) {
        const all = addresses.get(root) ?? new Set();
        for (const address of own) all.add(address);
        addresses.set(root, all);
      }
    }
    const found = new Set<string>();
    for (const uri of this.planned) {
      const own = this.files.get(uri)!.planned!;
      const folder = uri.slice(0, uri.lastIndexOf('/'));
      const fitting = [...addresses]
        .filter(([, all]) => all.size > 0 && [...all].every((address) => own.has(address)))
        .map(([root]) => root);
      const here = fitting.find((root) => root.replace(/\/$/, '') === folder);
      const [only, another] = fitting;
      if (here !== undefined) found.add(here);
      else if (only !== undefined && another === undefined) found.add(only);
    }
    return found;
  }
}

const none: ReadonlySet<string> = new Set();

function isOfText({ address, deployedBy }: Fact): boolean {
  return (
    address === undefined && deployedBy !== undefined && deployedBy.length > 0 && deployedBy.every((by) => by.startsWith('terraform '))
  );
}

function rootOf(deployment: string): string {
  return deployment.slice('terraform '.length);
}

function saidBy(facts: readonly Fact[]): Said | undefined {
  // In a plan every fact has an address.
  if (facts[0]?.address !== undefined)
    return {
      planned: new Set(facts.flatMap(({ kind, address }) => (kind === 'role' && address !== undefined ? [withoutKeys(address)] : []))),
    };
  const roots = new Map<string, Set<string>>();
  for (const fact of facts) {
    if (!isOfText(fact)) continue;
    for (const by of fact.deployedBy!) if (!roots.has(rootOf(by))) roots.set(rootOf(by), new Set());
    if (fact.kind !== 'role' || fact.id === undefined) continue;
    const [, root, address] = /^terraform (\S+) (.*)$/s.exec(fact.id) ?? [];
    if (root !== undefined) roots.get(root)?.add(withoutKeys(address!));
  }
  return roots.size > 0 ? { roots } : undefined;
}

/** An address of all instances of a resource. */
function withoutKeys(address: string): string {
  return address.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]/g, '');
}
