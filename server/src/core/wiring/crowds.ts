/** So many pairs of accounts and workloads of one name are compared: more stand in no repository. */
export const mostJoins = 2_000_000;
/** So many pairs of accounts that ask for a role of one name, and of trust policies that may be that role's. */
export const mostTies = 250_000;

/** Facts of one name that are too many to be joined, and why, in plain words. */
export interface Crowd {
  /** A file that has part in it. */
  readonly uri: string;
  readonly reason: string;
}

/** So many pairs of one name are always compared. */
const fewPairs = 100;

/** Whether the pairs of one name are too many to be compared; `most` is asked only where they may be. */
export function isCrowd(pairs: number, most: { get(): number }): boolean {
  return pairs > fewPairs && pairs > most.get();
}

/**
 * How many pairs of one name are compared: `most`, and fewer where many names have many, so that all that are compared
 * are no more than twice as many.
 * @param pairs the pairs of each name
 */
export function pairsOfOneName(pairs: Iterable<number>, most: number): number {
  const counts = [...pairs].filter((each) => each > fewPairs);
  let limit = most;
  while (limit > fewPairs && sumWithin(counts, limit) > 2 * most) limit /= 2;
  return limit;
}

function sumWithin(counts: readonly number[], limit: number): number {
  let sum = 0;
  for (const each of counts) if (each <= limit) sum += each;
  return sum;
}

/** `1 account`, `2,000 accounts`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${n === 1 ? one : many}`;
}
