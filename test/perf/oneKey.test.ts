import { expect, it } from 'vitest';
import { defaultSettings } from '../../server/src/core/config/settings';
import { FixJudge } from '../../server/src/core/fixes/judge';
import { editSourceFile } from '../../server/src/core/documents/changeSourceFile';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import { Engine } from '../../server/src/core/rules/engine';
import type { Rule } from '../../server/src/core/rules/rule';
import { Findings } from '../../server/src/core/workspace/findings/findings';
import { DocumentReader } from '../../server/src/core/workspace/files/documentReader';
import { OpenFile } from '../../server/src/core/workspace/files/openFile';
import { FactIndex } from '../../server/src/core/wiring/factIndex';
import { Lookups } from '../../server/src/core/wiring/lookups';
import { account, uriOf } from '../wiring/build';

it('one key in a file of hundreds of documents reads one of them and checks one, and gathers findings from those that have any', () => {
  const uri = uriOf('all.yaml');
  const texts = Array.from({ length: 300 }, (_, i) => account(`a${i}`, 'n', i % 100 === 7 ? 'wrong' : 'right'));
  const text = texts.join('---\n');
  const reader = new DocumentReader((what) => {
    throw new Error(what);
  });
  const lookups = new Lookups();
  const index = new FactIndex(defaultSettings, lookups);
  let checked: number[] = [];
  const rule: Rule = {
    id: 'wrong-role',
    level: 'error',
    title: '',
    fixable: false,
    since: '0',
    source: '',
    checks: {
      serviceAccount: (fact, { report }) => {
        checked.push(fact.doc.index);
        if (fact.roleArn!.value!.value.endsWith(':role/wrong')) report({ doc: fact.doc, span: fact.span, message: 'Wrong.' });
      },
    },
  };
  const host = {
    wiring: index,
    noteDocument: index.noteDocument.bind(index),
    noteFix: () => undefined,
    workloadsOf: () => [],
    verdict: () => undefined,
    position: () => undefined,
    suppressions: () => [],
  };
  const engine: Engine = new Engine(
    [rule],
    host,
    defaultSettings,
    (message) => {
      throw new Error(message);
    },
    lookups,
    (doc) => findings.invalidate(doc),
  );
  const findings = new Findings(
    engine,
    new FixJudge({ source: () => undefined, groupOf: () => undefined, subjectsOf: () => undefined }),
    true,
  );
  const found = (entry: OpenFile): number[] => findings.of(uri, entry).map(({ at }) => at.doc.index);

  const file = readSourceFile(uri, text);
  let entry = OpenFile.of(
    file,
    'yaml',
    file.documents.map((document) => reader.read(document)),
  );
  index.setFile(uri, entry.facts);
  expect(found(entry)).toEqual([7, 107, 207]);
  expect(checked).toHaveLength(300);
  expect(found(entry)).toEqual([7, 107, 207]);
  expect(checked).toHaveLength(300);

  checked = [];
  const at = text.indexOf('a150') + 1;
  const after = editSourceFile(entry.open.file, { start: at, end: at }, 'x')!;
  const change = entry.changeTo(after, (document) => reader.read(document));
  expect([change.head, change.gone.length, change.came.length, change.tail]).toEqual([150, 1, 1, 149]);
  const next = entry.after(after, change);
  findings.change(uri, [after.documents[150]!.ref]);
  index.changeFile(
    uri,
    change.gone.flatMap(({ facts }) => facts),
    change.came.flatMap(({ facts }) => facts),
    () => next.facts,
  );
  entry = next;
  expect(found(entry)).toEqual([7, 107, 207]);
  expect(checked).toEqual([150]);
});
