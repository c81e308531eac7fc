import type { AccountMentions } from '../../syntax/sourceFile';
import { MultiMap } from '../../wiring/multiMap';

/**
 * Files of which some documents were not parsed, since they matter only for accounts that nobody has asked for yet
 * (readers/prescan/mentions.ts); by the accounts' names, with what was asked for.
 */
export class DeferredDocuments {
  private readonly users = new MultiMap<string, string>();
  private readonly definers = new MultiMap<string, string>();
  private readonly mentions = new Map<string, readonly AccountMentions[]>();
  /** Accounts of which all is asked for, those that have a role, and those of which only their own manifest is asked for. */
  private readonly asked = new Set<string>();
  private readonly withRole = new Set<string>();
  private readonly definitionsAsked = new Set<string>();
  private readonly wanted = new Set<string>();
  private grew = false;

  /** Notes a file and the accounts for which it is to be read again, by its documents; none: it is read whole. */
  put(uri: string, mentions: readonly AccountMentions[]): void {
    this.remove(uri);
    if (mentions.length === 0) return;
    this.mentions.set(uri, mentions);
    this.grew = true;
    for (const { used, defined } of mentions) {
      for (const name of used) this.users.add(name, uri);
      for (const name of defined) this.definers.add(name, uri);
    }
  }

  /** True where nothing waits. */
  get isEmpty(): boolean {
    return this.mentions.size === 0;
  }

  /** Whether something was put since this was last asked. */
  takeGrowth(): boolean {
    const { grew } = this;
    this.grew = false;
    return grew;
  }

  remove(uri: string): void {
    const mentions = this.mentions.get(uri);
    if (!mentions) return;
    for (const { used, defined } of mentions) {
      for (const name of used) this.users.delete(name, uri);
      for (const name of defined) this.definers.delete(name, uri);
    }
    this.mentions.delete(uri);
    this.wanted.delete(uri);
  }

  isAsked({ used, defined }: AccountMentions): boolean {
    for (const name of used) if (this.asked.has(name)) return true;
    for (const name of defined) if (this.asked.has(name) || this.definitionsAsked.has(name)) return true;
    return false;
  }

  /** From now on all that names this account is read. */
  ask(name: string): void {
    if (this.asked.has(name)) return;
    this.asked.add(name);
    for (const uri of this.users.get(name)) this.wanted.add(uri);
    for (const uri of this.definers.get(name)) this.wanted.add(uri);
  }

  /** From now on what makes this account is read, but not what uses it. */
  askDefinition(name: string): void {
    if (this.definitionsAsked.has(name)) return;
    this.definitionsAsked.add(name);
    for (const uri of this.definers.get(name)) this.wanted.add(uri);
  }

  /** An account has, or asks for, a role: what makes it is read, and what uses it where {@link askUsers} is told so. */
  askWithRole(name: string): void {
    this.withRole.add(name);
    this.askDefinition(name);
  }

  /** Asks for what uses an account with a role, where `matters` says so of one of the users, by its file and the namespace that its object says it is in. */
  askUsers(matters: (uri: string, account: string, namespace: string | undefined) => boolean): void {
    for (const name of this.withRole) {
      for (const uri of this.users.get(name)) {
        const own = this.mentions.get(uri)!.filter(({ used }) => used.includes(name));
        if (!own.some(({ namespace }) => matters(uri, name, namespace))) continue;
        this.ask(name);
        break;
      }
    }
  }

  /** The files that wait though they use an account with a role: with them nothing can be wrong. */
  usersOfRoles(): Set<string> {
    return new Set([...this.withRole].flatMap((name) => [...this.users.get(name)]));
  }

  /** Asks for all that a file speaks of. */
  askAllOf(uri: string): void {
    for (const { used, defined } of this.mentions.get(uri) ?? []) {
      for (const name of used) this.ask(name);
      for (const name of defined) this.ask(name);
    }
  }

  /** The names of the accounts whose manifests wait. */
  definedNames(): Iterable<string> {
    return this.definers.keys();
  }

  /** The files whose manifests of accounts wait. */
  *defining(): Generator<string> {
    for (const [uri, mentions] of this.mentions) if (mentions.some(({ defined }) => defined.length > 0)) yield uri;
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
