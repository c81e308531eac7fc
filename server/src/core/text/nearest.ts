/**
 * Damerau–Levenshtein distance (neighbours may be swapped), or `limit + 1` where it is more than `limit`.
 * Costs `limit` times the shorter length.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  // What both begin and end with costs nothing.
  let start = 0;
  let [endA, endB] = [a.length, b.length];
  while (start < endA && start < endB && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) [endA, endB] = [endA - 1, endB - 1];
  const [lengthA, lengthB] = [endA - start, endB - start];
  if (lengthA === 0 || lengthB === 0) return Math.min(lengthA + lengthB, limit + 1);
  const over = limit + 1;
  let before: number[] = [];
  let previous: number[] = [];
  for (let j = 0; j <= lengthB; j++) previous.push(Math.min(j, over));
  let row: number[] = [];
  for (let i = 1; i <= lengthA; i++) {
    const [first, last] = [Math.max(1, i - limit), Math.min(lengthB, i + limit)];
    row[0] = Math.min(i, over);
    if (first > 1) row[first - 1] = over;
    let least = first === 1 ? row[0] : over;
    const codeA = a.charCodeAt(start + i - 1);
    for (let j = first; j <= last; j++) {
      const codeB = b.charCodeAt(start + j - 1);
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (codeA === codeB ? 0 : 1));
      if (i > 1 && j > 1 && codeA === b.charCodeAt(start + j - 2) && codeB === a.charCodeAt(start + i - 2))
        cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (last < lengthB) row[last + 1] = over;
    if (least > limit) return over;
    [before, previous, row] = [previous, row, before];
  }
  return Math.min(previous[lengthB]!, over);
}

/** The known word that was probably meant: at most a third of its letters away, the nearest first. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), Math.min(limit, least - 1));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}
