import { jsonText } from '../words';
import type { AccessRow, MapFormat } from './accessRow';

/** For scripts. `permissions` is null where no source tells them. */
export const json: MapFormat = {
  id: 'json',
  write: (rows) => `${jsonText({ version: 1, entries: rows.map((row) => ({ ...row, permissions: countsOf(row) })) }, 2)}\n`,
};

function countsOf({ permissions }: AccessRow) {
  return permissions ? { ...permissions.counts, administrator: permissions.administrator, complete: permissions.complete } : null;
}
