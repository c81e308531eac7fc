import { readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsBelow, importsOf, type Import } from './imports';

interface Layers {
  /** The folders of core/, each of which may import itself and those before it. */
  readonly order: readonly string[];
  /** The packages that core may use: pure ones. */
  readonly packages: readonly string[];
  readonly fronts: readonly string[];
}

const root = resolve(import.meta.dirname, '../..');
const layers = JSON.parse(readFileSync(join(import.meta.dirname, 'layers.json'), 'utf8')) as Layers;

/** What is wrong with an import inside server/src/core; undefined when nothing is. */
function coreOffence({ from, specifier, target }: Import): string | undefined {
  if (target === undefined) return layers.packages.includes(specifier) ? undefined : `core is pure and does not use "${specifier}"`;
  if (target.startsWith('..')) return 'core imports nothing outside of core';
  const [folder, inner] = [from.split('/'), target.split('/')];
  if (folder.length === 1 || inner.length === 1) return 'every file of core is in a folder of layers.json';
  const [here, there] = [folder[0]!, inner[0]!];
  for (const name of [here, there]) if (!layers.order.includes(name)) return `the folder ${name} has no place in layers.json`;
  if (layers.order.indexOf(there) <= layers.order.indexOf(here)) return undefined;
  return `${here} stands before ${there} and does not import it`;
}

/** What is wrong with an import inside server/src. */
function serverOffence({ from, target }: Import): string | undefined {
  if (target?.startsWith('../../protocol/')) return from.startsWith('lsp/') ? undefined : 'the messages are for the language server';
  if (target?.startsWith('..')) return 'the server imports nothing outside of server/src and protocol/';
  const [here, there] = [from.split('/')[0]!, target?.split('/')[0]];
  if (!layers.fronts.includes(here) || there === undefined || here === there) return undefined;
  if (here === 'host') return there === 'core' ? undefined : 'host knows no front';
  return there === 'lsp' || there === 'cli' ? 'the fronts do not know each other' : undefined;
}

/** The client and the server run apart: their messages are all that they share. */
function clientOffence({ from, target }: Import): string | undefined {
  if (!target?.startsWith('..')) return undefined;
  const path = posix.join('client/src', posix.dirname(from), posix.relative(posix.dirname(from), target));
  return path.startsWith('protocol/') ? undefined : 'the client shares protocol/ with the server, and nothing else';
}

/** The messages know no more than shapes of what they carry. */
function protocolOffence({ target, typeOnly }: Import): string | undefined {
  return target === undefined || !target.startsWith('..') || (typeOnly && target.startsWith('../server/src/core/'))
    ? undefined
    : 'the messages take types of core alone';
}

function offences(folder: string, judge: (item: Import) => string | undefined): string[] {
  return importsBelow(join(root, folder)).flatMap((item) => {
    const offence = judge(item);
    return offence ? [`${folder}/${item.from}:${item.line} imports ${item.specifier}: ${offence}`] : [];
  });
}

describe('the walls of the house', () => {
  it('core is pure, and its imports run one way', () => {
    expect(offences('server/src/core', coreOffence)).toEqual([]);
  });

  it('fronts do not know each other', () => {
    expect(offences('server/src', serverOffence)).toEqual([]);
  });

  it('the client talks to the server through messages alone', () => {
    expect(offences('client/src', clientOffence)).toEqual([]);
    expect(offences('protocol', protocolOffence)).toEqual([]);
  });
});

describe('the check itself', () => {
  const judge = (from: string, code: string) => importsOf(from, code).map(coreOffence);

  it.each([
    ['text/a.ts', "import { x } from '../syntax/b';"],
    ['text/a.ts', "import type { X } from '../syntax/b';"],
    ['rules/a.ts', "export * from '../features/b';"],
    ['rules/a/b.ts', "const x = await import('../../features/b');"],
    ['model/a.ts', "let x: import('../wiring/b').X;"],
    ['model/a.ts', "import fs from 'node:fs';"],
    ['model/a.ts', "const path = require('path');"],
    ['lsp/a.ts', "import { x } from '../text/b';"],
    ['text/a.ts', "import { x } from '../../lsp/b';"],
    ['features/a.ts', "import { Workspace } from '../workspace/workspace';"],
    ['loose.ts', "import { x } from './text/b';"],
    ['workspace/a.ts', "import { x } from '../loose';"],
    ['config/a.ts', "import type { Level } from '../rules/rule';"],
    ['config/a.ts', "import { rule } from '../rules/b';"],
  ])('%s may not say %s', (from, code) => {
    expect(judge(from, code)).toEqual([expect.any(String)]);
  });

  it.each([
    ['rules/a.ts', "import { x } from '../text/b';"],
    ['rules/a/b.ts', "import { x } from '../c'; import { y } from './d';"],
    ['workspace/a/b.ts', "import { x } from '../../features/b'; import { y } from '../c';"],
    ['text/a.ts', "const words = 'import x from \"../features/b\"'; // import y from '../lsp/z'"],
  ])('%s may say %s', (from, code) => {
    expect(judge(from, code).filter(Boolean)).toEqual([]);
  });
});
