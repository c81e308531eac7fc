import type { Place } from '../syntax/sourceFile';
import type { Finding } from './rule';

const weight = { info: 1, warning: 2, error: 3 } as const;

/**
 * The findings without those that tell a mistake once more on its other side: what a count shows to people. One stays if no
 * finding on its first side is among these, at its level or a higher one.
 */
export function mistakesOf(findings: readonly Finding[]): Finding[] {
  const worst = new Map<string, number>();
  for (const { rule, at, level, otherSideOf } of findings) {
    const key = keyOf(rule, at);
    if (!otherSideOf) worst.set(key, Math.max(weight[level], worst.get(key) ?? 0));
  }
  return findings.filter(({ rule, level, otherSideOf }) => !otherSideOf?.some((at) => (worst.get(keyOf(rule, at)) ?? 0) >= weight[level]));
}

function keyOf(rule: string, { doc, span }: Place): string {
  return `${rule} ${doc.uri} ${doc.start + span.start}`;
}
