import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { shift } from '../../client/src/documents';

/** Where the character at an offset of the old text stands after the edit; undefined when it was replaced. */
function expected(offset: number, start: number, end: number, text: string): number | undefined {
  if (offset < start) return offset;
  return offset >= end ? offset + text.length - (end - start) : undefined;
}

describe('a position that follows an edit', () => {
  it('stays on its character, whatever is typed elsewhere', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 40 });
    fc.assert(
      fc.property(text, text, fc.nat(40), fc.nat(40), fc.nat(40), (before, typed, a, b, at) => {
        const [start, end, offset] = [Math.min(a, b), Math.max(a, b), at].map((n) => Math.min(n, before.length)) as [
          number,
          number,
          number,
        ];
        const to = expected(offset, start, end, typed);
        if (to === undefined) return;
        const old = TextDocument.create('file:///a', 'yaml', 1, before);
        const range = { start: old.positionAt(start), end: old.positionAt(end) };
        const after = TextDocument.create('file:///a', 'yaml', 2, before.slice(0, start) + typed + before.slice(end));
        const moved = shift(old.positionAt(offset), { range: range as never, text: typed });
        expect(after.offsetAt(moved)).toBe(to);
      }),
    );
  });

  it('goes to the end of a text that replaces it', () => {
    const range = { start: { line: 1, character: 2 }, end: { line: 2, character: 4 } } as never;
    expect(shift({ line: 2, character: 0 }, { range, text: 'x\nyz' })).toEqual({ line: 2, character: 2 });
  });
});
