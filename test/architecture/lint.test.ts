import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

/** The rules that a text breaks where it stands in a file of the sources. */
async function broken(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: resolve(root, file) });
  return result!.messages.map(({ ruleId }) => ruleId ?? 'not parsed');
}

const core = 'server/src/core/text/span.ts';
const syntax = 'no-restricted-syntax';

describe('lint', { timeout: 120_000 }, () => {
  it.each([
    ['an expression of a text', 'export const f = (text: string): RegExp => new RegExp(text);', syntax],
    ['one without new', 'export const f = (text: string): RegExp => RegExp(text, "g");', syntax],
    ['one of a template', 'export const f = (text: string): RegExp => new RegExp(`^${text}$`);', syntax],
    ['one of constants that does not say so', "const word = '[a-z]+';\nexport const f = new RegExp(`^${word}$`);", syntax],
    ['another name for RegExp', 'export const f = (text: string): unknown => new globalThis.RegExp(text);', syntax],
    [
      'a text that match makes into one',
      'export const f = (text: string, other: string): unknown => text.match(other);',
      'pod-roles/no-hidden-regexp',
    ],
    [
      'a text that search makes into one',
      'export const f = (text: string, other: string): number => text.trim().search(other);',
      'pod-roles/no-hidden-regexp',
    ],
    ['a library that makes them', "import picomatch from 'picomatch/posix';\nexport const f = picomatch('a');", 'no-restricted-imports'],
    ['a search that may begin below 0', "export const f = (text: string, at: number): number => text.lastIndexOf('x', at - 1);", syntax],
  ])('refuses %s', async (_, text, rule) => {
    for (const file of [core, 'server/src/host/paths.ts', 'server/src/lsp/session.ts', 'server/src/cli/words.ts', 'client/src/log.ts']) {
      expect(await broken(file, `${text}\n`), file).toContain(rule);
    }
  });

  it.each([
    ['literals', "export const f = (text: string): boolean => /a+/.test(text) && new RegExp('a', 'u').test(text);"],
    [
      'a literal under a name',
      'const word = /a+/g;\nexport const f = (text: string): number => Array.from(text.matchAll(word)).length + text.search(word);',
    ],
    [
      'a method of another kind that is called search',
      'export const f = (index: { search(text: string): number }): number => index.search("a");',
    ],
    ['a search from a place', "export const f = (text: string, at: number): number => text.lastIndexOf('x', at);"],
  ])('takes %s', async (_, text) => {
    expect(await broken(core, `${text}\n`)).toEqual([]);
  });
});
