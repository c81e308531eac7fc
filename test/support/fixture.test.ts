import { describe, expect, test } from 'vitest';
import { applyEdits, parseFixture, writeMarks } from './fixture';

describe('parseFixture', () => {
  test('takes markers out and keeps their places, nested ones too', () => {
    const { files, marks } = parseFixture('Says it.\n==> a.yaml\nx: «one:ab«two@info:cd»»\n');
    expect(files.get('a.yaml')).toBe('x: abcd\n');
    expect(marks).toEqual([
      { path: 'a.yaml', rule: 'two', level: 'info', start: 5, end: 7 },
      { path: 'a.yaml', rule: 'one', start: 3, end: 7 },
    ]);
  });

  test('reads options, several files and what they are after a fix', () => {
    const fixture = parseFixture('Says it.\nonly: one, two\neol: crlf\n==> a.yaml\na\n==> b c.json\n{}\n==> a.yaml after "Do "it""\nb\n');
    expect(fixture.only).toEqual(['one', 'two']);
    expect([...fixture.files]).toEqual([
      ['a.yaml', 'a\r\n'],
      ['b c.json', '{}\r\n'],
    ]);
    expect(fixture.afters).toEqual([{ path: 'a.yaml', title: 'Do "it"', text: 'b\r\n' }]);
  });

  test.each([
    ['no file', 'Only words.\n'],
    ['an open marker', 'x\n==> a\n«one:b\n'],
    ['a stray end', 'x\n==> a\nb»\n'],
    ['a marker without a rule', 'x\n==> a\n«b»\n'],
    ['a file twice', 'x\n==> a\n1\n==> a\n2\n'],
    ['a fix of no file', 'x\n==> a\n1\n==> b after "T"\n2\n'],
  ])('refuses %s', (_, source) => {
    expect(() => parseFixture(source)).toThrow();
  });

  test('writeMarks is its inverse', () => {
    const text = 'x: «one:ab«two@info:cd»»«three:»\n';
    const { files, marks } = parseFixture(`d\n==> a\n${text}`);
    expect(writeMarks(files.get('a')!, marks, true)).toBe(text);
  });
});

describe('applyEdits', () => {
  test('applies in any order', () => {
    expect(
      applyEdits('abc', [
        { start: 3, end: 3, newText: '!' },
        { start: 0, end: 1, newText: 'A' },
      ]),
    ).toBe('Abc!');
  });
  test('refuses overlaps', () => {
    expect(() =>
      applyEdits('abc', [
        { start: 0, end: 2, newText: '' },
        { start: 1, end: 3, newText: '' },
      ]),
    ).toThrow();
  });
});
