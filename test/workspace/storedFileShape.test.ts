import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredFile } from '../../server/src/core/workspace/files/storedFile';
import { isStoredFile } from '../../server/src/core/workspace/files/storedFileShape';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { parseFixture } from '../support/fixture';
import { uriOf } from '../support/fixtureWorkspace';
import { runs } from '../support/runs';

setHclParser(await loadHcl());

const rules = join(import.meta.dirname, '../rules');
const kept = readdirSync(rules, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixture'))
  .sort()
  .flatMap((file) => {
    const workspace = new Workspace();
    const { files } = parseFixture(readFileSync(join(rules, file), 'utf8'));
    for (const [path, text] of files) workspace.load(uriOf(path), text);
    return [...files.keys()].flatMap((path): { uri: string; file: StoredFile }[] => {
      const found = workspace.stored(uriOf(path));
      // As it comes from the store.
      return found ? [{ uri: uriOf(path), file: deserialize(serialize(found)) as StoredFile }] : [];
    });
  });

/** The ways to every value in a value. */
function waysIn(value: unknown, way: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, each]) => waysIn(each, [...way, key]))];
}

const wrong = fc.constantFrom<unknown>(
  null,
  0,
  -1,
  1.5,
  NaN,
  '',
  'x',
  true,
  false,
  [],
  [null],
  {},
  { kind: 'x' },
  { kind: 'serviceAccount' },
  { start: 0 },
  new Map(),
  new Date(0),
  undefined,
);

describe('what is stored of a file', () => {
  it('has a shape that every fixture fits', () => {
    expect(kept.length).toBeGreaterThan(300);
    for (const { uri, file } of kept) expect(isStoredFile(file, uri), uri).toBe(true);
    expect(new Set(kept.flatMap(({ file }) => file.facts.map(({ kind }) => kind))).size).toBeGreaterThanOrEqual(9);
  });

  it('is of the file that it is stored for', () => {
    const { uri, file } = kept.find(({ file: { facts } }) => facts.length > 0)!;
    expect(isStoredFile(file, `${uri}x`)).toBe(false);
  });

  it('is refused with a value of another type anywhere, or does no harm', () => {
    const most = kept.filter(({ file }) => file.facts.length > 0);
    fc.assert(
      fc.property(fc.nat(most.length - 1), fc.nat(100_000), wrong, (at, place, value) => {
        const { uri, file } = most[at]!;
        const copy = { file: structuredClone(file) as unknown };
        const ways = waysIn(copy).slice(1);
        const way = ways[place % ways.length]!;
        const holder = way.slice(0, -1).reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, copy);
        const was = holder[way[way.length - 1]!];
        holder[way[way.length - 1]!] = value;
        if (!isStoredFile(copy.file, uri)) return;
        // A value of the same type, or an optional one left out: what it leads to must not throw.
        expect(`${typeof value} ${Array.isArray(value)}`, way.join('.')).toBe(
          value === undefined ? 'undefined false' : `${typeof was} ${Array.isArray(was)}`,
        );
        const errors: string[] = [];
        const workspace = new Workspace({ log: (message) => errors.push(message) });
        workspace.restore(uri, copy.file);
        workspace.check(uri);
        expect(errors, way.join('.')).toEqual([]);
      }),
      { numRuns: runs(1500) },
    );
  });

  it.each([
    undefined,
    null,
    5,
    'x',
    [],
    {},
    { facts: {}, suppressions: [], lines: [] },
    { facts: [], suppressions: [], lines: [5, 3] },
    new Map(),
  ])('is not %j', (value) => {
    expect(isStoredFile(value, 'file:///a')).toBe(false);
  });
});
