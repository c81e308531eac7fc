import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseEmbedded } from '../../server/src/core/syntax/embedded';
import { walkNodes } from '../../server/src/core/syntax/nodes';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import { faults } from './show';

/** Real public files, where they are present: each is read without an error, templates too. */
const corpus = path.resolve(import.meta.dirname, '../../../shared/corpus');
const files = existsSync(corpus)
  ? readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(?:ya?ml|json)$/.test(file))
  : [];

describe.skipIf(files.length === 0)('the corpus', () => {
  test.each(files)('%s', (file) => {
    const source = readSourceFile(file, readFileSync(path.join(corpus, file), 'utf8'));
    expect(source.skipped).toBe(undefined);
    for (const document of source.documents.filter((d) => d.relevant)) {
      const tree = document.tree();
      expect(tree.problems).toEqual([]);
      expect(faults(tree, document.text)).toEqual([]);
      for (const node of walkNodes(tree.root)) {
        const inner = node.kind === 'scalar' ? parseEmbedded(node) : undefined;
        if (inner) expect(faults(inner, document.text)).toEqual([]);
      }
    }
  });
});
