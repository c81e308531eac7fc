import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LspClient } from '../support/lspClient';
import { parseFixture } from '../support/fixture';
import { patience } from './watchdog';

/** A case that failed: with its seed it fails again. */
export class FuzzFailure extends Error {}

type Random = () => number;

/** A generator of numbers in [0, 1) that is the same for the same seed (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const rules = join(import.meta.dirname, '../rules');
const fixtures = readdirSync(rules, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixture'))
  .sort()
  .map((file) => parseFixture(readFileSync(join(rules, file), 'utf8')).files);

/** What is put into texts: the signs of all languages that are read, and parts that once led somewhere wrong. */
const pieces = [
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  ' ',
  '  ',
  '\t',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  ',',
  '- ',
  '---\n',
  '...\n',
  '|\n',
  '>-\n',
  '&a ',
  '*a',
  '<<: ',
  '#',
  '//',
  '/*',
  '\\',
  '\\u12',
  '\0',
  '\uFEFF',
  '\ud83d',
  '😀',
  '{{ .Values.x }}',
  '{{- if x }}',
  '{{ end }}',
  '${x}',
  '${',
  '!Sub ',
  '!GetAtt a.b',
  '<<EOF\n',
  '*',
  '?',
  '%s',
  '<ACCOUNT_ID>',
  'eks.amazonaws.com/role-arn: ',
  'kind: ServiceAccount\n',
  'serviceAccountName: x\n',
  'arn:aws:iam::111122223333:role/x',
  'system:serviceaccount:a:b',
  '"Condition": {',
  'AssumeRolePolicyDocument',
  '# pod-roles-disable-next-line\n',
  'replace("a", "/(a+)+/", "")',
  'null',
  '~',
  '1e999',
  '::',
  '((((',
];

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}

/** A text with some stretches changed, doubled, moved or cut away. */
function mutate(random: Random, text: string): string {
  let now = text;
  for (let left = Math.floor(random() * 6); left > 0; left--) {
    const [a, b] = [Math.floor(random() * (now.length + 1)), Math.floor(random() * (now.length + 1))].sort((x, y) => x - y) as [
      number,
      number,
    ];
    const end = Math.min(b, a + Math.floor(random() * 40));
    const kind = random();
    if (kind < 0.4) now = now.slice(0, a) + pick(random, pieces) + now.slice(end);
    else if (kind < 0.6) now = now.slice(0, a) + now.slice(end);
    else if (kind < 0.8) now = now.slice(0, a) + now.slice(a, end) + now.slice(a);
    else if (kind < 0.9) now = pick(random, pieces) + now;
    else now = now.slice(0, a) + mutate(random, now.slice(a, end)) + now.slice(end);
  }
  return now.slice(0, 60_000);
}

function positionAt(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length - 1, character: before[before.length - 1]!.length };
}

/** Runs cases of a seed in the built server. Throws a {@link FuzzFailure} for the first that hangs, throws or ends the server. */
export async function fuzz(seed: number, cases: number): Promise<void> {
  const random = randomOf(seed);
  for (let from = 0; from < cases; from += 40) {
    const client = await LspClient.start({});
    try {
      for (let at = from; at < Math.min(cases, from + 40); at++) {
        let doing = '';
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>(
          (_, fail) => (timer = setTimeout(() => fail(new FuzzFailure(`seed ${seed}, case ${at}: ${doing} hangs`)), patience)),
        );
        late.catch(() => undefined);
        await Promise.race([runCase(client, random, (what) => (doing = what)), late])
          .catch((error: unknown) => {
            throw error instanceof FuzzFailure ? error : new FuzzFailure(`seed ${seed}, case ${at}: ${doing}: ${String(error)}`);
          })
          .finally(() => clearTimeout(timer));
        const fault = client.logs.find((line) => /failed and was left out/.test(line));
        if (fault !== undefined) throw new FuzzFailure(`seed ${seed}, case ${at}: ${doing}: ${fault}`);
      }
    } finally {
      client.kill();
    }
  }
}

async function runCase(client: LspClient, random: Random, doing: (what: string) => void): Promise<void> {
  const files = [...pick(random, fixtures)].slice(0, 4).map(([path, text]) => ({ path, text: mutate(random, text) }));
  for (const { path, text } of files) {
    doing(`opening ${path}`);
    await client.open(path, text);
  }
  for (const { path, text } of files) {
    let now = text;
    const uri = client.uri(path);
    const textDocument = { uri };
    for (let edits = Math.floor(random() * 3); edits >= 0; edits--) {
      doing(`asking of ${path}`);
      const diagnostics = await client.diagnostics(path);
      const offset = Math.floor(random() * (now.length + 1));
      const position =
        diagnostics.length > 0 && random() < 0.5
          ? pick(random, diagnostics).range.start
          : random() < 0.1
            ? { line: 0, character: 0 }
            : positionAt(now, offset);
      const whole = { start: { line: 0, character: 0 }, end: positionAt(now, now.length) };
      const requests: [string, object][] = [
        ['textDocument/hover', { textDocument, position }],
        ['textDocument/completion', { textDocument, position }],
        ['textDocument/definition', { textDocument, position }],
        ['textDocument/references', { textDocument, position, context: { includeDeclaration: true } }],
        ['textDocument/prepareRename', { textDocument, position }],
        [
          'textDocument/codeAction',
          { textDocument, range: random() < 0.5 ? whole : { start: position, end: position }, context: { diagnostics: [] } },
        ],
        ['textDocument/codeLens', { textDocument }],
        ['podRoles/explain', { uri, position }],
        ['podRoles/accessMap', {}],
      ];
      for (const [method, params] of requests) {
        doing(`${method} in ${path}`);
        await client.request(method, params);
      }
      doing(`renaming in ${path}`);
      // What cannot be renamed is refused with words, which is an answer.
      await client
        .request('textDocument/rename', {
          textDocument,
          position,
          newName: pick(random, ['x', 'a-b', '', 'A B', 'arn:aws:iam::111122223333:role/y']),
        })
        .catch((error: unknown) => {
          if (!(error instanceof Error) || !('code' in error)) throw error;
        });
      const end = Math.min(now.length, offset + Math.floor(random() * 30));
      const insert = random() < 0.7 ? pick(random, pieces) : '';
      doing(`typing in ${path}`);
      await client.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: 1_000_000 + edits },
        contentChanges: [{ range: { start: positionAt(now, offset), end: positionAt(now, end) }, text: insert }],
      });
      now = now.slice(0, offset) + insert + now.slice(end);
    }
  }
  doing('checking everything');
  await client.request('workspace/diagnostic', { previousResultIds: [] });
  for (const { path } of files) await client.close(path);
}
