import { byCodeUnits } from '../host/paths';
import { readText, systemReason } from '../host/readText';
import { writeText } from '../host/writeText';
import { unifiedDiff } from './diff';
import { Failure } from './failure';
import type { FixedFile } from './formats/report';
import type { Group, LoadedFile } from './load';

/** What mending changed in one file: its text before, and the titles of the fixes. */
interface Mended {
  readonly before: LoadedFile;
  readonly titles: readonly string[];
}

/** Applies the fixes that may run unattended, in memory; the groups then hold the fixed texts. See core/fixes/fixAll.ts. */
export function mend(group: Group): Map<string, Mended> {
  const original = new Map(group.files);
  const fixed = group.workspace.fixAll(group.files.keys(), (uri) => group.files.get(uri)?.content.text, (uri, text) => {
    const file = group.files.get(uri)!;
    group.files.set(uri, { ...file, content: { ...file.content, text } });
    group.workspace.load(uri, text, file.languageId);
  });
  return new Map([...fixed].map(([uri, { titles }]) => [uri, { before: original.get(uri)!, titles }]));
}

/** What was mended, for the report; sorted by path. */
export function fixedFiles(group: Group, mended: Map<string, Mended>): FixedFile[] {
  return [...mended].map(([uri, { before, titles }]) => ({
    path: before.path,
    fixes: titles,
    diff: unifiedDiff(before.path, before.content.text, group.files.get(uri)!.content.text),
  })).sort((a, b) => byCodeUnits(a.path, b.path));
}

/** Writes the mended files. A file that someone changed meanwhile is left alone. Throws a {@link Failure} for what could not be written. */
export function writeFixes(group: Group, mended: Map<string, Mended>): void {
  const failures: string[] = [];
  for (const [uri, { before }] of mended) {
    const path = before.absolute;
    if (path === undefined) continue;
    try {
      const now = readText(path, { limit: Infinity });
      if (now.kind !== 'text' || now.file.text !== before.content.text) failures.push(`${before.path}: changed while it was checked, so it was not mended`);
      else writeText(path, group.files.get(uri)!.content);
    } catch (error) {
      failures.push(`${before.path}: not mended: ${systemReason(error)}`);
    }
  }
  if (failures.length > 0) throw new Failure(failures.join('\npod-roles: '));
}
