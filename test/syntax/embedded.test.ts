import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEmbedded } from '../../server/src/core/syntax/embedded';
import { parseJson } from '../../server/src/core/syntax/json/parse';
import { entryOf, valueAt } from '../../server/src/core/syntax/nodes';
import type { Node, ScalarNode, Tree } from '../../server/src/core/syntax/tree';
import { parseYaml } from '../../server/src/core/syntax/yaml/parse';
import { replacement } from '../../server/src/core/text/texts';
import { faults, show } from './show';
import { runs } from '../support/runs';

/** Each way in which a policy's text stands in a document under the key `p`. */
const wraps: Record<string, (text: string) => string> = {
  literal: (text) => `x: 1\np: |\n  ${text.replaceAll('\n', '\n  ')}\nz: 1\n`,
  'literal, deep, stripped': (text) => `p: |-\n      ${text.replaceAll('\n', '\n      ')}\nz: 1\n`,
  'literal, CRLF': (text) => `p: |\r\n  ${text.replaceAll('\n', '\r\n  ')}\r\nz: 1\r\n`,
  folded: (text) => `p: >-\n  ${text.replaceAll('\n', '\n\n  ')}\n`,
  'single-quoted': (text) => `p: '${text.replaceAll('\n', ' ').replaceAll("'", "''")}'\n`,
  'double-quoted': (text) => `p: ${JSON.stringify(text)}\n`,
  'JSON string': (text) => `{"x": "é", "p": ${JSON.stringify(text)}}`,
  'percent-encoded in JSON': (text) => `{"p": ${JSON.stringify(encodeURIComponent(text))}}`,
  'percent-encoded in YAML': (text) => `a: b\np: ${encodeURIComponent(text)}\n`,
  'JSON string in a literal block': (text) => `p: |\n  ${JSON.stringify({ p: text })}\n`,
};

function read(document: string): Tree {
  return document.startsWith('{') ? parseJson(document) : parseYaml(document);
}

/** The policy's tree in a document, through one or two layers. */
function embedded(document: string): Tree {
  const inner = open(valueAt(read(document).root, 'p'));
  const second = entryOf(inner.root, 'p')?.value;
  return second ? open(second) : inner;
}

function open(node: Node | undefined): Tree {
  if (node?.kind !== 'scalar') throw new Error('no scalar');
  const tree = parseEmbedded(node);
  if (!tree) throw new Error('nothing embedded');
  return tree;
}

function subject(tree: Tree): ScalarNode {
  const [statement] = (valueAt(tree.root, 'Statement') as { items: readonly Node[] }).items;
  const node = valueAt(statement, 'Condition', 'StringEquals', 'x:sub');
  if (node?.kind !== 'scalar') throw new Error('no subject');
  return node;
}

const policy = (value: string, indent?: number) =>
  JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Condition: { StringEquals: { 'x:aud': 'it\'s \\ "q"', 'x:sub': value } } }] },
    null,
    indent,
  );

const values = fc
  .array(fc.constantFrom('a', ':', '"', "'", '\\', 'é', '😀', ' ', '%', '/', '#', '\t'), { minLength: 1, maxLength: 8 })
  .map((parts) => `v${parts.join('')}w`);

describe.each(Object.keys(wraps))('a policy %s', (name) => {
  const wrap = wraps[name]!;

  test('replacing a value and reading again gives exactly that value', () => {
    fc.assert(
      fc.property(values, values, fc.constantFrom(undefined, 2), (before, after, indent) => {
        const document = wrap(policy(before, indent));
        const tree = embedded(document);
        expect(faults(tree, document)).toEqual([]);
        const node = subject(tree);
        expect(node.value).toBe(before);
        const edit = replacement(node, 0, node.value.length, after);
        const edited = document.slice(0, edit.span.start) + edit.newText + document.slice(edit.span.end);
        expect(subject(embedded(edited)).value).toBe(after);
      }),
      { numRuns: runs(60) },
    );
  });

  test('replacing a part leaves the rest', () => {
    fc.assert(
      fc.property(values, values, fc.nat(), fc.nat(), (before, after, a, b) => {
        const document = wrap(policy(before, 2));
        const node = subject(embedded(document));
        const points = Array.from(before).reduce<number[]>((at, c) => [...at, at[at.length - 1]! + c.length], [0]);
        const [start, end] = [points[a % points.length]!, points[b % points.length]!].sort((x, y) => x - y) as [number, number];
        const edit = replacement(node, start, end, after);
        const edited = document.slice(0, edit.span.start) + edit.newText + document.slice(edit.span.end);
        expect(subject(embedded(edited)).value).toBe(before.slice(0, start) + after + before.slice(end));
      }),
      { numRuns: runs(60) },
    );
  });
});

describe('parseEmbedded', () => {
  const of = (document: string) => parseEmbedded(valueAt(parseYaml(document).root, 'p') as ScalarNode);

  test('YAML in a block scalar', () => {
    const document = 'p: |\n  serviceAccount:\n    annotations: {a: b}\n  x: "y\\tz"\n';
    const tree = of(document)!;
    expect(show(tree.root)).toBe('{serviceAccount: {annotations: {a: "b"}}, x: "y\tz"}');
    const x = valueAt(tree.root, 'x') as ScalarNode;
    expect(document.slice(x.span.start, x.span.end)).toBe('y\\tz');
  });

  test('problems and comments stand in the outer document', () => {
    const document = 'p: |\n  {"a": 1 "b": 2} // c\n';
    const tree = of(document)!;
    expect(tree.strict).toBe(false);
    expect(tree.problems.map((p) => document.slice(p.span.start - 1, p.span.end + 1))).toEqual(['1 ']);
    expect(tree.comments.map((c) => document.slice(c.span.start, c.span.end))).toEqual(['// c']);
  });

  test('holes and template branches are kept', () => {
    expect(show(of('p: |\n  {"a": "${x}", "b": <y>}\n')!.root)).toBe('{a: "«${x}»", b: "«<y>»"}');
    expect(show(of('p: |\n  {\n{{- if .q }}\n    "a": "{{ .b }}",\n{{- end }}\n    "c": 1\n  }\n')!.root)).toBe(
      '{a: "«{{ .b }}»", c: 1, +}',
    );
    expect(show(of('p: |\n  a:\n    b: 1\n    {{- toYaml .x | nindent 4 }}\n')!.root)).toContain('{b: 1');
  });

  test.each(['p: text\n', 'p: ""\n', 'p: "a,b"\n', 'p: arn:aws:iam::1:role/x\n', 'p: 50%7B\n', 'p: "%7B%ZZ"\n', 'p: "%7B%ff%22"\n'])(
    'no document, or no fault: %j',
    (document) => {
      const tree = of(document);
      if (tree) expect(faults(tree, document)).toEqual([]);
      else expect(tree).toBe(undefined);
    },
  );
});
