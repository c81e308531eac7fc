import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEmbedded } from '../../server/src/core/syntax/embedded';
import { parseJson } from '../../server/src/core/syntax/json/parse';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import { parseYaml } from '../../server/src/core/syntax/yaml/parse';
import { plain } from '../../server/src/core/text/texts';
import { faults } from './show';
import { runs } from '../support/runs';

const pieces = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  '{{',
  '}}',
  '{{- if x }}',
  '{{ end }}',
  '{{- else }}',
  '{{ toYaml . | nindent 4 }}',
  '%{ if x }',
  '%{ endif }',
  '${',
  '<a>',
  ':',
  ': ',
  ',',
  '- ',
  '? ',
  '"',
  "'",
  '\\',
  '|',
  '>',
  '>-\n',
  '&a ',
  '*a',
  '<<: *a',
  '!x ',
  '!Sub ',
  '#',
  ' #',
  '\n',
  '\n  ',
  '\n    ',
  '\t',
  '\r\n',
  '\0',
  '\ud800',
  '\ufeff',
  '\ue000',
  '\ue001',
  'a',
  'b: c',
  '"k": ',
  '---\n',
  '...\n',
  '%7B',
  '//',
  '/*',
  '1',
  '~',
  '@',
  '`',
);
const soup = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));

describe('any text', () => {
  test('gives a tree with sound places', () => {
    fc.assert(
      fc.property(soup, (text) => {
        expect(faults(parseYaml(text), text)).toEqual([]);
        expect(faults(parseJson(text), text)).toEqual([]);
        const inner = parseEmbedded(plain(text));
        if (inner) expect(faults(inner, text)).toEqual([]);
        for (const document of readSourceFile('a.yaml', text).documents) expect(faults(document.tree(), document.text)).toEqual([]);
      }),
      { numRuns: runs(1500) },
    );
  });

  test('the documents of a file are its text', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const file = readSourceFile('a.yaml', text);
        if (file.skipped === undefined) expect(file.documents.map((d) => d.text).join('')).toBe(text);
      }),
    );
  });
});

describe('long and deep texts end in good time', () => {
  const n = 10_000;
  test.each<[string, string]>([
    ['[', '['.repeat(n)],
    ['{a: ', '{a: '.repeat(n)],
    ['- ', '- '.repeat(n)],
    ['? ', '? '.repeat(n)],
    [': ', ': '.repeat(n)],
    ['{{', '{{'.repeat(n)],
    ['{{ x }}', '{{ x }}'.repeat(n)],
    ['${', '${'.repeat(n)],
    ['{%', '{%'.repeat(n)],
    ['{{/*', '{{/*'.repeat(n)],
    ['{{`', '{{`'.repeat(n)],
    ['"', '"'.repeat(n)],
    ['an open quote', `a: "${'x'.repeat(n * 10)}`],
    ['one long line', `a: ${'x '.repeat(n * 10)}`],
    ['controls', '{{ if x }}\n'.repeat(n)],
    ['ends', '{{ end }}\n'.repeat(n)],
    ['emissions', `a: b\n${'{{ x }}\n'.repeat(n)}`],
    ['entries and emissions', 'a: b\n{{ x }}\n'.repeat(n / 10)],
    ['errors in each block', 'a: b: c\n'.repeat(900)],
    ['anchors', '&a '.repeat(n)],
    ['aliases', '*a '.repeat(n)],
    ['tags', '!a '.repeat(n)],
    ['commas', `[${','.repeat(n)}`],
    ['line feeds', '\n'.repeat(n)],
    ['a quoted text of lines', `a: "${'x\n'.repeat(n)}"`],
    ['percent', '%7B'.repeat(n)],
    ['masks', '\ue000\ue001'.repeat(n)],
    ['indented deep', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    [
      'a chain of merges',
      `a0: &a0 {x: 1}\n${Array.from({ length: 300 }, (_, i) => `a${i + 1}: &a${i + 1}\n  <<: *a${i}\n  k${i}: 1\n`).join('')}`,
    ],
  ])('%s', (_, text) => {
    for (const parse of [parseYaml, parseJson, (each: string) => parseEmbedded(plain(each))]) expect(() => parse(text)).not.toThrow();
  });
});
