import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkedText } from '../../server/src/core/text/chunkedText';
import { LineIndex } from '../../server/src/core/text/lineIndex';
import { runs } from '../support/runs';

const piece = fc.constantFrom('a', 'line\n', '\n', '\r\n', '\r', 'é', '', `${'long '.repeat(2000)}\n`, `${'lines\n'.repeat(9000)}`);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.nat(3), fc.nat(100_000)),
  insert: fc.oneof(fc.constantFrom('x', '\n', '', '\r'), text),
});

describe('a text in chunks', () => {
  it('is the text, with its lines, after any edits', () => {
    fc.assert(
      fc.property(text, fc.array(change, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (start, changes, places) => {
        const chunked = new ChunkedText(start);
        let plain = start;
        for (const { at, remove, insert } of changes) {
          const from = Math.floor(at * plain.length);
          const to = Math.min(plain.length, from + remove);
          chunked.replace({ start: from, end: to }, insert);
          plain = plain.slice(0, from) + insert + plain.slice(to);
          const lines = new LineIndex(plain);
          expect(chunked.length).toBe(plain.length);
          expect(chunked.toString() === plain).toBe(true);
          for (const place of places) {
            const offset = place % (plain.length + 2);
            const position = lines.positionAt(offset);
            expect(chunked.positionAt(offset)).toEqual(position);
            expect(chunked.offsetAt(position)).toBe(lines.offsetAt(position));
            const odd = { line: place % (lines.starts.length + 2), character: place % 90 };
            expect(chunked.offsetAt(odd)).toBe(lines.offsetAt(odd));
            expect(chunked.slice(offset, offset + place)).toBe(plain.slice(offset, offset + place));
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it.each([
    [-1, 0],
    [NaN, 0],
    [0, -5],
    [99, 0],
    [0, 99],
  ])('clamps line %d, character %d', (line, character) => {
    expect(new ChunkedText('ab\ncd').offsetAt({ line, character })).toBe(new LineIndex('ab\ncd').offsetAt({ line, character }));
  });
});
