import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFixture } from '../support/fixture';
import { openWorkspace } from '../support/fixtureWorkspace';
import { disagreements } from './views';

/**
 * One verdict: finding, lens, hover, map, Explain and counts agree on every account and overlay; what cannot be assumed has
 * its rule; no internal notation is shown. Over all fixtures of rules, the examples and, where it is there, the corpus.
 */
const root = path.resolve(import.meta.dirname, '../..');
const rules = path.join(root, 'test/rules');
const fixtures = readdirSync(rules, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixture'))
  .sort();
const corpus = process.env['POD_ROLES_CORPUS'] ?? path.resolve(root, '../shared/corpus');

function filesOf(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ya?ml|json|tf)$/.test(file))
      .sort()
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(path.join(folder, file), 'utf8')] as const),
  );
}

describe('every view shows the same verdict', () => {
  it.each(fixtures)('%s', (file) => {
    const { files } = parseFixture(readFileSync(path.join(rules, file), 'utf8'));
    const paths = [...files.keys()].filter((name) => name !== 'pod-roles.snapshot.json');
    expect(disagreements(openWorkspace(files), paths)).toEqual([]);
  });

  it('in the examples', () => {
    const files = filesOf(path.join(root, 'examples'));
    expect(
      disagreements(
        openWorkspace(files),
        [...files.keys()].filter((name) => name !== 'pod-roles.snapshot.json'),
      ),
    ).toEqual([]);
  });

  it.skipIf(!existsSync(corpus)).each(
    existsSync(corpus)
      ? readdirSync(corpus, { withFileTypes: true })
          .filter((each) => each.isDirectory())
          .map(({ name }) => name)
          .sort()
      : [''],
  )('in %s', (name) => {
    const files = new Map([...filesOf(path.join(corpus, name))].filter(([file]) => !file.endsWith('pod-roles.yaml')));
    expect(disagreements(openWorkspace(files), [...files.keys()])).toEqual([]);
  });
});
