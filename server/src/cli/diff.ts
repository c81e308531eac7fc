import { visible } from '../core/text/visible';

/** Lines of context around each change, as in `diff -u`. */
const context = 3;

/** The change from one text to another as a unified diff that `git apply` and `patch` take; empty where nothing changed. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const old = lines(before);
  const now = lines(after);
  const out = [`--- ${quoted(`a/${path}`)}\n`, `+++ ${quoted(`b/${path}`)}\n`];
  for (const hunk of hunks(changes(old, now))) {
    const first = hunk[0]!;
    const last = hunk[hunk.length - 1]!;
    const oldFrom = Math.max(0, first.oldStart - context);
    const lead = first.oldStart - oldFrom;
    const oldTo = Math.min(old.length, last.oldEnd + context);
    const newFrom = first.newStart - lead;
    const newTo = last.newEnd + (oldTo - last.oldEnd);
    out.push(`@@ -${range(oldFrom, oldTo)} +${range(newFrom, newTo)} @@\n`);
    let at = oldFrom;
    for (const change of hunk) {
      for (; at < change.oldStart; at++) out.push(line(' ', old[at]!));
      for (; at < change.oldEnd; at++) out.push(line('-', old[at]!));
      for (let i = change.newStart; i < change.newEnd; i++) out.push(line('+', now[i]!));
    }
    for (; at < oldTo; at++) out.push(line(' ', old[at]!));
  }
  return out.join('');
}

/**
 * A diff made fit to be printed. Tabs and line ends of Windows stay, so that `git apply` takes what is piped to it; what
 * a terminal or a CI runner would act on is written as an escape, and such a diff is for reading alone.
 */
export function visibleDiff(diff: string): string {
  return diff
    .split('\n')
    .map((each) => {
      const [text, end] = each.endsWith('\r') ? [each.slice(0, -1), '\r'] : [each, ''];
      return text.split('\t').map(visible).join('\t') + end;
    })
    .join('\n');
}

/** A run of lines that was replaced by another, one of which may be empty. */
interface Change {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Lines with their ends; the last may have none. */
function lines(text: string): string[] {
  const parts = text.split(/(?<=\n)/);
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}

function line(mark: string, text: string): string {
  return text.endsWith('\n') ? mark + text : `${mark}${text}\n\\ No newline at end of file\n`;
}

function range(from: number, to: number): string {
  const length = to - from;
  return length === 1 ? `${from + 1}` : `${length === 0 ? from : from + 1},${length}`;
}

/** Git's own quoting of names with characters that a header cannot hold. */
function quoted(path: string): string {
  return /["\\\u0000-\u001f\u007f]/.test(path) ? JSON.stringify(path) : path.includes(' ') ? `${path}\t` : path;
}

/** Changes that stand near enough for one hunk. */
function hunks(all: readonly Change[]): Change[][] {
  const result: Change[][] = [];
  for (const change of all) {
    const last = result[result.length - 1];
    if (last && change.oldStart - last[last.length - 1]!.oldEnd <= 2 * context) last.push(change);
    else result.push([change]);
  }
  return result;
}

/** Myers' shortest edit script after equal heads and tails are put aside: quick where little changed, as with fixes. */
function changes(a: readonly string[], b: readonly string[]): Change[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const n = a.length - head - tail;
  const m = b.length - head - tail;
  const whole: Change = { oldStart: head, oldEnd: head + n, newStart: head, newEnd: head + m };
  const trace = script(n, m, (i, j) => a[head + i] === b[head + j]);
  // So much changed that one block reads as well.
  if (!trace) return [whole];
  return merge(
    trace.map(([i, j, kind]): Change => ({
      oldStart: head + i,
      oldEnd: head + i + (kind === 'delete' ? 1 : 0),
      newStart: head + j,
      newEnd: head + j + (kind === 'insert' ? 1 : 0),
    })),
  );
}

function merge(steps: readonly Change[]): Change[] {
  const result: Change[] = [];
  for (const step of steps) {
    const last = result[result.length - 1];
    if (last && last.oldEnd === step.oldStart && last.newEnd === step.newStart) {
      result[result.length - 1] = { ...last, oldEnd: step.oldEnd, newEnd: step.newEnd };
    } else result.push(step);
  }
  return result;
}

type Step = readonly [old: number, now: number, kind: 'insert' | 'delete'];

function script(n: number, m: number, same: (i: number, j: number) => boolean, most = 1000): Step[] | undefined {
  const history: Map<number, number>[] = [];
  let frontier = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(n + m, most); d++) {
    history.push(new Map(frontier));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (frontier.get(k - 1) ?? -1) < (frontier.get(k + 1) ?? -1));
      let x = down ? (frontier.get(k + 1) ?? 0) : (frontier.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && same(x, x - k)) x++;
      frontier.set(k, x);
      if (x >= n && x - k >= m) return backtrack(history, n, m);
    }
    frontier = new Map(frontier);
  }
  return undefined;
}

function backtrack(history: readonly Map<number, number>[], n: number, m: number): Step[] {
  const steps: Step[] = [];
  let x = n;
  let y = m;
  for (let d = history.length - 1; d > 0; d--) {
    const frontier = history[d]!;
    const k = x - y;
    const down = k === -d || (k !== d && (frontier.get(k - 1) ?? -1) < (frontier.get(k + 1) ?? -1));
    const previousX = frontier.get(down ? k + 1 : k - 1) ?? 0;
    const previousY = previousX - (down ? k + 1 : k - 1);
    steps.push(down ? [previousX, previousY, 'insert'] : [previousX, previousY, 'delete']);
    x = previousX;
    y = previousY;
  }
  return steps.reverse();
}
