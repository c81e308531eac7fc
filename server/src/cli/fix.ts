import { dirname } from 'node:path';
import { byCodeUnits } from '../host/paths';
import { removeStaleTemporaries } from '../host/temporaryFile';
import { NotWritten, replaceText } from '../host/writeText';
import { unifiedDiff } from './diff';
import type { FixedFile } from './formats/report';
import type { Group, LoadedFile } from './load';

/** The change of one file: its text before, and the titles of the fixes. */
interface Fixed {
  readonly before: LoadedFile;
  readonly titles: readonly string[];
}

/** Applies the fixes that may run unattended, in memory; the groups then have the fixed texts. `unfinished` if they are too many for one run. See core/fixes/fixAll.ts. */
export function applyFixes(group: Group): { fixed: Map<string, Fixed>; unfinished: boolean } {
  const original = new Map(group.files);
  const result = group.workspace.fixAll(
    group.files.keys(),
    (uri) => group.files.get(uri)?.content.text,
    (uri, text) => {
      const file = group.files.get(uri)!;
      group.files.set(uri, { ...file, content: { ...file.content, text } });
      group.workspace.load(uri, text, file.languageId);
    },
  );
  return {
    fixed: new Map([...result].map(([uri, { titles }]) => [uri, { before: original.get(uri)!, titles }])),
    unfinished: result.unfinished,
  };
}

/** The fixed files, for the report; sorted by path. */
export function fixedFiles(group: Group, fixed: Map<string, Fixed>): FixedFile[] {
  return [...fixed]
    .map(([uri, { before, titles }]) => ({
      path: before.path,
      fixes: titles,
      diff: unifiedDiff(before.path, before.content.text, group.files.get(uri)!.content.text),
    }))
    .sort((a, b) => byCodeUnits(a.path, b.path));
}

/**
 * Writes the fixed files. Removes temporary files that a killed run left beside any file that was read. A file that can't be
 * written counts as not fixed, and the group has its old text again: the report is about the text on the disk.
 * @returns the reason for each file that wasn't written
 */
export function writeFixes(group: Group, fixed: Map<string, Fixed>): string[] {
  for (const folder of new Set([...group.files.values()].flatMap(({ absolute }) => (absolute === undefined ? [] : [dirname(absolute)]))))
    removeStaleTemporaries(folder);
  const failures: string[] = [];
  for (const [uri, { before }] of [...fixed]) {
    const { absolute, tree, path, content } = before;
    if (absolute === undefined || tree === undefined) continue;
    try {
      replaceText(absolute, content, group.files.get(uri)!.content.text, tree);
    } catch (error) {
      if (!(error instanceof NotWritten)) throw error;
      failures.push(`${path}: not fixed: ${error.message}`);
      fixed.delete(uri);
      group.files.set(uri, before);
      group.workspace.load(uri, content.text);
    }
  }
  return failures;
}
