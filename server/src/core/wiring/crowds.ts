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

/** `1 account`, `2,000 accounts`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${n === 1 ? one : many}`;
}
