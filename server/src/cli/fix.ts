import { dirname } from 'node:path';
import { byCodeUnits } from '../host/paths';
import { removeStaleTemporaries } from '../host/temporaryFile';
import { NotWritten, replaceText } from '../host/writeText';
import { unifiedDiff } from './diff';
import type { FixedFile } from './formats/report';
import type { Group, LoadedFile } from './load';

/** What mending changed in one file: its text before, and the titles of the fixes. */
interface Mended {
  readonly before: LoadedFile;
  readonly titles: readonly string[];
}

/** Applies the fixes that may run unattended, in memory; the groups then hold the fixed texts. `unfinished` where they are too many for one run. See core/fixes/fixAll.ts. */
export function mend(group: Group): { mended: Map<string, Mended>; unfinished: boolean } {
  const original = new Map(group.files);
  const fixed = group.workspace.fixAll(
    group.files.keys(),
    (uri) => group.files.get(uri)?.content.text,
    (uri, text) => {
      const file = group.files.get(uri)!;
      group.files.set(uri, { ...file, content: { ...file.content, text } });
      group.workspace.load(uri, text, file.languageId);
    },
  );
  return {
    mended: new Map([...fixed].map(([uri, { titles }]) => [uri, { before: original.get(uri)!, titles }])),
    unfinished: fixed.unfinished,
  };
}

/** What was mended, for the report; sorted by path. */
export function fixedFiles(group: Group, mended: Map<string, Mended>): FixedFile[] {
  return [...mended]
    .map(([uri, { before, titles }]) => ({
      path: before.path,
      fixes: titles,
      diff: unifiedDiff(before.path, before.content.text, group.files.get(uri)!.content.text),
    }))
    .sort((a, b) => byCodeUnits(a.path, b.path));
}

/**
 * Writes the mended files. Clears away what a killed run left beside any file that was read. A file that is left alone
 * counts as not mended, and the group has its old text again: what is reported is what stands on the disk.
 * @returns for each file that was left alone, why
 */
export function writeFixes(group: Group, mended: Map<string, Mended>): string[] {
  for (const folder of new Set([...group.files.values()].flatMap(({ absolute }) => (absolute === undefined ? [] : [dirname(absolute)]))))
    removeStaleTemporaries(folder);
  const failures: string[] = [];
  for (const [uri, { before }] of [...mended]) {
    const { absolute, tree, path, content } = before;
    if (absolute === undefined || tree === undefined) continue;
    try {
      replaceText(absolute, content, group.files.get(uri)!.content.text, tree);
    } catch (error) {
      if (!(error instanceof NotWritten)) throw error;
      failures.push(`${path}: not fixed: ${error.message}`);
      mended.delete(uri);
      group.files.set(uri, before);
      group.workspace.load(uri, content.text);
    }
  }
  return failures;
}
