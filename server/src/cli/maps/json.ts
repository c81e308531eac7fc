import type { MapFormat } from './accessRow';

/** For scripts. `permissions` is null as long as no source tells them. */
export const json: MapFormat = {
  id: 'json',
  write: (rows) => `${JSON.stringify({ version: 1, entries: rows.map((row) => ({ ...row, permissions: null })) }, null, 2)}\n`,
};
