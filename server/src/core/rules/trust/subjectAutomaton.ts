import { hasNamespaceForm, hasServiceAccountForm, subjectPrefix } from '../../model/subject';
import type { Text } from '../../text/text';
import { ANY_ONE, compilePattern, type PatternSymbol, type Symbols } from '../../text/wildcards/compile';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const alphabet = [...letters, '-', '.', ':'];

/** A value under `:sub` as a pattern, whatever its operator. Holes and policy variables may be anything. */
export function subjectPattern(value: Text, ignoreCase = false): Symbols {
  return compilePattern(value, { like: true, ignoreCase, variables: 'unknown' })!;
}

/**
 * Whether some subject that Kubernetes can issue matches the pattern: `system:serviceaccount:<namespace>:<name>`,
 * names by RFC 1123. With `namespace`, only subjects of that namespace are tried.
 * A walk of the pattern through the automaton of subjects: linear in the pattern's length.
 */
export function admitsSome(pattern: Symbols, namespace?: string): boolean {
  const text = literalOf(pattern);
  if (text !== undefined) return isSubject(text, namespace);
  const automaton = automatonOf(namespace);
  let states = automaton.start();
  for (const symbol of pattern) {
    states = automaton.after(states, symbol);
    if (states.members.length === 0) return false;
  }
  return states.accepts;
}

/** The one text that a pattern stands for; undefined where it stands for several. */
function literalOf(pattern: Symbols): string | undefined {
  let text = '';
  for (const symbol of pattern) {
    if (typeof symbol === 'string' || symbol < 0) return undefined;
    text += String.fromCodePoint(symbol);
  }
  return text;
}

/** What the automaton says of a text without wildcards, as nearly all are. */
function isSubject(text: string, namespace: string | undefined): boolean {
  if (!text.startsWith(subjectPrefix)) return false;
  const rest = text.slice(subjectPrefix.length);
  const own = namespace ?? rest.slice(0, Math.max(0, rest.indexOf(':')));
  return (
    rest.startsWith(`${own}:`) && (namespace !== undefined || hasNamespaceForm(own)) && hasServiceAccountForm(rest.slice(own.length + 1))
  );
}

/** A set of states of the automaton, with the sets that follow it, as far as they have been asked for. */
interface States {
  readonly members: readonly number[];
  readonly accepts: boolean;
  readonly next: Map<PatternSymbol, States>;
}

/** So many sets are kept of an automaton before it is made anew: patterns in use need a few dozen. */
const most = 2000;
const kept = new Map<string, Automaton>();

function automatonOf(namespace: string | undefined): Automaton {
  const key = namespace ?? '';
  let automaton = kept.get(key);
  if (!automaton || automaton.size > most) {
    if (kept.size > 20) kept.clear();
    kept.set(key, (automaton = new Automaton(namespace)));
  }
  return automaton;
}

/** States: 0…n-1 within the fixed text; then namespace (start, letter, dash) and name (start, letter, dash). */
class Automaton {
  private readonly fixed: string;
  private readonly nameStart: number;
  private readonly sets = new Map<string, States>();

  constructor(private readonly namespace: string | undefined) {
    this.fixed = namespace === undefined ? subjectPrefix : `${subjectPrefix}${namespace}:`;
    this.nameStart = this.fixed.length + (namespace === undefined ? 3 : 0);
  }

  get size(): number {
    return this.sets.size;
  }

  start(): States {
    return this.set([0]);
  }

  after(states: States, symbol: PatternSymbol): States {
    let next = states.next.get(symbol);
    if (!next) states.next.set(symbol, (next = this.set(this.following(states.members, symbol))));
    return next;
  }

  private following(members: readonly number[], symbol: PatternSymbol): number[] {
    if (typeof symbol === 'number' && symbol >= 0) return this.steps(members, [String.fromCodePoint(symbol)]);
    return symbol === ANY_ONE ? this.steps(members, alphabet) : this.closure(members);
  }

  private set(members: readonly number[]): States {
    const sorted = [...new Set(members)].sort((a, b) => a - b);
    const key = sorted.join(' ');
    let states = this.sets.get(key);
    if (!states) this.sets.set(key, (states = { members: sorted, accepts: sorted.includes(this.nameStart + 1), next: new Map() }));
    return states;
  }

  private steps(members: readonly number[], chars: readonly string[]): number[] {
    return members.flatMap((state) => chars.map((char) => this.step(state, char)).filter((to) => to >= 0));
  }

  private closure(members: readonly number[]): number[] {
    const seen = new Set(members);
    const queue = [...members];
    for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
      for (const to of this.steps([state], alphabet)) {
        if (!seen.has(to)) {
          seen.add(to);
          queue.push(to);
        }
      }
    }
    return [...seen];
  }

  /** The state after a character, or -1. */
  private step(state: number, char: string): number {
    const n = this.fixed.length;
    if (state < n) return char === this.fixed[state] ? state + 1 : -1;
    const isLetter = char.length === 1 && letters.includes(char);
    const [nsStart, nsLetter, nsDash] = [n, n + 1, n + 2];
    if (this.namespace === undefined && state <= nsDash) {
      if (isLetter) return nsLetter;
      if (char === '-' && state !== nsStart) return nsDash;
      return char === ':' && state === nsLetter ? this.nameStart : -1;
    }
    if (isLetter) return this.nameStart + 1;
    if (state === this.nameStart) return -1;
    if (char === '-') return this.nameStart + 2;
    return char === '.' && state === this.nameStart + 1 ? this.nameStart : -1;
  }
}
