import type { Hole, Text } from './text';

/**
 * A text as people are shown it. What a file itself writes stays as it is written. A part that no file holds (the account
 * in the ARN of a role that a tool makes) is told in words, and an expression without the marks that stand around it here.
 */
export function shownText(text: Text): string {
  if (text.holes.length === 0) return text.value;
  let out = '';
  let from = 0;
  for (const hole of text.holes) {
    if (hole.start < from) continue;
    out += text.value.slice(from, hole.start) + shownHole(text, hole);
    from = hole.end;
  }
  return out + text.value.slice(from);
}

function shownHole(text: Text, hole: Hole): string {
  if (hole.words !== undefined) return hole.words;
  const written = text.value.slice(hole.start, hole.end);
  return isOurs(text, hole) ? (/^\$\{(.*)\}$/s.exec(written)?.[1] ?? written) : written;
}

/** True for a part that stands in no file, or that an expression gives; false for a placeholder that the file writes. */
export function isOurs(text: Text, hole: Hole): boolean {
  return hole.words !== undefined || (text.borrowed?.some((piece) => piece.start <= hole.start && hole.end <= piece.end) ?? false);
}
