import type { Clean } from './clean';

/** Widths of terminals: one long line alone is taken to be cut only at one of these. */
const usualWidths: ReadonlySet<number> = new Set([72, 76, 78, 79, 80, 100, 120, 128, 132, 140, 150, 160, 180, 200]);
const narrowest = 60;
/** How lines of a log begin: the one before was not cut. */
const freshLine =
  /^(?:\d{4}[-/]|\[?\d{2}:\d{2}|\w{3} \d{1,2} \d{2}:|time=|level=|[{[}\]]|[IWEF]\d{4} |"?(?:apiVersion|kind|metadata|spec|status|data|items|type|Name|Namespace|Labels|Annotations|Status|Events|[A-Z]\w{2,40})"?:\s|[A-Z][A-Z0-9_]{2,60}=|(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b|(?:caused by|Caused by|at|An|Error|error|panic)\b)/;

/** Joins the lines that a terminal cut in the middle of a word, so that ARNs are whole. Linear. */
export function unwrap({ text, offsets }: Clean): Clean {
  const ends: number[] = [];
  let widest = 0;
  for (let start = 0; start <= text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    widest = Math.max(widest, end - start);
    ends.push(end);
    start = end + 1;
  }
  if (widest < narrowest || widest > 400) return { text, offsets };
  const joins = joinsOf(text, ends, widest);
  if (joins.length === 0) return { text, offsets };
  const parts: string[] = [];
  const kept = new Int32Array(text.length - joins.length);
  let at = 0;
  let length = 0;
  for (const join of [...joins, text.length]) {
    parts.push(text.slice(at, join));
    kept.set(offsets.subarray(at, join), length);
    length += join - at;
    at = join + 1;
  }
  return { text: parts.join(''), offsets: kept };
}

/** The line breaks that stand within a word. */
function joinsOf(text: string, ends: readonly number[], widest: number): number[] {
  const joins: number[] = [];
  const lines = new Set<string>();
  for (let i = 0; i + 1 < ends.length; i++) {
    const [end, next] = [ends[i]!, ends[i + 1]!];
    const start = i === 0 ? 0 : ends[i - 1]! + 1;
    if (end - start !== widest || next === end + 1) continue;
    if (/\s/.test(text[end - 1]!) || /\s/.test(text[end + 1]!)) continue;
    const following = text.slice(end + 1, Math.min(next, end + 80));
    if (freshLine.test(following)) continue;
    lines.add(text.slice(start, end));
    joins.push(end);
  }
  return lines.size >= 2 || usualWidths.has(widest) ? joins : [];
}
