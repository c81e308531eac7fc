import { dirname } from 'node:path';
import type { Edit, Fix } from '../core/rules/rule';
import { byCodeUnits } from '../host/paths';
import { removeStaleTemporaries } from '../host/temporaryFile';
import { NotWritten, replaceText } from '../host/writeText';
import { unifiedDiff } from './diff';
import type { FixedFile } from './formats/report';
import type { Group, LoadedFile } from './load';

/** A fix may lay bare what another can mend; ten rounds are more than any file needs. */
const mostRounds = 10;

/** What mending changed in one file: its text before, and the titles of the fixes. */
interface Mended {
  readonly before: LoadedFile;
  readonly titles: string[];
}

/**
 * Applies the safe fixes in memory, in rounds, until none is left. Fixes that overlap wait for the next round; a
 * fix that changes several files is applied whole or not. The groups then hold the mended texts.
 */
export function mend(group: Group): Map<string, Mended> {
  const mended = new Map<string, Mended>();
  for (let round = 0; round < mostRounds; round++) {
    const chosen = choose(safeFixes(group), group);
    if (chosen.size === 0) break;
    for (const [uri, { edits, titles }] of chosen) {
      const file = group.files.get(uri)!;
      const text = apply(file.content.text, edits);
      const before = mended.get(uri)?.before ?? file;
      mended.set(uri, { before, titles: [...(mended.get(uri)?.titles ?? []), ...titles] });
      group.files.set(uri, { ...file, content: { ...file.content, text } });
      group.workspace.load(uri, text);
    }
  }
  return mended;
}

/** What was mended, for the report; sorted by path. */
export function fixedFiles(group: Group, mended: Map<string, Mended>): FixedFile[] {
  return [...mended].map(([uri, { before, titles }]) => ({
    path: before.path,
    fixes: titles,
    diff: unifiedDiff(before.path, before.content.text, group.files.get(uri)!.content.text),
  })).sort((a, b) => byCodeUnits(a.path, b.path));
}

/**
 * Writes the mended files. Clears away what a killed run left beside any file that was read. A file that is left alone
 * counts as not mended, and the group has its old text again: what is reported is what stands on the disk.
 * @returns for each file that was left alone, why
 */
export function writeFixes(group: Group, mended: Map<string, Mended>): string[] {
  for (const folder of new Set([...group.files.values()].flatMap(({ absolute }) => (absolute === undefined ? [] : [dirname(absolute)])))) removeStaleTemporaries(folder);
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

function* safeFixes(group: Group): Generator<Fix> {
  for (const uri of group.files.keys()) {
    for (const finding of group.workspace.check(uri)) {
      const fix = finding.fixes.find((candidate) => candidate.safe);
      if (fix) yield fix;
    }
  }
}

interface Placed {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The fixes that can be applied together: each whole, none touching another's text. */
function choose(fixes: Iterable<Fix>, group: Group): Map<string, { edits: Placed[]; titles: string[] }> {
  const chosen = new Map<string, { edits: Placed[]; titles: string[] }>();
  for (const fix of fixes) {
    const edits = fix.edits.map((edit) => ({ uri: edit.doc.uri, placed: placed(edit) }));
    const free = edits.length > 0 && edits.every(({ uri, placed: { start, end } }) =>
      group.files.has(uri) && !chosen.get(uri)?.edits.some((taken) => start <= taken.end && end >= taken.start));
    if (!free) continue;
    for (const uri of new Set(edits.map((edit) => edit.uri))) {
      const file = chosen.get(uri) ?? { edits: [], titles: [] };
      file.edits.push(...edits.filter((edit) => edit.uri === uri).map((edit) => edit.placed));
      file.titles.push(fix.title);
      chosen.set(uri, file);
    }
  }
  return chosen;
}

function placed(edit: Edit): Placed {
  return { start: edit.doc.start + edit.span.start, end: edit.doc.start + edit.span.end, newText: edit.newText };
}

function apply(text: string, edits: readonly Placed[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const { start, end, newText } of ordered) {
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}
