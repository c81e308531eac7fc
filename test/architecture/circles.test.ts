import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circles } from './circles';
import { importsBelow, importsOf, sourceFiles } from './imports';

interface Layers {
  /** Circles that are meant: all their files are in the folder, and a reason is given. */
  readonly circles: readonly { readonly folder: string; readonly reason: string }[];
}

const root = resolve(import.meta.dirname, '../..');
const { circles: meant } = JSON.parse(readFileSync(join(import.meta.dirname, 'layers.json'), 'utf8')) as Layers;

const found = new Map(
  ['server/src', 'client/src'].map((folder) => [folder, circles(sourceFiles(join(root, folder)), importsBelow(join(root, folder)))]),
);

const isMeant = (group: readonly string[]) => meant.some(({ folder }) => group.every((file) => file.startsWith(`${folder}/`)));

describe('imports run in no circle, types included', () => {
  it.each([...found])('%s', (_, groups) => {
    expect(groups.filter((group) => !isMeant(group))).toEqual([]);
  });

  it('each circle that is meant is there, and has a reason', () => {
    for (const { folder, reason } of meant) {
      expect(
        found.get('server/src')!.some((group) => group.every((file) => file.startsWith(`${folder}/`))),
        folder,
      ).toBe(true);
      expect(reason.length).toBeGreaterThan(20);
    }
  });
});

describe('the check itself', () => {
  const of = (texts: Readonly<Record<string, string>>) =>
    circles(
      Object.keys(texts),
      Object.entries(texts).flatMap(([path, text]) => importsOf(path, text)),
    );

  it('sees a circle of types, one through several files, and a file that imports itself', () => {
    expect(of({ 'a.ts': "import type { B } from './b';", 'b.ts': "import { a } from './a';" })).toEqual([['a.ts', 'b.ts']]);
    expect(
      of({
        'a.ts': "export * from './x/b';",
        'x/b.ts': "let c: import('../c').C;",
        'c.ts': "import { a } from './a';",
        'd.ts': "import { a } from './a';",
      }),
    ).toEqual([['a.ts', 'c.ts', 'x/b.ts']]);
    expect(of({ 'a.ts': "import { a } from './a';" })).toEqual([['a.ts']]);
  });

  it('sees none where imports run one way', () => {
    expect(
      of({
        'a.ts': "import { b } from './b'; import { c } from './c';",
        'b.ts': "import { c } from './c';",
        'c.ts': "import ts from 'typescript';",
      }),
    ).toEqual([]);
  });
});
