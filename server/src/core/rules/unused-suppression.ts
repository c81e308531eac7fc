import type { Finding, Level, Rule } from './rule';
import type { SuppressedId, Suppression } from './suppressions';
import { headline, lines } from '../text/message';
import { nearest } from '../text/nearest';

/** The page: see pages.ts. */
export const doc = `A comment such as \`# pod-roles-disable-next-line ID\` that suppresses nothing, or that names a rule that doesn't exist.

## Why
A suppression that is no longer needed will hide the next finding, which may be real. A misspelt id suppresses nothing, so the finding is still reported.

A comment without ids turns off all rules. Several ids are separated by commas; what follows \` -- \` is a reason for readers.

| comment | suppresses findings on |
|---|---|
| \`# pod-roles-disable-next-line ID\` | the next line that isn't a comment |
| \`# pod-roles-disable-line ID\` | its own line |
| \`# pod-roles-disable-file ID\` | the whole file, all its documents |

In JSON with comments, use \`//\` and \`/* */\`; for plain JSON and whole folders, use \`pod-roles.yaml\`.

## Wrong
\`\`\`yaml
metadata:
  annotations:
    # pod-roles-disable-next-line role-arn-malformed
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right
\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## When to turn it off
If files are shared with users of another version of Pod Roles that reports other findings.
`;

/** The engine itself reports its findings, after all rules have run: see {@link auditSuppressions}. */
export const unusedSuppression: Rule = {
  id: 'unused-suppression',
  level: 'info',
  title: 'Unused suppression',
  fixable: true,
  since: '0.1.0',
  source: 'Pod Roles, contract.md: a suppression that suppresses nothing is reported',
  checks: {},
};

/**
 * Applies suppressions to findings.
 * @returns the other findings, and the findings on the suppressions themselves.
 */
export function auditSuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  rules: readonly Rule[],
  levels: ReadonlyMap<string, Level>,
): { kept: Finding[]; audit: Finding[] } {
  if (suppressions.length === 0) return { kept: [...findings], audit: [] };
  const used = new Set<Suppression | SuppressedId>();
  const index = new SuppressionIndex(suppressions, used);
  const kept = findings.filter((finding) => !index.hides(finding));
  const level = levels.get(unusedSuppression.id) ?? unusedSuppression.level;
  if (level === 'off') return { kept, audit: [] };
  const known = new Set(rules.map((rule) => rule.id));
  const silenced = suppressions.some((s) => s.kind === 'file' && s.ids.some((each) => each.id === unusedSuppression.id));
  if (silenced) return { kept, audit: [] };
  return { kept, audit: suppressions.flatMap((s) => audit(s, used, known, levels)).map((f) => ({ ...f, level })) };
}

/** Suppressions of one place, with a cache of the rules they hide: each suppression is checked once for each rule. */
class Place {
  readonly suppressions: Suppression[] = [];
  private readonly answers = new Map<string, boolean>();

  constructor(
    readonly start: number,
    readonly end: number,
    private readonly used: Set<Suppression | SuppressedId>,
  ) {}

  /** Whether a rule is suppressed here; notes the comments, or the ids in them, that do so. */
  hides(rule: string): boolean {
    const known = this.answers.get(rule);
    if (known !== undefined) return known;
    let hidden = false;
    for (const suppression of this.suppressions) {
      const id = suppression.ids.find((each) => each.id === rule);
      if (!id && suppression.ids.length > 0) continue;
      this.used.add(id ?? suppression);
      hidden = true;
    }
    this.answers.set(rule, hidden);
    return hidden;
  }
}

/** Suppressions by the place that they cover, so that a finding is compared only with those of its own line and of the file. */
class SuppressionIndex {
  private readonly file: Place;
  /** By document and kind: the lines, ascending. Comments of a kind come in order and so do the lines that they cover. */
  private readonly lines = new Map<string, Place[]>();

  constructor(suppressions: readonly Suppression[], used: Set<Suppression | SuppressedId>) {
    this.file = new Place(0, Infinity, used);
    for (const suppression of suppressions) {
      const {
        kind,
        doc,
        covers: { start, end },
      } = suppression;
      if (kind === 'file') {
        this.file.suppressions.push(suppression);
        continue;
      }
      const key = `${kind} ${doc.index}`;
      let places = this.lines.get(key);
      if (!places) this.lines.set(key, (places = []));
      let place = places[places.length - 1];
      if (place?.start !== start || place.end !== end) places.push((place = new Place(start, end, used)));
      place.suppressions.push(suppression);
    }
  }

  hides({ rule, at }: Finding): boolean {
    let hidden = this.file.suppressions.length > 0 && this.file.hides(rule);
    for (const kind of ['next-line', 'line']) {
      const places = this.lines.get(`${kind} ${at.doc.index}`);
      if (!places) continue;
      const { start } = at.span;
      for (let i = firstAfter(places, start) - 1; i >= 0 && places[i]!.end >= start; i--) if (places[i]!.hides(rule)) hidden = true;
    }
    return hidden;
  }
}

/** The index of the first place that starts after an offset, by halving. */
function firstAfter(places: readonly Place[], offset: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.start > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

function audit(
  suppression: Suppression,
  used: ReadonlySet<Suppression | SuppressedId>,
  known: ReadonlySet<string>,
  levels: ReadonlyMap<string, Level>,
): Omit<Finding, 'level'>[] {
  const where = { 'next-line': 'on the next line', line: 'on this line', file: 'in this file' }[suppression.kind];
  const at = (span: Suppression['span']) => ({ doc: suppression.doc, span });
  const base = { rule: unusedSuppression.id, related: [] };
  if (suppression.ids.length === 0) {
    if (used.has(suppression)) return [];
    return [
      {
        ...base,
        at: at(suppression.span),
        fixes: [],
        message: lines(`Unused suppression: no rule reports anything ${where}.`, undefined, 'Remove it.'),
      },
    ];
  }
  return suppression.ids.flatMap((id) => {
    if (used.has(id) || id.id === unusedSuppression.id) return [];
    if (known.has(id.id)) {
      // A rule that the settings turn off reports nothing anyway.
      if (levels.get(id.id) === 'off') return [];
      return [
        {
          ...base,
          at: at(id.span),
          fixes: [],
          message: lines(headline`Unused suppression: ${id.id} reports nothing ${where}.`, undefined, 'Remove it.'),
        },
      ];
    }
    const meant = nearest(id.id, known);
    return [
      {
        ...base,
        at: at(id.span),
        message: lines(
          headline`Unused suppression: there is no rule "${id.id}".`,
          undefined,
          meant ? `Did you mean ${meant}?` : 'Run `pod-roles rules` for a list.',
        ),
        fixes: meant
          ? [
              {
                title: `Change the rule to ${meant}`,
                safe: false,
                edits: [{ doc: suppression.doc, span: id.span, newText: meant, judged: { value: id.id, encodings: [] } }],
              },
            ]
          : [],
      },
    ];
  });
}
