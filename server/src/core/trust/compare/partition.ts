import { codesOf } from '../../text/regular/expression';
import type { Program } from '../../text/regular/program';
import { ExpressionAutomaton, PatternAutomaton, type Automaton, type Pattern } from './automata';
import { spend, type Budget } from './solve';

/** What the values of a key are divided by. */
export interface Division {
  readonly patterns: readonly Pattern[];
  /** Texts that are values by themselves. */
  readonly literals: ReadonlySet<string>;
  /** The only values that there are; absent: any text. */
  readonly domain?: Program;
  /** Values that people understand best, a division of its own. */
  readonly preferred?: Program;
}

/** A place in the tree of the literals. */
interface Branch {
  readonly next: Map<number, Branch>;
  isLiteral: boolean;
}

/** Where all automata are after a text. Patterns that can't match any more are left out. */
interface Place {
  readonly live: readonly (readonly [pattern: number, state: number])[];
  readonly domain: number;
  readonly preferred: number;
  readonly branch: Branch | undefined;
  readonly before?: Place;
  readonly code?: number;
}

/** Characters to stand for all that nothing mentions: of names first, since people read them. */
const ordinary = codesOf('xyzabcdefghijklmnopqrstuvw0123456789XYZABCDEFGHIJKLMNOPQRSTUVW-._/:@ \u00a1\u0100\u4e00');

/**
 * One text for each class of texts that no pattern and literal tells apart: the shortest one, those that are preferred first.
 * A breadth-first walk over the product of the automata, so that each class has one.
 */
export function representatives(division: Division, budget: Budget): string[] {
  const patterns = division.patterns.map((pattern) => new PatternAutomaton(pattern, budget));
  const domain = division.domain && new ExpressionAutomaton(division.domain, budget);
  const preferred = division.preferred && new ExpressionAutomaton(division.preferred, budget);
  const root = treeOf(division.literals);
  const branches = new Map<Branch, number>();
  const classes = classesOf([division.domain, division.preferred]);
  const first: Place = {
    live: patterns.map(({ start }, i) => [i, start] as const),
    domain: domain?.start ?? 1,
    preferred: preferred?.start ?? 0,
    branch: root,
  };
  const idOf = ({ live, domain, preferred, branch }: Place): string => {
    let number = 0;
    if (branch && !(number = branches.get(branch) ?? 0)) branches.set(branch, (number = branches.size + 1));
    return `${live.join(';')}|${domain}|${preferred}|${number}`;
  };
  const seen = new Set([idOf(first)]);
  const found = new Map<string, { readonly text: string; readonly isPreferred: boolean }>();
  const queue = [first];
  for (const place of queue) {
    spend(budget, place.live.length + 1);
    if (!domain || domain.accepts(place.domain)) {
      const isPreferred = preferred?.accepts(place.preferred) ?? false;
      const matching = place.live.filter(([pattern, state]) => patterns[pattern]!.accepts(state)).map(([pattern]) => pattern);
      const own = place.branch?.isLiteral ? branches.get(place.branch) : '';
      const signature = `${matching.join()}|${own}|${isPreferred}`;
      if (!found.has(signature)) found.set(signature, { text: textOf(place), isPreferred });
    }
    for (const code of codesAt(place, patterns, classes)) {
      const next = after(place, code, patterns, domain, preferred);
      spend(budget, place.live.length + 4);
      if (!next) continue;
      const id = idOf(next);
      if (seen.has(id)) continue;
      seen.add(id);
      queue.push(next);
    }
  }
  const all = [...found.values()];
  return [...all.filter(({ isPreferred }) => isPreferred), ...all.filter(({ isPreferred }) => !isPreferred)].map(({ text }) => text);
}

function treeOf(literals: ReadonlySet<string>): Branch {
  const root: Branch = { next: new Map(), isLiteral: false };
  for (const literal of literals) {
    let branch = root;
    for (const code of codesOf(literal)) {
      let next = branch.next.get(code);
      if (!next) branch.next.set(code, (next = { next: new Map(), isLiteral: false }));
      branch = next;
    }
    branch.isLiteral = true;
  }
  return root;
}

/** The ordinary characters, and which of them the expressions can't tell apart. */
function classesOf(programs: readonly (Program | undefined)[]): (code: number) => string {
  const tests = programs.flatMap((program) => (program ?? []).flatMap((step) => (step.kind === 'character' ? [step.fits] : [])));
  const known = new Map<number, string>();
  return (code) => {
    let found = known.get(code);
    if (found === undefined) known.set(code, (found = tests.map((fits) => (fits(code) ? 1 : 0)).join('')));
    return found;
  };
}

/** The characters to go on with: those that something treats in a way of its own, and one of each class of the others. */
function codesAt({ live, branch }: Place, patterns: readonly Automaton[], classOf: (code: number) => string): readonly number[] {
  const own = new Set<number>(branch?.next.keys());
  for (const [pattern, state] of live) for (const code of patterns[pattern]!.codes(state)) own.add(code);
  const others = new Map<string, number>();
  for (const code of ordinary) if (!own.has(code) && !others.has(classOf(code))) others.set(classOf(code), code);
  return [...others.values(), ...own];
}

function after(
  place: Place,
  code: number,
  patterns: readonly Automaton[],
  domain: Automaton | undefined,
  preferred: Automaton | undefined,
): Place | undefined {
  const nextDomain = domain ? domain.step(place.domain, code) : 1;
  if (nextDomain === 0) return undefined;
  const live: (readonly [number, number])[] = [];
  for (const [pattern, state] of place.live) {
    const next = patterns[pattern]!.step(state, code);
    if (next !== 0) live.push([pattern, next]);
  }
  const branch = place.branch?.next.get(code);
  return { live, domain: nextDomain, preferred: preferred?.step(place.preferred, code) ?? 0, branch, before: place, code };
}

function textOf(place: Place): string {
  const codes: number[] = [];
  for (let at = place; at.before; at = at.before) codes.push(at.code!);
  return codes
    .reverse()
    .map((code) => String.fromCodePoint(code))
    .join('');
}
