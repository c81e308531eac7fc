import type { Finding, Fix } from '../rules/rule';
import { applied, composed, inOrder, type Change } from './edits';
import type { FixJudge } from './judge';

/** What is fixed: files with their findings, and where their new texts go. */
export interface Fixable {
  check(uri: string): readonly Finding[];
  /** A file's text as it is now; undefined for a file that is not to be changed. */
  text(uri: string): string | undefined;
  /** Takes a file's new text: from now on `check` judges it. */
  put(uri: string, text: string): void;
}

/** What became of one file: its changes, in order, against the text before, and the titles of the fixes. */
export interface Fixed {
  readonly before: string;
  readonly text: string;
  readonly changes: readonly Change[];
  readonly titles: readonly string[];
}

/** What became of the files that were fixed. */
export class FixedFiles extends Map<string, Fixed> {
  /** True where there were too many fixes for one run: what is here is sound, and another run goes on. */
  unfinished = false;
}

/**
 * So much text is read again to judge the fixes of one run, in UTF-16 units, and so often the text of its files: a second
 * or two. Hundreds of files with some mistakes each, and a file with dozens, stay below it.
 */
const budget = { text: 4_000_000, times: 6 } as const;
/** Once that is spent, so many fixes are still tried together: a run that stops has got on. */
const leastTried = 8;

/** More fixes of one file are not tried one after the other where they do not go together: the rest waits for the next round. */
const mostTried = 50;

/**
 * Applies the fixes that may run unattended, in rounds, until none is left: one may lay bare what another can fix. In each
 * round none touches another's text, and together they are judged once more; a fix of several files is applied whole or not.
 * A rule whose fixes come to no end in a file is left out there. Where judging becomes too much it ends with what is done.
 * The same for the command line and the editor.
 */
export function fixAll(uris: Iterable<string>, target: Fixable, judge: FixJudge): FixedFiles {
  const left = new Set<string>();
  const files = [...uris];
  const length = files.reduce((sum, uri) => sum + (target.text(uri)?.length ?? 0), 0);
  const limit = judge.spent + budget.text + budget.times * length;
  for (;;) {
    const run = new Run(files, target, judge, left, limit);
    const endless = run.toEnd();
    if (endless === undefined) return run.fixed;
    left.add(endless);
    for (const [uri, { before }] of run.fixed) target.put(uri, before);
  }
}

interface Proposal {
  readonly uri: string;
  readonly rule: string;
  readonly fix: Fix;
}

class Run {
  readonly fixed = new FixedFiles();
  private readonly applications = new Map<string, { count: number; most: number }>();

  constructor(
    private readonly files: readonly string[],
    private readonly target: Fixable,
    private readonly judge: FixJudge,
    private readonly left: ReadonlySet<string>,
    private readonly limit: number,
  ) {}

  /** Goes on until nothing is left to fix; a file and a rule that come to no end stop it. */
  toEnd(): string | undefined {
    for (;;) {
      const proposals = this.proposals();
      if (this.isSpent) return this.stop(proposals);
      const endless = this.endless(proposals);
      if (endless !== undefined || proposals.length === 0) return endless;
      this.apply(proposals);
    }
  }

  private get isSpent(): boolean {
    return this.judge.spent >= this.limit;
  }

  /** Makes what was found to go together, and no more. */
  private stop(proposals: readonly Proposal[]): undefined {
    this.apply(proposals);
    this.fixed.unfinished = true;
  }

  /** The safe fixes of now that go together; of those that were looked at where judging became too much. */
  private proposals(): Proposal[] {
    const all: Proposal[] = [];
    for (const uri of this.files) {
      if (this.isSpent) break;
      for (const { rule, fixes } of this.target.check(uri)) {
        const fix = this.left.has(keyOf(uri, rule)) ? undefined : fixes.find(({ safe }) => safe);
        if (fix?.edits.every((edit) => this.target.text(edit.doc.uri) !== undefined)) all.push({ uri, rule, fix });
      }
    }
    const apart = withoutOverlaps(all);
    return this.isSound(apart) ? apart : this.soundOnes(apart);
  }

  private isSound(proposals: readonly Proposal[]): boolean {
    if (proposals.length < 2) return true;
    return this.judge.isSoundTogether(proposals.flatMap(({ fix }) => fix.edits));
  }

  private soundOnes(proposals: readonly Proposal[]): Proposal[] {
    const taken: Proposal[] = [];
    for (const [i, proposal] of proposals.slice(0, mostTried).entries()) {
      if (i >= leastTried && this.isSpent) break;
      if (this.isSound([...taken, proposal])) taken.push(proposal);
    }
    return taken;
  }

  /** A file and rule that were fixed more often than there was something to fix, and could be once more. */
  private endless(proposals: readonly Proposal[]): string | undefined {
    const now = new Map<string, number>();
    for (const { uri, rule } of proposals) now.set(keyOf(uri, rule), (now.get(keyOf(uri, rule)) ?? 0) + 1);
    for (const [key, count] of now) {
      const known = this.applications.get(key) ?? { count: 0, most: 0 };
      const next = { count: known.count + count, most: Math.max(known.most, count) };
      if (next.count > 3 * next.most + 3) return key;
      this.applications.set(key, next);
    }
    return undefined;
  }

  private apply(proposals: readonly Proposal[]): void {
    const changes = new Map<string, Change[]>();
    const titles = new Map<string, string[]>();
    for (const { fix } of proposals) {
      for (const { doc, span, newText } of fix.edits) {
        const own = changes.get(doc.uri) ?? [];
        own.push({ span: { start: doc.start + span.start, end: doc.start + span.end }, newText });
        changes.set(doc.uri, own);
      }
      for (const uri of new Set(fix.edits.map(({ doc }) => doc.uri))) titles.set(uri, [...(titles.get(uri) ?? []), fix.title]);
    }
    for (const [uri, own] of changes) {
      const text = this.target.text(uri)!;
      const known = this.fixed.get(uri) ?? { before: text, changes: [], titles: [] };
      const ordered = inOrder(own) ?? [];
      const next = applied(text, ordered);
      this.fixed.set(uri, {
        before: known.before,
        text: next,
        changes: composed(known.before.length, known.changes, ordered),
        titles: [...known.titles, ...titles.get(uri)!],
      });
      this.target.put(uri, next);
    }
  }
}

function keyOf(uri: string, rule: string): string {
  return `${rule} ${uri}`;
}

/** The fixes of which none touches, or stands directly at, another's text; the first ones win. */
function withoutOverlaps(proposals: readonly Proposal[]): Proposal[] {
  const places = proposals.flatMap(({ fix }, index) =>
    fix.edits.map(({ doc, span }) => ({ uri: doc.uri, start: doc.start + span.start, end: doc.start + span.end, index })),
  );
  places.sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : a.start - b.start || a.end - b.end));
  const rivals = new Map<number, Set<number>>();
  const meet = (a: number, b: number): void => {
    const [first, later] = a < b ? [a, b] : [b, a];
    rivals.set(later, (rivals.get(later) ?? new Set()).add(first));
  };
  let reach = places[0];
  for (const place of places.slice(1)) {
    if (place.uri === reach!.uri && place.start <= reach!.end) {
      if (place.index !== reach!.index) meet(place.index, reach!.index);
      if (place.end > reach!.end) reach = place;
    } else reach = place;
  }
  const taken = new Set<number>();
  for (let i = 0; i < proposals.length; i++) if (![...(rivals.get(i) ?? [])].some((rival) => taken.has(rival))) taken.add(i);
  return proposals.filter((_, i) => taken.has(i));
}
