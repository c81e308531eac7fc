import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoted, shown } from '../../server/src/core/text/shown';

describe('a value in a message', () => {
  test('is one short line without control characters, and half of no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const each of [shown(text), JSON.parse(quoted(text)) as string]) {
          expect(each.length).toBeLessThanOrEqual(110);
          if (!/\p{Cs}/u.test(text)) expect(each).not.toMatch(/\p{Cs}/u);
        }
        expect(shown(text)).not.toMatch(/[\u0000-\u001f\u2028\u2029]/);
        expect(quoted(text)).not.toMatch(/[\u0000-\u001f]/);
      }),
    );
  });

  test('keeps its beginning, its end and its spaces', () => {
    const long = `system:serviceaccount:${'a'.repeat(200)}:the-end`;
    expect(shown(long)).toMatch(/^system:serviceaccount:a{48}…a{27}:the-end$/);
    expect(quoted(` a  b `)).toBe('" a  b "');
    expect(shown(' a  b ')).toBe(' a  b ');
    expect(shown('a \r\n  b\u0007')).toBe('a b\ufffd');
    expect(quoted('a\n"b"')).toBe('"a\\n\\"b\\""');
  });
});
