import { expect, it } from 'vitest';
import { isCrowd, pairsOfOneName } from '../../server/src/core/wiring/crowds';

it('compares as many pairs of one name as it may, and fewer where many names have many', () => {
  expect(pairsOfOneName([], 1000)).toBe(1000);
  expect(pairsOfOneName([1000, 900, 1, 1, 1], 1000)).toBe(1000);
  expect(pairsOfOneName([1_000_000], 1000)).toBe(1000);
  const many = [...Array<number>(50).fill(900), 3];
  const limit = pairsOfOneName(many, 1000);
  expect(many.filter((each) => each <= limit)).toEqual([3]);
  expect(pairsOfOneName(Array<number>(1_000_000).fill(1), 1000)).toBe(1000);
  expect([99, limit, limit + 1, 900].map((pairs) => isCrowd(pairs, { get: () => limit }))).toEqual([false, false, true, true]);
});
