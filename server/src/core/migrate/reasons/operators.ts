import type { ReasonFinder } from './finder';

/** Operators that take the account's token themselves. */
export const operatorReasons: ReasonFinder = function* () {
  // What reads their objects says here which of them needs the token.
};
