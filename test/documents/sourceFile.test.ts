import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeSourceFile } from '../../server/src/core/documents/changeSourceFile';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import type { SourceFile } from '../../server/src/core/syntax/sourceFile';
import { mayMatter } from '../../server/src/core/readers/prescan/trigger';
import { show } from '../syntax/show';
import { runs } from '../support/runs';

const texts = (text: string) => readSourceFile('a.yaml', text).documents.map((d) => d.text);

describe('readSourceFile', () => {
  test.each([
    ['a: 1\n---\nb: 2\n', ['a: 1\n', '---\nb: 2\n']],
    ['---\na: 1\n--- # x\nb: 2\n', ['---\na: 1\n', '--- # x\nb: 2\n']],
    ['a: 1\n...\nb: 2\n...\n', ['a: 1\n...\n', 'b: 2\n...\n']],
    ['a: |\n  x\n  ---\n  y\n', ['a: |\n  x\n  ---\n  y\n']],
    ['a: |\n x\n---\ny: 1', ['a: |\n x\n', '---\ny: 1']],
    ['a: "x\n---\ny"', ['a: "x\n', '---\ny"']],
    ['----\na: 1\n---x\n', ['----\na: 1\n---x\n']],
    ['\ufeff---\na: 1', ['\ufeff---\na: 1']],
    ['a: 1\r\n---\r\nb: 2', ['a: 1\r\n', '---\r\nb: 2']],
    ['a\u2028---\nb', ['a\u2028---\nb']],
    ['---', ['---']],
    ['', ['']],
  ])('cuts %j', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  test.each<[string, string, string | undefined, string | undefined]>([
    ['x/a.yaml', 'a: 1', undefined, 'yaml'],
    ['x/a.YML', 'a: 1', undefined, 'yaml'],
    ['x/trust.json', '{}', undefined, 'json'],
    ['x/trust.json.tpl', '{}', undefined, 'json'],
    ['x/values.yaml.gotmpl', 'a: 1', undefined, 'yaml'],
    ['file:///x/a.json?y', '{}', undefined, 'json'],
    ['untitled:1', '{"a": 1}', 'jsonc', 'json'],
    ['untitled:1', 'a: 1', 'yaml', 'yaml'],
    ['templates/sa.yaml', 'a: 1', 'helm', 'yaml'],
    ['-', ' [1]', undefined, 'json'],
    ['-', 'kind: List', undefined, 'yaml'],
    ['main.tf', 'a = 1', undefined, 'hcl'],
    ['README.md', 'a: 1', undefined, 'prose'],
    ['main.tf', 'a = 1', 'terraform', 'hcl'],
    ['kustomization', 'a: 1', undefined, 'yaml'],
  ])('%s (%j, %s) is %s', (uri, text, language, syntax) => {
    const file = readSourceFile(uri, text, language);
    expect(file.documents.length > 0 ? file.syntax : undefined).toBe(syntax);
    expect(file.skipped).toBe(undefined);
  });

  test('only documents with a trigger word are relevant, and a kustomization always', () => {
    const file = readSourceFile('a.yaml', 'kind: Service\n---\nkind: ServiceAccount\n---\nkind: ConfigMap\n');
    expect(file.documents.map((d) => d.relevant)).toEqual([false, true, false]);
    expect(readSourceFile('x/kustomization.yaml', 'namespace: a\n').documents[0]?.relevant).toBe(true);
    expect(mayMatter('eks.amazon.com/role_arn: x')).toBe(true);
    expect(mayMatter('# pod-roles-disable-file x')).toBe(true);
    expect(mayMatter('kind: Service')).toBe(false);
  });

  test('binary text is skipped, and says so', () => {
    const file = readSourceFile('a.yaml', 'a: 1\0\0');
    expect([file.skipped, file.documents]).toEqual(['binary file', []]);
    expect(readSourceFile('a.yaml', '\ufffd'.repeat(100)).skipped).toBe('binary file');
    expect(readSourceFile('a.yaml', 'a: "\x1b[31m"').skipped).toBe(undefined);
  });

  test('a tree is made once', () => {
    const [document] = readSourceFile('a.yaml', 'a: 1').documents;
    expect(document!.tree()).toBe(document!.tree());
  });
});

describe('changeSourceFile', () => {
  const view = (file: SourceFile) =>
    file.documents.map((d) => ({ text: d.text, start: d.ref.start, index: d.ref.index, relevant: d.relevant, tree: show(d.tree().root) }));

  test('documents that an edit leaves alone are the same objects, moved', () => {
    const before = 'a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4\n';
    const file = readSourceFile('a.yaml', before);
    const tree = file.documents[3]!.tree();
    const changed = changeSourceFile(file, before.replace('b: 2', 'b: 22\n---\nx: 1'));
    expect(changed.documents.map((d) => d.text)).toEqual(['a: 1\n', '---\nb: 22\n', '---\nx: 1\n', '---\nc: 3\n', '---\nd: 4\n']);
    expect(changed.documents[0]).toBe(file.documents[0]);
    expect(changed.documents[4]).toBe(file.documents[3]);
    expect(changed.documents[4]!.tree()).toBe(tree);
    expect(changed.documents[4]!.ref).toMatchObject({ index: 4, start: 33 });
  });

  const pieces = fc
    .array(
      fc.constantFrom(
        '---',
        '...',
        '\n',
        '\n---\n',
        '\n...\n',
        'a: 1',
        ' ',
        '-',
        '.',
        '\r\n',
        '"',
        'ServiceAccount',
        '#',
        '\ufeff',
        '|\n x',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(12), pieces), { minLength: 1, maxLength: 6 });

  test.each(['a.yaml', 'a.json'])('any sequence of edits equals a fresh reading (%s)', (uri) => {
    fc.assert(
      fc.property(pieces, pieces, edits, (head, tail, changes) => {
        let text = head + tail;
        let file = readSourceFile(uri, text);
        for (const [at, length, insert] of changes) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + length);
          file = changeSourceFile(file, text);
          expect(view(file)).toEqual(view(readSourceFile(uri, text)));
        }
      }),
      { numRuns: runs(400) },
    );
  });
});
