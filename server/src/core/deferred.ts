import { MultiMap } from './wiring/multiMap';

/**
 * Files of which some documents were not parsed, since they matter only for accounts that nobody has asked for yet
 * (syntax/mentions.ts); by the accounts' names, with what was asked for.
 */
export class Deferred {
  private readonly files = new MultiMap<string, string>();
  private readonly names = new Map<string, ReadonlySet<string>>();
  private readonly asked = new Set<string>();
  private readonly wanted = new Set<string>();

  /** Notes a file and the accounts for which it is to be read again; none: it is read whole. */
  put(uri: string, names: ReadonlySet<string>): void {
    this.remove(uri);
    if (names.size === 0) return;
    this.names.set(uri, names);
    for (const name of names) this.files.add(name, uri);
  }

  remove(uri: string): void {
    for (const name of this.names.get(uri) ?? []) this.files.delete(name, uri);
    this.names.delete(uri);
    this.wanted.delete(uri);
  }

  isAsked(name: string): boolean {
    return this.asked.has(name);
  }

  /** From now on all that names this account is read. */
  ask(name: string): void {
    if (this.asked.has(name)) return;
    this.asked.add(name);
    for (const uri of this.files.get(name)) this.wanted.add(uri);
  }

  /** How many files wait to be read again. */
  get waiting(): number {
    return this.wanted.size;
  }

  /** The next file to be read again. */
  next(): string | undefined {
    const [uri] = this.wanted;
    return uri;
  }
}
