import { expect, it } from 'vitest';
import { DocumentReader } from '../../server/src/core/workspace/files/documentReader';
import { JudgedDocuments, type Judged } from '../../server/src/core/workspace/findings/judgedDocuments';
import { OpenFile } from '../../server/src/core/workspace/files/openFile';
import { editSourceFile } from '../../server/src/core/documents/changeSourceFile';
import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import { account, uriOf } from '../wiring/build';

it('one key in a file of hundreds of documents reads one of them and judges one, and gathers findings from those that have any', () => {
  const uri = uriOf('all.yaml');
  const texts = Array.from({ length: 300 }, (_, i) => account(`a${i}`, 'n', i % 100 === 7 ? 'wrong' : 'right'));
  const text = texts.join('---\n');
  const reader = new DocumentReader((what) => { throw new Error(what); });
  const judged = new JudgedDocuments();
  let asked: Judged[] = [];
  const isWrong = (document: Judged): boolean => {
    asked.push(document);
    return JSON.stringify(document[1]).includes(':role/wrong');
  };
  const gathered = (entry: OpenFile): number[] => Array.from(judged.of(uri, entry, isWrong), ([doc]) => doc.index);

  const file = readSourceFile(uri, text);
  let entry = OpenFile.of(file, 'yaml', file.documents.map((document) => reader.read(document)));
  expect(gathered(entry)).toHaveLength(300);
  expect(gathered(entry)).toEqual([7, 107, 207]);

  asked = [];
  const at = text.indexOf('a150') + 1;
  const after = editSourceFile(entry.open.file, { start: at, end: at }, 'x')!;
  const change = entry.changeTo(after, (document) => reader.read(document));
  expect([change.head, change.gone.length, change.came.length, change.tail]).toEqual([150, 1, 1, 149]);
  entry = entry.after(after, change);
  judged.touch(after.documents[150]!.ref);
  expect(gathered(entry)).toEqual([7, 107, 207]);
  expect(asked.map(([doc]) => doc.index)).toEqual([150]);
});
