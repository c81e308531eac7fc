import type { Change } from '../../../fixes/edits';
import { lineStart } from '../../../text/lineIndex';
import type { Removal } from '../../types';
import { before, cut, lineEnd, nextLine, trimmed } from '../source';
import type { EntryCut } from './removals';

/**
 * A policy whose `Statement` was one statement, and no list, has what the move adds before it: what is added to a list stands behind.
 * So undo makes the list a statement again.
 * @returns the statement that stays, where all that was added before it leaves; else undefined
 */
function staying({ entries, leaving }: EntryCut, removals: readonly Removal[]): number | undefined {
  const last = entries.length - 1;
  const isUndone = removals.every((each) => each.kind === 'statement' && each.added === true && each.statement !== last);
  return last > 0 && leaving.size === last && isUndone ? last : undefined;
}

/** The statement without the list around it, in JSON and YAML's flow style; undefined where the list was there before. */
export function unwrapped(text: string, each: EntryCut, removals: readonly Removal[]): Change[] | undefined {
  const stays = staying(each, removals);
  if (stays === undefined || text[each.holder.start] !== '[' || text[each.holder.end - 1] !== ']') return undefined;
  const { entries, holder } = each;
  // The brackets stand directly at the statements.
  if (holder.start + 1 !== entries[0]!.start || holder.end - 1 !== entries[entries.length - 1]!.end) return undefined;
  const own = entries[stays]!;
  return areApart(text, each, /^\s*,\s*$/) ? [cut(holder.start, own.start), cut(own.end, holder.end)] : undefined;
}

/** The same in YAML's block style, whose lines move back to the left. */
export function unwrappedBlock(text: string, each: EntryCut, removals: readonly Removal[]): Change[] | undefined {
  const stays = staying(each, removals);
  if (stays === undefined || !areApart(text, each, /^\s*\n *-[ ]$/)) return undefined;
  const own = trimmed(text, each.entries[stays]!);
  const lead = /^( *)- $/.exec(before(text, own.start));
  const first = lineStart(text, each.entries[0]!.start) + (lead?.[1]!.length ?? 0);
  if (!lead || before(text, each.entries[0]!.start) !== lead[0]) return undefined;
  const changes: Change[] = [cut(first, own.start)];
  for (let at = nextLine(text, own.start); at < own.end; at = nextLine(text, at)) {
    if (lineEnd(text, at) === at) continue;
    if (!text.startsWith('  ', at)) return undefined;
    changes.push(cut(at, at + 2));
  }
  return changes;
}

/** Whether nothing but the list's own signs stands between its entries, such as comments that somebody wrote. */
function areApart(text: string, { entries }: EntryCut, between: RegExp): boolean {
  return entries.slice(1).every(({ start }, i) => between.test(text.slice(trimmed(text, entries[i]!).end, start)));
}
