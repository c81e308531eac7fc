import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../server/src/cli/console';
import { jsonText } from '../../server/src/cli/words';
import { errorLines } from '../../server/src/core/text/errorLines';
import { forNotification, visible } from '../../server/src/core/text/visible';
import { runs } from '../support/runs';

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\n',
      '\r',
      '\t',
      ' ',
      '\u001b[2J',
      '\u001b]8;;x\u0007',
      '\u0085',
      '\u007f',
      '\u202e',
      '\u2066',
      '\u2028',
      '\u200b',
      '\ufeff',
      '\u{e0041}',
      '\ud800',
      ':',
      '::',
      '#',
      '##[',
      '##vso[',
      '\u001b[31m',
      'é',
      '🙂',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  maxLength: 12,
});

describe('text made visible', () => {
  it.each([
    ['a\nb\tc\r', 'a\\nb\\tc\\r'],
    ['\u001b[2J', '\\x1b[2J'],
    ['x\u202Egpj', 'x\\u202egpj'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\ufffd'],
    ['shop é 🙂', 'shop é 🙂'],
    ['a##[error]b', 'a#\\x23[error]b'.replace('#\\x23', '\\x23#')],
    ['##vso[task.setvariable]', '\\x23#vso[task.setvariable]'],
    ['# a #b', '# a #b'],
  ])('%j is %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('holds nothing that cannot be seen, whatever it was, and stays so', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(unseen);
        expect(shown).not.toMatch(/##(vso|teamcity)?\[/i);
        expect(visible(shown)).toBe(shown);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('is no link in a notification', () => {
    expect(forNotification('[click](command:workbench.action.quit)\nx')).toBe('[click] (command:workbench.action.quit) x');
  });
});

describe('what is printed', () => {
  it('is no command of a CI runner, and has no control but ours', () => {
    fc.assert(
      fc.property(fc.array(hostile), (texts) => {
        for (const line of printable(texts.join('\n')).split('\n')) {
          expect(
            line
              .replace(/\r$/, '')
              .replace(/\u001b\[(1|2|22|3[1236]|39)m/g, '')
              .replaceAll('\t', ''),
          ).not.toMatch(unseen);
          expect(line).not.toMatch(/^\s*::/);
          expect(line).not.toMatch(/##(vso|teamcity)?\[/i);
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it('is left as it is where it is plain', () => {
    const plain = 'a: b\n  \u001b[31merror\u001b[39m  x::y\n\t# c\r\n';
    expect(printable(plain)).toBe(plain);
  });
});

it('JSON is read back as it was, and holds only what can be seen', () => {
  fc.assert(
    fc.property(fc.record({ path: hostile, more: fc.array(hostile) }), (value) => {
      for (const indent of [undefined, 2]) {
        const text = jsonText(value, indent);
        expect(JSON.parse(text)).toEqual(value);
        expect(text.replaceAll('\n', '')).not.toMatch(unseen);
        expect(text).not.toMatch(/##(vso|teamcity)?\[/i);
      }
    }),
    { numRuns: runs(1000) },
  );
});

it('an error is its message in one line and its frames', () => {
  const [head, ...frames] = errorLines(new TypeError('a\n    at forged (x)\n::error::b'));
  expect(head).toBe('TypeError: a\\n    at forged (x)\\n::error::b');
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.join('\n')).not.toContain('forged');
  expect(errorLines('no\nerror')).toEqual(['no\\nerror']);
});
