import type { Rule } from './rule';

/** Every rule, sorted by id: a line each here, a file each beside this one. */
export const allRules: readonly Rule[] = [
];
