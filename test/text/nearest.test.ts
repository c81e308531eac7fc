import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NearNames, nearlySame } from '../../server/src/core/model/nearNames';
import { editDistance } from '../../server/src/core/text/nearest';
import { runs } from '../support/runs';

/** The definition, letter by letter: neighbours may be swapped once. */
function byDefinition(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (__, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
}

it('an edit distance is what its definition says, up to the limit', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 9 });
  fc.assert(
    fc.property(word, word, fc.nat(5), (a, b, limit) => {
      expect(editDistance(a, b, limit)).toBe(Math.min(byDefinition(a, b), limit + 1));
    }),
    { numRuns: runs(3000) },
  );
});

it('the near ones of many names are those that are near one by one', () => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', '-', 'z', '1'), minLength: 1, maxLength: 14 }),
    fc
      .tuple(
        fc.constantFrom('demo', 'dmeo', 'checkout', 'chekcout-api', 'payments'),
        fc.constantFrom('', '-sa', '-irsa', '-service-account', '-dev', 'x', '2'),
      )
      .map(([a, b]) => a + b),
  );
  let near = 0;
  fc.assert(
    fc.property(name, fc.array(name, { maxLength: 12 }), (own, others) => {
      const expected = others.filter((other) => nearlySame(other, own));
      expect(new NearNames(others).to(own)).toEqual(expected);
      near += expected.length;
    }),
    { numRuns: runs(3000) },
  );
  expect(near).toBeGreaterThan(runs(3000) / 30);
});
