import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readByLibrary } from '../../server/src/core/syntax/yaml/library';
import { readSimpleYaml } from '../../server/src/core/syntax/yaml/simple';
import { runs } from '../support/runs';

const value = fc.constantFrom(
  'text',
  'a b',
  '"q r"',
  "'s'",
  "'it''s'",
  String.raw`"x\n\"y"`,
  '[a, "b", c d]',
  '{a: b, c: [1, 2]}',
  '[]',
  '{}',
  '~',
  'null',
  'http://a/b',
  'a # c',
  'a#b',
  '[ROLE]',
  '{account}',
  'arn:aws:iam::1:role/x',
  '"q" # c',
  'yes',
  '012',
  '1.5',
  '${B}',
  '\ue000\ue001',
  '<ACCOUNT_ID>',
  'a, b',
  'x: y',
  '- a',
  '*a',
  '&a x',
  '!Sub x',
  '',
  '  ',
  '# c',
  '|',
  '>',
  'a:',
  "don't",
  'x ',
  '[a: b]',
  '--x=1',
  '-1',
  '---',
  '[--a, -b]',
  '{"a": "b"}',
  "['a' , b ]",
  '[a:b, c]',
  '[a, ]',
  '[a]#c',
  '"a" b',
);
const key = fc.constantFrom('a', 'key', '"q"', "'s'", 'a b', 'eks.amazonaws.com/role-arn', 'x.y/z', '$a', '1', 'é', '<<', 'k ', '\ue000');
const header = fc.constantFrom('|', '>', '|-', '>-', '|+', '|2', '| # c');
const body = fc.array(fc.constantFrom('text', '  more', '', '# no comment', 'a: b', '---', ' odd'), { minLength: 1, maxLength: 4 });
const between = fc.oneof(
  { weight: 8, arbitrary: fc.constant<string[]>([]) },
  { weight: 1, arbitrary: fc.constantFrom<string[][]>([''], ['# c'], ['  # d'], ['      # e'], ['   ']) },
);

/** The lines of a node, for the indentation that it gets. */
type Lines = (indent: number) => string[];
const spaces = (count: number): string => ' '.repeat(count);
const withValue = (head: string, text: string): string => (text === '' ? head : `${head} ${text}`);

const leaf: fc.Arbitrary<Lines> = fc
  .array(fc.tuple(key, value), { minLength: 1, maxLength: 3 })
  .map((entries) => (n) => entries.map(([k, v]) => withValue(`${spaces(n)}${k}:`, v)));
const node: fc.Memo<Lines> = fc.memo((depth) =>
  depth <= 1 ? leaf : fc.oneof({ weight: 3, arbitrary: map(depth) }, { weight: 2, arbitrary: list(depth) }),
);

function map(depth: number): fc.Arbitrary<Lines> {
  const content = fc.oneof(
    { weight: 3, arbitrary: value.map((text) => (n: number, head: string, gap: string[]) => [...gap, withValue(spaces(n) + head, text)]) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(node(depth - 1), fc.constantFrom(2, 2, 2, 4, 0))
        .map(([inner, by]) => (n: number, head: string, gap: string[]) => [spaces(n) + head, ...gap, ...inner(n + by)]),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(header, body)
        .map(([mark, lines]) => (n: number, head: string, gap: string[]) => [
          ...gap,
          `${spaces(n)}${head} ${mark}`,
          ...lines.map((line) => (line === '' ? '' : spaces(n + 2) + line)),
        ]),
    },
  );
  return fc
    .array(fc.tuple(key, content, between), { minLength: 1, maxLength: 3 })
    .map((entries) => (n) => entries.flatMap(([k, lines, gap]) => lines(n, `${k}:`, gap)));
}

function list(depth: number): fc.Arbitrary<Lines> {
  const item = fc.oneof(
    value.map((text) => (n: number) => [`${spaces(n)}- ${text}`]),
    node(depth - 1).map((inner) => (n: number) => {
      const [first = '', ...rest] = inner(n + 2);
      return [`${spaces(n)}- ${first.slice(n + 2)}`, ...rest];
    }),
  );
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => (n) => items.flatMap((lines) => lines(n)));
}

const slip = fc.record({
  at: fc.nat(),
  insert: fc.constantFrom('', ' ', ':', '#', '\n', '-', '"', ']', 'x'),
  remove: fc.constantFrom(0, 1),
});
const text = fc
  .tuple(
    node(4),
    fc.constantFrom('', '---\n', '# c\n', '--- # c\n'),
    fc.constantFrom('\n', '', '\n\n', '\n# end\n'),
    fc.option(slip, { freq: 2, nil: undefined }),
  )
  .map(([lines, head, tail, change]) => {
    const whole = head + lines(0).join('\n') + tail;
    const at = change ? change.at % (whole.length + 1) : 0;
    return change ? whole.slice(0, at) + change.insert + whole.slice(at + change.remove) : whole;
  });

describe('the simple reader', () => {
  it('gives the tree of the library or none', () => {
    let simple = 0;
    fc.assert(
      fc.property(text, (source) => {
        const reading = readSimpleYaml(source);
        if (!reading) return;
        simple++;
        const { root, comments, problems } = readByLibrary(source, false);
        expect({ ...reading, problems: [] }).toEqual({ root, comments, problems });
      }),
      { numRuns: runs(4000) },
    );
    expect(simple, 'some texts must be simple').toBeGreaterThan(runs(4000) / 20);
  });

  it.each([
    [
      'a manifest',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a # the app\n  annotations:\n    "eks.amazonaws.com/role-arn": \'arn:aws:iam::111122223333:role/a\'\n',
    ],
    [
      'lists',
      'args: [--x, "y"]\nenv:\n- name: A\n  value: |\n    {\n      "a": 1\n    }\n- name: B\n  valueFrom: {secretKeyRef: {name: s, key: k}}\n',
    ],
    ['an empty value', 'a:\nb:\n  # nothing\nc: 1\n'],
  ])('takes %s', (_, source) => {
    const { root, comments } = readByLibrary(source, false);
    expect(readSimpleYaml(source)).toEqual({ root, comments });
  });

  it.each([
    ['an anchor', 'a: &x 1\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !Sub x\n'],
    ['a text over lines', 'a: b\n  c\n'],
    ['a tab', 'a:\tb\n'],
    ['a carriage return', 'a: b\r\n'],
    ['a quote over lines', 'a: "b\n  c"\n'],
    ['another document', 'a: b\n---\nc: d\n'],
    ['a mistake', 'a: b: c\n'],
    ['a word', 'text\n'],
    ['nothing', ''],
    ['only comments', '# a\n'],
    ['a merge', '<<: x\n'],
    ['a deeper line behind a value', 'a: b\n  c: d\n'],
    ['nesting without end', Array.from({ length: 100 }, (__, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('leaves %s to the library', (_, source) => {
    expect(readSimpleYaml(source)).toBeUndefined();
  });
});
