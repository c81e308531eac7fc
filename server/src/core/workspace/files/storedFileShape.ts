import type { StoredFile } from './storedFile';
import { document, fact, span } from '../../model/factShapes';
import { count, list, object, one, optional, text } from '../../model/shape';
import type { SuppressedId, Suppression } from '../../rules/suppressions';

const suppression = object<Suppression>({
  doc: document,
  kind: one('next-line', 'line', 'file'),
  ids: list(object<SuppressedId>({ id: text, span })),
  span,
  covers: span,
});
const shape = object<StoredFile>({ facts: list(fact), suppressions: list(suppression), lines: list(count), reason: optional(text) });

/** Whether a value that was stored is what was kept of a file: the right shape at every depth, and of this file. */
export function isStoredFile(value: unknown, uri: string): value is StoredFile {
  if (!shape(value)) return false;
  const { facts, suppressions, lines } = value as StoredFile;
  return (
    [...facts, ...suppressions].every(({ doc }) => doc.uri === uri) &&
    lines.every((line, i) => (i === 0 ? line === 0 : line > lines[i - 1]!))
  );
}
