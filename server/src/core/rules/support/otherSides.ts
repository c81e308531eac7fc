import type { Fix, OtherSide, Report } from '../rule';

/** A report, with its other side and the level that it has where it is. */
interface Side {
  readonly report: Report;
  readonly side: OtherSide;
  readonly level: NonNullable<Report['level']>;
}

/** So many reports are pointed to from one other side, and so many of them give it their fixes. */
const mostRelated = 10;
const mostFixed = 5;

const rank = { info: 1, warning: 2, error: 3 } as const;

/** The other sides of reports in one document: those at one place are one finding, which names all accounts. */
export class OtherSides {
  private readonly byPlace = new Map<string, Side[]>();

  /** @param level of the report where it is */
  note(report: Report, level: Side['level']): void {
    const side = report.otherSide!;
    const { start, end } = side.at.span;
    const key = `${start} ${end}`;
    const sides = this.byPlace.get(key) ?? [];
    if (sides.length === 0) this.byPlace.set(key, sides);
    sides.push({ report, side, level });
  }

  /** A report for each place. */
  reports(): Report[] {
    return Array.from(this.byPlace.values(), merged);
  }
}

function merged(sides: readonly Side[]): Report {
  const { side } = sides[0]!;
  const names = [...new Set(sides.map((each) => each.side.name))];
  const fixes = fixesOf(sides, names.length === 1);
  const level = sides.reduce<Side['level']>((most, each) => (rank[each.level] > rank[most] ? each.level : most), 'info');
  return {
    ...side.at,
    message: side.message(names, fixes),
    level,
    related: sides.slice(0, mostRelated).map(({ report: { doc, span }, side: { related } }) => ({ at: { doc, span }, message: related })),
    fixes,
    otherSideOf: sides.map(({ report: { doc, span } }) => ({ doc, span })),
  };
}

/** The fixes of all reports, each once. Of two that have one title and are not the same, neither says what it is about. */
function fixesOf(sides: readonly Side[], isOneAccount: boolean): Fix[] {
  const byTitle = new Map<string, { readonly fix: Fix; readonly edits: string } | undefined>();
  for (const { report, side } of sides.slice(0, mostFixed)) {
    for (const fix of isOneAccount ? (report.fixes ?? []) : side.named) {
      const edits = JSON.stringify(fix.edits.map(({ doc, span, newText }) => [doc.uri, doc.index, span.start, span.end, newText]));
      const known = byTitle.get(fix.title);
      if (!byTitle.has(fix.title)) byTitle.set(fix.title, { fix, edits });
      else if (known?.edits !== edits) byTitle.set(fix.title, undefined);
    }
  }
  return [...byTitle.values()].flatMap((each) => (each ? [each.fix] : []));
}
