/** Stands for every character of a secret: offsets stay those of the paste. Latin-1, so that the text stays compact in memory. */
export const filler = '\u00b7';

/** A stretch of a text: UTF-16 offsets, end exclusive. */
export type Range = readonly [start: number, end: number];

/** The text with each stretch written over, character by character, and how many stretches that were; overlapping ones are one. */
export function writeOver(text: string, ranges: readonly Range[]): { readonly text: string; readonly cut: number } {
  const sorted = ranges.filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0]);
  const parts: string[] = [];
  let at = 0;
  let cut = 0;
  for (const [start, end] of sorted) {
    const from = Math.max(start, at);
    if (end <= from) continue;
    if (start >= at) cut++;
    parts.push(text.slice(at, from), filler.repeat(end - from));
    at = end;
  }
  return { text: parts.join('') + text.slice(at), cut };
}
