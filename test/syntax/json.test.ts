import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../server/src/core/syntax/json/parse';
import { valueAt } from '../../server/src/core/syntax/nodes';
import type { Node } from '../../server/src/core/syntax/tree';
import { documentSpan } from '../../server/src/core/text/texts';
import { faults, show } from './show';

const read = (text: string) => show(parseJson(text).root);

function toValue(node: Node | undefined): unknown {
  if (node?.kind === 'list') return node.items.map(toValue);
  if (node?.kind === 'map') return Object.fromEntries(node.entries.map((e) => [e.key.value, toValue(e.value)]));
  if (node?.kind !== 'scalar') return undefined;
  return node.type === 'string' ? node.value : JSON.parse(node.value);
}

describe('parseJson', () => {
  test('reads what JSON.parse reads, to the letter', () => {
    const plainKeys = fc.jsonValue({ maxDepth: 4 }).filter((v) => !JSON.stringify(v).includes('__proto__'));
    fc.assert(
      fc.property(plainKeys, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const tree = parseJson(text);
        expect(tree.strict).toBe(true);
        expect(tree.problems).toEqual([]);
        expect(faults(tree, text)).toEqual([]);
        expect(toValue(tree.root)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('keeps keys that stand twice, in order', () => {
    expect(read('{"a":1,"b":2,"a":"3"}')).toBe('{a: 1, b: 2, a: "3"}');
  });

  test.each([
    ['{"a": 1, // why\n"b": [1,2,],}', '{a: 1, b: [1, 2]}'],
    ['\ufeff{"a": /* x */ null}', '{a: null}'],
  ])('comments and trailing commas are read, and are not strict: %j', (text, expected) => {
    const tree = parseJson(text);
    expect(show(tree.root)).toBe(expected);
    expect(tree.problems).toEqual([]);
    expect(tree.strict).toBe(false);
  });

  test('comments are kept', () => {
    expect(parseJson('// one\n{ /* two */ }').comments.map((c) => c.text)).toEqual([' one', ' two ']);
  });

  test.each([
    ['{"a": 1 "b": 2}', '{a: 1, b: 2}'],
    ['{"a": , "b": 2}', '{a: -, b: 2}'],
    ['{"a"', '{a: -}'],
    ['{"a":', '{a: -}'],
    ['{"a": "b', '{a: "b"}'],
    ['{"a": [1, {"b": 2], "c": 3}', '{a: [1, {b: 2}], c: 3}'],
    ['{"a": 1}}', '{a: 1}'],
    ['{"a": {"b": 1, "c": 2', '{a: {b: 1, c: 2}}'],
    ['{a: 1}', '{a: 1}'],
    ["{'a': 1}", `{'a': 1}`],
    ['{"a": True}', '{a: ?True?}'],
    ['{"a": "x\ny": 2}', '{a: "x", y: -, : 2}: -}'],
    ['[1,,2]', '[1, 2]'],
    ['', '-'],
    ['   ', '-'],
    ['nonsense', '?nonsense?'],
  ])('reads on after a mistake: %j', (text, expected) => {
    const tree = parseJson(text);
    expect(show(tree.root)).toBe(expected);
    expect(faults(tree, text)).toEqual([]);
    if (text.trim() !== '') expect(tree.problems).not.toEqual([]);
  });

  test('escapes have exact places', () => {
    const text = String.raw`{"a": "x\n\u00e9\"y\/z"}`;
    const node = valueAt(parseJson(text).root, 'a');
    if (node?.kind !== 'scalar') throw new Error('no scalar');
    expect(node.value).toBe('x\né"y/z');
    const source = (from: number, to: number) => {
      const span = documentSpan(node, from, to);
      return text.slice(span.start, span.end);
    };
    expect([source(0, 1), source(1, 2), source(2, 3), source(3, 4), source(4, 5), source(5, 7)]).toEqual([
      'x',
      '\\n',
      '\\u00e9',
      '\\"',
      'y',
      '\\/z',
    ]);
  });

  test('every cut of a document is read without a fault', () => {
    const text = '{"Version":"2012","Statement":[{"Effect":"Allow","Condition":{"StringEquals":{"x:sub":["a\\"b",1,true,null]}}}]}';
    for (let end = 0; end <= text.length; end++) {
      const part = text.slice(0, end);
      expect(faults(parseJson(part), part)).toEqual([]);
    }
  });

  test('deeper than the limit is unknown, and what follows is read', () => {
    const tree = parseJson(`{"a": ${'['.repeat(1000)}1${']'.repeat(1000)}, "b": 2}`);
    expect(show(valueAt(tree.root, 'b'))).toBe('2');
    expect(tree.problems[0]?.message).toContain('deeper than 200');
  });
});
