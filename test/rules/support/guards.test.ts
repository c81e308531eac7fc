import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact } from '../../../server/src/core/model/facts';
import { Guards } from '../../../server/src/core/rules/support/guards';
import { runs } from '../../support/runs';

const doc = { uri: 'file:///a.tf', index: 0, start: 0 };
const span = fc.tuple(fc.nat(40), fc.nat(12)).map(([start, length]) => ({ start, end: start + length }));

test('a fix is held against every expression that it reaches into, however they lie in one another', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), span, (expressions, edit) => {
      const facts = [{ borrowed: expressions.map((each) => ({ span: each })) }] as unknown as Fact[];
      const allowed = new Guards(() => facts).allow({ title: '', safe: false, edits: [{ doc, span: edit, newText: 'x' }] });
      expect(allowed).toBe(expressions.every((each) => edit.end <= each.start || edit.start >= each.end));
    }),
    { numRuns: runs(500) },
  );
});
