import type { MigrationHost } from '../port';
import type { AccountPlan, Direction, OldPackage } from '../types';
import { packageIndex } from './index';
import { oldPackages } from './verdict';

/** The packages that are too old in files of which no account's reason tells, while some account is still to move. */
export function unlinkedPackages({ view, packages }: MigrationHost, accounts: Iterable<AccountPlan>, direction: Direction): OldPackage[] {
  const told = new Set<string>();
  let isAnyLeft = false;
  for (const { state, reasons } of accounts) {
    if (state !== 'done') isAnyLeft = true;
    for (const { line } of reasons) if (line) told.add(line.uri);
  }
  if (!isAnyLeft) return [];
  return packageIndex(packages, view.wiring.settings.base)
    .files.filter(({ uri }) => !told.has(uri))
    .flatMap((file) => oldPackages(file, direction))
    .map(({ file: { uri }, line, name, version, least }) => ({ at: { uri, line }, name, version, least }))
    .sort((a, b) => (a.at.uri < b.at.uri ? -1 : a.at.uri > b.at.uri ? 1 : a.at.line - b.at.line));
}
