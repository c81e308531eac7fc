import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hclText } from '../../server/src/core/generate/text/hcl';
import { Block, toYaml, type YamlValue } from '../../server/src/core/generate/text/yaml';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { loadHcl } from '../../server/src/hcl/load';
import { runs } from '../support/runs';

const odd = [
  'no',
  'y',
  '1e3',
  '0x1f',
  '1_000',
  '12:30:45',
  '2020-01-01',
  '~',
  '',
  ' a',
  'a ',
  'a: b',
  'a #b',
  '- a',
  '? a',
  '!x',
  '&a',
  '*a',
  '{a}',
  '[a]',
  '|',
  '>',
  '%a',
  '@a',
  '`a',
  '"',
  "'",
  '\\',
  '\t',
  'a\nb',
  '\n',
  '.inf',
  '.nan',
  '=',
  '<<',
  '---',
  '...',
  'é',
  '\u2028',
  '\u0085',
  '🙂',
  '0o7',
  '+1',
  '-',
  ':',
  'a:',
  '{{ x }}',
  'Null',
  'arn:aws:iam::1:role/x*',
];
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom(...odd));

describe('YAML', () => {
  const tree = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        text.filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 3 },
      ),
    ),
  })).value;

  test.each(['1.1', '1.2'] as const)('of any value is read back as it was, by YAML %s', (version) => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(parse(toYaml(value as YamlValue), { version, maxAliasCount: 0 })).toEqual(value);
      }),
      { numRuns: runs(500) },
    );
  });

  test('a block holds its text as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          text,
          fc.array(text).map((lines) => lines.join('\n')),
        ),
        (json) => {
          expect(parse(toYaml({ a: { b: new Block(json) }, c: [new Block(json)] }))).toEqual({ a: { b: json }, c: [json] });
        },
      ),
      { numRuns: runs(300) },
    );
  });

  test('reads as people write it', () => {
    expect(
      toYaml({
        apiVersion: 'v1',
        spec: { list: [{ name: 'a', on: true }, 'b'], none: [], gone: undefined, policy: new Block('{\n  "a": 1\n}\n') },
      }),
    ).toBe(
      'apiVersion: v1\nspec:\n  list:\n    - name: a\n      "on": true\n    - b\n  none: []\n  policy: |\n    {\n      "a": 1\n    }\n',
    );
  });
});

describe('HCL', () => {
  beforeAll(async () => setHclParser(await loadHcl()));

  test('a text is one text to Terraform, whatever stands in it', () => {
    const any = fc
      .string({ unit: fc.constantFrom(...'ab c"\\\'é€/:*\n\t\b.-_{}%', '${', '%{'), maxLength: 20 })
      .filter((value) => !/[$%][$%]\{/.test(value));
    fc.assert(
      fc.property(any, (value) => {
        const written = hclText(value);
        const tree = readSourceFile('file:///x.tf', `x = ${written}\n`, 'terraform').documents[0]!.tree();
        expect(tree.problems).toEqual([]);
        expect(tree.hcl!.attributes[0]!.value).toMatchObject({ kind: 'template', parts: [], span: { start: 4, end: 4 + written.length } });
        // Escapes are those of JSON, but for the two signs of templates.
        expect(JSON.parse(written.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{'))).toBe(value);
      }),
    );
    expect(hclText('${aws:PrincipalTag/team} %{if} \b\f \\b é')).toBe('"$${aws:PrincipalTag/team} %%{if} \\u0008\\u000c \\\\b \\u00e9"');
  });
});
