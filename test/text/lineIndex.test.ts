import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineIndex, lineStart } from '../../server/src/core/text/lineIndex';

describe('LineIndex', () => {
  test('counts \\n, \\r\\n and a lone \\r as line ends', () => {
    const index = new LineIndex('a\nb\r\nc\rd');
    expect(index.starts).toEqual([0, 2, 5, 7]);
    expect(index.positionAt(5)).toEqual({ line: 2, character: 0 });
    expect(index.offsetAt({ line: 1, character: 99 })).toBe(3);
  });

  test('columns are UTF-16 units', () => {
    expect(new LineIndex('😀x').positionAt(2)).toEqual({ line: 0, character: 2 });
  });

  test('clamps what lies outside', () => {
    const index = new LineIndex('ab\ncd');
    expect(index.positionAt(-1)).toEqual({ line: 0, character: 0 });
    expect(index.positionAt(99)).toEqual({ line: 1, character: 2 });
    expect(index.offsetAt({ line: 9, character: 0 })).toBe(5);
    expect(index.offsetAt({ line: -1, character: 4 })).toBe(0);
    expect(index.positionAt(NaN)).toEqual({ line: 0, character: 0 });
  });

  test('offset → position → offset is the identity, save inside a line break', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\n', '\r', 'é', '😀', '\t')).map((parts) => parts.join('')),
        (text) => {
          const index = new LineIndex(text);
          for (let offset = 0; offset <= text.length; offset++) {
            const inBreak = text[offset - 1] === '\r' && text[offset] === '\n';
            if (!inBreak) expect(index.offsetAt(index.positionAt(offset))).toBe(offset);
          }
        },
      ),
    );
  });
});

describe('lineStart', () => {
  test('of a text that begins with empty lines: no line feed behind an offset is taken for one before it', () => {
    const text = '\n\nab\nc';
    expect([-1, 0, 1, 2, 3, 4, 5, 6, 7].map((offset) => lineStart(text, offset))).toEqual([0, 0, 1, 2, 2, 2, 5, 5, 5]);
  });

  test('is never behind its offset, and the lines before it are reached by going up', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\n', 'a', ' ', '\r\n')), fc.nat(40), (parts, offset) => {
        const text = parts.join('');
        const at = Math.min(offset, text.length);
        const start = lineStart(text, at);
        expect(start).toBe(
          text
            .slice(0, at)
            .split('\n')
            .slice(0, -1)
            .reduce((sum, line) => sum + line.length + 1, 0),
        );
        if (start > 0) expect(lineStart(text, start - 1)).toBeLessThan(start);
      }),
    );
  });
});
