import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../server/src/core/config/readSettings';
import { defaultSettings } from '../../server/src/core/config/settings';
import type { Finding } from '../../server/src/core/rules/rule';
import { readSnapshot } from '../../server/src/core/snapshot/read';
import { documentationKind } from '../../server/src/core/documents/documentation/kinds';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { isCandidate, readOptions } from '../../server/src/host/candidates';
import { readBytes } from '../../server/src/host/readText';
import { parseFixture } from '../support/fixture';
import { uriOf } from '../support/fixtureWorkspace';
import { runs } from '../support/runs';

const folder = resolve(import.meta.dirname, '../rules');
const snapshotName = 'pod-roles.snapshot.json';
const fixtures = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.fixture'))
  .sort()
  .map((name) => ({ name, files: parseFixture(readFileSync(join(folder, name), 'utf8')).files }))
  .map(({ name, files }) => ({
    name,
    files,
    texts: [...files.keys()].filter(
      (path) => isCandidate(path) && path !== snapshotName && path !== 'pod-roles.yaml' && documentationKind(path) === undefined,
    ),
  }))
  .filter(({ texts }) => texts.length > 0);

const silent = {
  log: (message: string): void => {
    throw new Error(message);
  },
};

function prepare(workspace: Workspace, files: ReadonlyMap<string, string>): void {
  const config = files.get('pod-roles.yaml');
  workspace.configure(config === undefined ? defaultSettings : readSettings(config, uriOf('pod-roles.yaml')).settings);
  const snapshot = files.get(snapshotName);
  const { facts, label } = snapshot === undefined ? { facts: undefined, label: '' } : readSnapshot(snapshot);
  if (facts) workspace.setAws(new AwsIndex(facts, { kind: 'snapshot', label }));
}

/** What `check` finds: every file read from its bytes, accounts that nobody asks about left for later. */
function ofCommandLine(files: ReadonlyMap<string, string>, paths: readonly string[]): string[] {
  const texts = new Map<string, string>();
  const workspace = new Workspace({ ...silent, reread: (uri) => texts.get(uri) });
  prepare(workspace, files);
  for (const path of paths) {
    const result = readBytes(Buffer.from(files.get(path)!, 'utf8'), readOptions(path).matters);
    if (result.kind === 'skipped') workspace.skip(uriOf(path), result.reason);
    if (result.kind !== 'text') continue;
    texts.set(uriOf(path), result.file.text);
    workspace.load(uriOf(path), result.file.text);
  }
  return paths.flatMap((path) => workspace.check(uriOf(path)).map((finding) => plain(finding, texts)));
}

/** What an editor shows that went through some texts of one file to the last. */
function ofEditor(
  files: ReadonlyMap<string, string>,
  paths: readonly string[],
  edited: string,
  before: readonly string[],
  byEdits: boolean,
  languageId: string | undefined,
): string[] {
  const workspace = new Workspace(silent);
  prepare(workspace, files);
  for (const path of paths) if (path !== edited) workspace.load(uriOf(path), files.get(path)!);
  const uri = uriOf(edited);
  const steps = [...before, files.get(edited)!];
  workspace.open(uri, steps[0]!, languageId);
  for (let i = 1; i < steps.length; i++) {
    void workspace.check(uri);
    if (!byEdits) workspace.change(uri, steps[i]!);
    else edit(workspace, uri, steps[i - 1]!, steps[i]!);
  }
  return paths.flatMap((path) =>
    workspace.check(uriOf(path)).map((finding) => plain(finding, new Map([...files].map(([each, text]) => [uriOf(each), text])))),
  );
}

/** The one change that makes a text of another, as an editor sends it. */
function edit(workspace: Workspace, uri: string, old: string, now: string): void {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  workspace.edit(uri, { start, end: old.length - end }, now.slice(start, now.length - end), () => now);
}

/** A finding by what it says and the text that it says it of: a byte order mark is in one of the texts, not in the other. */
function plain({ rule, level, message, at }: Finding, texts: ReadonlyMap<string, string>): string {
  const text = texts.get(at.doc.uri) ?? '';
  return JSON.stringify([at.doc.uri, rule, level, message, text.slice(at.doc.start + at.span.start, at.doc.start + at.span.end)]);
}

type Mutation = (text: string, at: number) => string;
const insert =
  (what: string): Mutation =>
  (text, at) =>
    text.slice(0, at) + what + text.slice(at);
const mutations: Readonly<Record<string, Mutation>> = {
  same: (text) => text,
  nul: insert('\0'),
  'line separator': insert('\u2028'),
  'next line': insert('\u0085'),
  tab: insert('\t'),
  'lone return': insert('\r'),
  marker: insert('\n---\n'),
  quote: insert('"'),
  comment: insert(' # '),
  'comment line': insert('\n# annotations: {}\n'),
  'no-break space': insert('\u00a0'),
  surrogate: insert('😀'),
  list: insert('\n- x\n'),
  controls: insert('\u0001'.repeat(900)),
  mark: (text) => (text.startsWith('\uFEFF') ? text : `\uFEFF${text}`),
  returns: (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  'returns alone': (text) => text.replaceAll(/\r?\n/g, '\r'),
  glued: (text, at) => text.slice(0, at) + text.slice(at).replace(': ', ':'),
  line: (text, at) => text.slice(0, at) + text.slice(at).replace(/\n[^\n]*/, ''),
  half: (text, at) => text.slice(0, at),
  nothing: () => '',
  'map as list': (text) => text.replace(/(annotations:\n +)(\S)/, '$1- $2'),
  'map as text': (text) => text.replace(/annotations:\n +(\S)/, 'annotations: $1'),
};

const languages: Readonly<Record<string, readonly (string | undefined)[]>> = {
  yaml: ['yaml', undefined],
  json: ['json', undefined],
  tf: ['terraform', 'plaintext', undefined],
};

describe('the editor, whatever was typed before, and the command line', () => {
  const mutation = fc.tuple(fc.constantFrom(...Object.keys(mutations)), fc.double({ min: 0, max: 1, noNaN: true }));
  const run = fc.record({
    fixture: fc.constantFrom(...fixtures),
    which: fc.nat(20),
    language: fc.nat(5),
    byEdits: fc.boolean(),
    before: fc.array(fc.array(mutation, { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
    last: fc.array(mutation, { maxLength: 2 }),
  });
  type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;
  const mutated = (text: string, list: Run['last']): string =>
    list.reduce((out, [name, where]) => mutations[name]!(out, Math.floor(where * out.length)), text);

  function compare({ fixture, which, language, byEdits, before, last }: Run): void {
    const edited = fixture.texts[which % fixture.texts.length]!;
    const text = fixture.files.get(edited)!;
    const files = new Map(fixture.files).set(edited, mutated(text, last));
    // The parser goes on otherwise after a quote that is never closed where a mark stands before it; no editor sends the mark.
    fc.pre(!/^\uFEFF["']/.test(files.get(edited)!));
    const known = languages[edited.replace(/^.*\./, '')] ?? [undefined];
    const editor = ofEditor(
      files,
      fixture.texts,
      edited,
      before.map((list) => mutated(text, list)),
      byEdits,
      known[language % known.length],
    );
    expect(editor).toEqual(ofCommandLine(files, fixture.texts));
  }

  it('find the same', () => {
    fc.assert(fc.property(run, compare), { numRuns: runs(150) });
  });

  // A group of files is read together: one of them that is unreadable for a while goes and comes back.
  const groups = fixtures.filter(({ texts }) => texts.some((path) => /\.(?:tf|tofu|tf\.json)$/.test(path)));
  it.each(['nul', 'controls', 'nothing'])('find the same after %s was there and is gone, in Terraform', (name) => {
    expect(groups.length).toBeGreaterThan(5);
    for (const fixture of groups.slice(0, 12)) {
      for (let which = 0; which < fixture.texts.length; which++) {
        compare({ fixture, which, language: 0, byEdits: which % 2 === 0, before: [[], [[name, 0.5]]], last: [] });
      }
    }
  });

  it.each<[string, readonly string[]]>([
    [
      'a file of no telling name',
      ['{"kind": "ServiceAccount"', 'kind: ServiceAccount\nmetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: nonsense\n'],
    ],
    [
      'Terraform in JSON',
      [
        '{"locals": {}}',
        '{"locals": {}}\0',
        '{"resource": {"kubernetes_service_account": {"a": {"metadata": {"name": "a", "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:user/x"}}}}}}',
      ],
    ],
    ['annotations in a list', ['', 'kind: ServiceAccount\nmetadata:\n  name: a\n  annotations: [x]\n']],
    [
      'annotations in a list, below a comment on them',
      ['', 'kind: ServiceAccount\nmetadata:\n  name: a\n  # annotations: {}\n  annotations:\n\n    # why\n    - x\n'],
    ],
    [
      'annotations in a list, behind a label of that name',
      ['', 'kind: ServiceAccount\nmetadata:\n  name: a\n  labels: {my-annotations: {}}\n  annotations:\r\n  - x\r\n'],
    ],
  ])('%s', (what, steps) => {
    const path = what === 'Terraform in JSON' ? 'main.tf.json' : what.startsWith('a file') ? 'chart/templates/x.tpl' : 'a.yaml';
    const files = new Map([[path, steps[steps.length - 1]!]]);
    for (const byEdits of [true, false]) {
      const found = ofEditor(files, [path], path, steps.slice(0, -1), byEdits, undefined);
      expect(found).toHaveLength(1);
      expect(found).toEqual(ofCommandLine(files, [path]));
    }
  });
});
