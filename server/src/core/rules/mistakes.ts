import type { Place } from '../syntax/sourceFile';
import type { Finding } from './rule';

const weight = { info: 1, warning: 2, error: 3 } as const;

/** What tells whether a finding is a mistake of its own. */
export interface Side {
  readonly level: Finding['level'];
  /** The rule and the place of the finding, as one text. */
  readonly key: string;
  /** For the other side of a mismatch: the keys of the findings that it belongs to. */
  readonly otherSideOf?: readonly string[] | undefined;
}

/**
 * The findings that count: a mismatch that is reported on both of its sides is one mistake. The other side counts by itself
 * if none of the findings that it belongs to is among these, at its level or a higher one.
 */
export function mistakesAmong<F>(findings: readonly F[], sideOf: (finding: F) => Side): F[] {
  const sides = findings.map(sideOf);
  const worst = new Map<string, number>();
  for (const { level, key, otherSideOf } of sides) if (!otherSideOf) worst.set(key, Math.max(weight[level], worst.get(key) ?? 0));
  return findings.filter((_, i) => {
    const { level, otherSideOf } = sides[i]!;
    return !otherSideOf?.some((key) => (worst.get(key) ?? 0) >= weight[level]);
  });
}

/** The same for findings of a workspace. */
export function mistakesOf(findings: readonly Finding[]): Finding[] {
  return mistakesAmong(findings, ({ rule, level, at, otherSideOf }) => ({
    level,
    key: keyOf(rule, at),
    otherSideOf: otherSideOf?.map((place) => keyOf(rule, place)),
  }));
}

function keyOf(rule: string, { doc, span }: Place): string {
  return `${rule} ${doc.uri} ${doc.start + span.start} ${doc.start + span.end}`;
}
