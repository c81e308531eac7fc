import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Edit } from '../../server/src/core/rules/rule';
import { parseFixture } from '../support/fixture';
import { closedWorkspace, openWorkspace, uriOf } from '../support/fixtureWorkspace';
import { runs } from '../support/runs';

const folder = path.join(import.meta.dirname, '../rules');
const workspaces = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixture'))
  .sort()
  .map((file) => parseFixture(readFileSync(path.join(folder, file), 'utf8')).files);
const kept = new Set(['pod-roles.yaml', 'pod-roles.snapshot.json']);
const scraps = [
  '',
  ' ',
  '\n',
  '"',
  "'",
  '\\"',
  ':',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '/',
  '{{',
  '}}',
  '${',
  '#',
  '|',
  '&a ',
  '*a',
  '---\n',
  '\\',
  'é',
  '<<: ',
  'https://',
  'Id',
  'EOF\n',
];
const change = fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), scrap: fc.constantFrom(...scraps), again: fc.boolean() });
/** None, few or many mistakes of a hurried hand; line ends as Windows has them, as Unix has them, and both. */
const hand = fc.record({
  changes: fc.array(change, { maxLength: 3 }),
  ends: fc.constantFrom('\n', '\r\n', 'mixed'),
  bom: fc.boolean(),
  final: fc.boolean(),
});

function torn(
  text: string,
  {
    changes,
    ends,
    bom,
    final,
  }: { changes: readonly { at: number; cut: number; scrap: string; again: boolean }[]; ends: string; bom: boolean; final: boolean },
): string {
  let result = text;
  for (const { at, cut, scrap, again } of changes) {
    const from = at % (result.length + 1);
    const gone = result.slice(from, from + cut);
    result = result.slice(0, from) + scrap + (again ? gone + gone : '') + result.slice(from + cut);
  }
  if (!final) result = result.replace(/\n$/, '');
  let line = 0;
  if (ends !== '\n') result = result.replace(/\r?\n/g, () => (ends === 'mixed' && line++ % 3 === 0 ? '\n' : '\r\n'));
  return (bom ? '\uFEFF' : '') + result;
}

/** What is wrong with a text, by other parsers than the product's where there is one. */
function faultsOf(name: string, text: string): number {
  if (/\.json$/.test(name)) {
    try {
      return doubles(text, JSON.parse(text.replace(/^\uFEFF/, '')));
    } catch {
      return 1000;
    }
  }
  if (!/\.ya?ml$/.test(name)) return 0;
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), { uniqueKeys: true, logLevel: 'silent' });
  return Array.isArray(documents) ? documents.reduce((sum, { errors }) => sum + errors.length, 0) : 0;
}

/** How many keys of a JSON text are lost when it is read. */
function doubles(text: string, value: unknown): number {
  let keys = 0;
  JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'object' && each !== null && !Array.isArray(each)) keys += Object.keys(each).length;
    return each;
  });
  return (text.match(/"(?:[^"\\]|\\.)*"\s*:/g) ?? []).length - keys;
}

/** Line ends that are not those of the text around: of each kind, how many. */
function lineEnds(text: string): { lone: number; pairs: number } {
  return { lone: (text.match(/(?<!\r)\n/g) ?? []).length, pairs: (text.match(/\r\n/g) ?? []).length };
}

function apply(text: string, edits: readonly Pick<Edit, 'doc' | 'span' | 'newText'>[]): string {
  let result = text;
  const places = edits
    .map(({ doc, span, newText }) => ({ start: doc.start + span.start, end: doc.start + span.end, newText }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  for (const { start, end, newText } of places) result = result.slice(0, start) + newText + result.slice(end);
  return result;
}

function expectSound(name: string, before: string, after: string, what: string): void {
  expect(faultsOf(name, after), `${what}\n${JSON.stringify(before)}\n${JSON.stringify(after)}`).toBeLessThanOrEqual(faultsOf(name, before));
  const [old, now] = [lineEnds(before), lineEnds(after)];
  if (old.lone === 0 && old.pairs > 0) expect(now.lone, `${what}: lone line feeds in a file of CRLF\n${after}`).toBe(0);
  if (old.pairs === 0) expect(now.pairs, what).toBe(0);
  expect([after.startsWith('\uFEFF'), after.endsWith('\n')], what).toEqual([before.startsWith('\uFEFF'), before.endsWith('\n')]);
}

/** What `check FILE --fix` makes of a file that nobody has open. */
function fixedFromDisk(texts: ReadonlyMap<string, string>, name: string): string | undefined {
  const now = new Map([...texts].map(([file, text]) => [uriOf(file), text]));
  const workspace = closedWorkspace(texts, (uri) => now.get(uri));
  const put = (uri: string, text: string) => {
    now.set(uri, text);
    workspace.load(uri, text);
  };
  const uri = uriOf(name);
  return workspace.fixAll([uri], (each) => (each === uri ? now.get(uri) : undefined), put).get(uri)?.text;
}

it('fixes of torn files leave what can be read, keep line ends, and come to an end', () => {
  let [unattended, byHand] = [0, 0];
  fc.assert(
    fc.property(fc.constantFrom(...workspaces), fc.nat(), hand, (files, which, how) => {
      const names = [...files.keys()].filter((name) => !kept.has(name));
      const name = names[which % names.length]!;
      const before = torn(files.get(name)!, how);
      const texts = new Map(files).set(name, before);
      const workspace = openWorkspace(texts);
      const uri = uriOf(name);
      for (const { fixes } of workspace.check(uri)) {
        for (const { title, edits } of fixes) {
          byHand++;
          for (const each of new Set(edits.map(({ doc }) => doc.uri))) {
            const own = [...texts].find(([file]) => uriOf(file) === each)!;
            expectSound(
              own[0],
              own[1],
              apply(
                own[1],
                edits.filter(({ doc }) => doc.uri === each),
              ),
              title,
            );
          }
        }
      }
      const fixed = workspace.fixesOf(uri);
      expect(fixedFromDisk(texts, name), 'the command line makes the same of it').toBe(fixed?.text);
      expect(
        workspace
          .file(uri)!
          .documents.map(({ text }) => text)
          .join(''),
        'the workspace holds the text as before',
      ).toBe(before);
      if (!fixed) return;
      unattended++;
      expect(fixed.text).toBe(
        apply(
          before,
          fixed.changes.map((edit) => ({ ...edit, doc: { uri, index: 0, start: 0 } })),
        ),
      );
      expectSound(name, before, fixed.text, fixed.titles.join(', '));
      expect(
        openWorkspace(new Map(texts).set(name, fixed.text)).fixesOf(uri)?.titles ?? [],
        `after ${fixed.titles.join(', ')}\n${fixed.text}`,
      ).toEqual([]);
    }),
    { numRuns: runs(500) },
  );
  expect([unattended >= runs(500) / 25, byHand > runs(500) / 5], JSON.stringify({ unattended, byHand })).toEqual([true, true]);
}, 3_600_000);
