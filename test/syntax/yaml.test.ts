import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { valueAt } from '../../server/src/core/syntax/nodes';
import type { ScalarNode } from '../../server/src/core/syntax/tree';
import { parseYaml } from '../../server/src/core/syntax/yaml/parse';
import { documentSpan } from '../../server/src/core/text/texts';
import { faults, show } from './show';
import { runs } from '../support/runs';

const read = (text: string) => show(parseYaml(text).root);

function scalarAt(text: string, key: string): ScalarNode {
  const node = valueAt(parseYaml(text).root, key);
  if (node?.kind !== 'scalar') throw new Error(`no scalar at ${key}`);
  return node;
}

describe('parseYaml', () => {
  test.each([
    ['a: 1\nb: [x, "y", \'z\']\n', '{a: 1, b: ["x", "y", "z"]}'],
    ['a:\n- b: c\n  d: e\n-\n- []\n', '{a: [{b: "c", d: "e"}, null, []]}'],
    ['a:\nb: ~\nc: null\nd: ""\n', '{a: -, b: ~, c: null, d: ""}'],
    ['a: 1\na: 2\n', '{a: 1, a: 2}'],
    ['1: x\ntrue: w\n? [a]\n: z\n', '{1: "x", true: "w", «[a]»: "z"}'],
    ['--- # Source: chart\na: 1\n...\n', '{a: 1}'],
    ['\ufeffa: 1\r\nb:\r\n  c: x\r\n', '{a: 1, b: {c: "x"}}'],
    ['"a": {b: c, d: , e}\n', '{a: {b: "c", d: -, e: -}}'],
    ['# only a comment\n', '-'],
    ['', '-'],
    ['just text', '"just text"'],
    ['a: {}\nb: []', '{a: {}, b: []}'],
    ['a: [b: c]', '{a: [{b: "c"}]}'],
  ])('%j', (text, expected) => {
    const tree = parseYaml(text);
    expect(show(tree.root)).toBe(expected);
    expect(tree.problems).toEqual([]);
    expect(faults(tree, text)).toEqual([]);
  });

  describe('plain scalars are what the Kubernetes API takes them for', () => {
    test.each<[ScalarNode['type'], string]>([
      ['boolean', 'true True TRUE false yes Yes YES no on On off OFF y Y n N'],
      ['number', '0 1 -1 +1 86400 1_000 0x1F 0o17 017 08 0b11 1.5 1. .5 1e3 1E-3 -.inf .NaN 000000000000 111122223333 0.1e+2'],
      ['null', '~ null Null NULL'],
      ['string', 'tRUE yEs nULL 1.2.3 1a 0x 0xg 2024-01-01 2024-01-01T00:00:00Z 12:30:45 +- . .. e3 1e999 arn:aws:iam::1:role/x'],
    ])('%s', (type, values) => {
      for (const value of values.split(' ')) expect([value, scalarAt(`a: ${value}\n`, 'a').type]).toEqual([value, type]);
    });

    test('quotes and blocks are always strings, and tags say otherwise', () => {
      for (const text of ['a: "1"', "a: 'yes'", 'a: |\n  1\n', 'a: !!str 1', 'a: ! 1']) expect(scalarAt(text, 'a').type).toBe('string');
      expect(scalarAt('a: !!int "1"', 'a').type).toBe('number');
      expect(scalarAt('a: !!bool "true"', 'a').type).toBe('boolean');
      expect(scalarAt('a: !!str', 'a').value).toBe('');
    });
  });

  describe('anchors, aliases and merge keys', () => {
    test.each([
      ['a: &x {b: 1}\nc: *x\n', '{a: {b: 1}, ~c: {~b: 1}}'],
      ['a: &x\n  b: 1\n  c: 2\nd:\n  <<: *x\n  c: 3\n', '{a: {b: 1, c: 2}, d: {c: 3, ~b: 1}}'],
      ['a: &x {b: 1}\ny: &y {b: 2, d: 4}\nc:\n  <<: [*x, *y]\n', '{a: {b: 1}, y: {b: 2, d: 4}, c: {~b: 1, ~d: 4}}'],
      ['a: &x v\n*x : w\n', '{a: "v", v: "w"}'],
      ['a:\n  <<: *missing\n  b: 1\n', '{a: {b: 1, +}}'],
      ['a: *missing\n', '{~a: ?*missing?}'],
      ['a: &x\n  b: *x\n', '{a: {~b: ?*x?}}'],
      ['a: &x\n  <<: *x\n  b: 1\n', '{a: {b: 1, +}}'],
      ['"<<": {a: 1}\n', '{<<: {a: 1}}'],
    ])('%j', (text, expected) => {
      expect(read(text)).toBe(expected);
    });

    test('a bomb of aliases ends at the budget', () => {
      const level = (i: number) =>
        `l${i}: &l${i} [${Array(9)
          .fill(i === 0 ? 'x' : `*l${i - 1}`)
          .join(', ')}]\n`;
      const text = Array.from({ length: 12 }, (_, i) => level(i)).join('');
      expect(show(parseYaml(text).root).length).toBeLessThan(2_000_000);
    });
  });

  describe('tags of other languages', () => {
    test.each([
      ['a: !Ref Role\n', '{a: ?Role?}'],
      ['a: !GetAtt Role.Arn\n', '{a: ?Role.Arn?}'],
      ['a: !Sub "arn:aws:iam::${AWS::AccountId}:role/${!x}"\n', '{a: "arn:aws:iam::«${AWS::AccountId}»:role/${!x}"}'],
      ['a: !Sub ["${x}-y", {x: 1}]\n', '{a: "«${x}»-y"}'],
      ['a: !Join ["", [a, b]]\nb: 1\n', '{a: ?["", [a, b]]?, b: 1}'],
      ['a: !If\n- x\n- y\n', '{a: ?- x\n- y\n?}'],
    ])('%j', (text, expected) => {
      const tree = parseYaml(text);
      expect(show(tree.root)).toBe(expected);
      expect(tree.problems).toEqual([]);
    });
  });

  describe('placeholders in flow syntax', () => {
    test.each([
      ['a: [ROLE_ARN]', '{a: "«[ROLE_ARN]»"}'],
      ['a: [YOUR ROLE ARN]', '{a: "«[YOUR ROLE ARN]»"}'],
      ['a: {account_id}', '{a: "«{account_id}»"}'],
      ['a: <ARN>', '{a: "«<ARN>»"}'],
      // real collections
      ['a: [get]', '{a: ["get"]}'],
      ['a: [kube-system]', '{a: ["kube-system"]}'],
      ['a: ["X_Y"]', '{a: ["«X_Y»"]}'],
      ['a: [A, B]', '{a: ["A", "B"]}'],
      ['a: [sts:AssumeRole]', '{a: ["sts:AssumeRole"]}'],
      ['a: {b: c}', '{a: {b: "c"}}'],
    ])('%j', (text, expected) => {
      expect(read(text)).toBe(expected);
    });
  });

  test('spans end with the content, not with the white space after it', () => {
    const text = 'a:\n  b: 1\n\n# comment\n\nc: 2\n';
    const root = parseYaml(text).root;
    if (root?.kind !== 'map') throw new Error('no map');
    expect(root.entries.map((e) => text.slice(e.span.start, e.span.end))).toEqual(['a:\n  b: 1', 'c: 2']);
    const a = root.entries[0]!.value!;
    expect(text.slice(a.span.start, a.span.end)).toBe('b: 1');
  });

  test('comments are kept, wherever they stand', () => {
    const text = '# one\na: # two\n  - b # three\nc: | # four\n  # no comment\n# five\n';
    const { comments } = parseYaml(text);
    expect(comments.map((c) => c.text)).toEqual([' one', ' two', ' three', ' four', ' five']);
    for (const c of comments) expect(text.slice(c.span.start, c.span.end)).toBe(`#${c.text}`);
  });

  test.each([
    ['a: b: c\nd: 1\n', 'd: 1'],
    ['a: "x\nb: 1\n', 'b: 1'],
    ['a: [1, 2\nb: 3\n', 'b: 3'],
    ['a: 1\n\tb: 2\nc: 3\n', 'c: 3'],
    ['metadata:\n  name: x\n bad: 1\nspec: w\n', 'spec: "w"'],
    ['a: @x\nb: 1', 'b: 1'],
  ])('reads on after a mistake: %j', (text, expected) => {
    const tree = parseYaml(text);
    expect(tree.problems).not.toEqual([]);
    expect(show(tree.root)).toContain(expected);
    expect(faults(tree, text)).toEqual([]);
  });

  test('every cut of a manifest is read without a fault', () => {
    const text =
      'kind: ServiceAccount\nmetadata:\n  annotations: &a\n    "x\\ty": \'it\'\'s\'\n    p: |\n      {"a": 1}\n  l: [a, {b: *a}]\n  f: >-\n    x\n     y\n';
    for (let end = 0; end <= text.length; end++) {
      const part = text.slice(0, end);
      expect(faults(parseYaml(part), part)).toEqual([]);
    }
  });

  test('deeper than the limit is unknown, and nothing breaks', () => {
    for (const deep of ['['.repeat(10_000), '{a: '.repeat(10_000), '- '.repeat(10_000)]) {
      const tree = parseYaml(`a: 1\nb:\n  ${deep}`);
      expect(show(valueAt(tree.root, 'a'))).toBe('1');
      expect(tree.problems.some((p) => p.message.includes('deeper than 200'))).toBe(true);
    }
  });
});

describe('decoded values', () => {
  const lines = fc.array(fc.constantFrom('x', ' y', '  ', '', '\tz', 'a: b', '# c', '"', "'", '\\n', 'é😀', '\\\\', '\\"', "''"), {
    maxLength: 8,
  });
  const newline = fc.constantFrom('\n', '\r\n');

  /** The library's own decoding is the reference; ours adds the places. */
  const agrees = (text: string) => {
    const expected = parseDocument(text, { schema: 'failsafe', strict: false, logLevel: 'silent' });
    if (expected.errors.length > 0) return;
    const value: unknown = expected.get('k');
    const node = valueAt(parseYaml(text).root, 'k');
    const actual = node?.kind === 'scalar' ? node.value : '';
    expect(actual).toBe(typeof value === 'string' ? value : actual);
    if (node?.kind !== 'scalar') return;
    // Each character that stands for itself stands where the map says.
    for (let i = 0; i < node.value.length; i++) {
      const span = documentSpan(node, i, i + 1);
      const source = text.slice(span.start, span.end);
      if (/[xyzabcé]/.test(node.value[i]!)) expect(source.startsWith(node.value[i]!)).toBe(true);
    }
  };

  test('block scalars', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('|', '>', '|-', '>-', '|+', '>+', '|2', '>1', '|2+'),
        lines,
        newline,
        fc.boolean(),
        (header, content, nl, more) => {
          agrees(`k: ${header}${nl}${content.map((l) => `   ${l}${nl}`).join('')}${more ? `z: 1${nl}` : ''}`);
        },
      ),
      { numRuns: runs(300) },
    );
  });

  test('quoted and plain scalars over several lines', () => {
    fc.assert(
      fc.property(fc.constantFrom('"', "'", ''), lines, newline, (quote, content, nl) => {
        agrees(`k: ${quote}${content.join(`${nl}  `)}${quote}${nl}`);
      }),
      { numRuns: runs(300) },
    );
  });

  test('whatever the library writes is read back', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom<'BLOCK_LITERAL' | 'BLOCK_FOLDED' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE' | 'PLAIN'>(
          'BLOCK_LITERAL',
          'BLOCK_FOLDED',
          'QUOTE_DOUBLE',
          'QUOTE_SINGLE',
          'PLAIN',
        ),
        (value, style) => {
          agrees(stringify({ k: value, z: 1 }, { defaultStringType: style, lineWidth: 20 }));
        },
      ),
      { numRuns: runs(300) },
    );
  });
});
