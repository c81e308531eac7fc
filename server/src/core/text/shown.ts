import type { Hole, Text } from './text';

/**
 * A text as people are shown it. What a file itself writes stays as it is written. A part that no file holds (the account
 * in the ARN of a role that a tool makes) is told in words, and an expression without the marks that stand around it here.
 */
export function shownText(text: Text): string {
  if (text.holes.length === 0) return text.value;
  let out = '';
  let from = 0;
  for (const hole of text.holes) {
    if (hole.start < from) continue;
    out += text.value.slice(from, hole.start) + shownHole(text, hole);
    from = hole.end;
  }
  return out + text.value.slice(from);
}

function shownHole(text: Text, hole: Hole): string {
  if (hole.words !== undefined) return hole.words;
  const written = text.value.slice(hole.start, hole.end);
  // Between other parts the marks tell where the expression ends.
  return isOurs(text, hole) && written.length === text.value.length ? (/^\$\{(.*)\}$/s.exec(written)?.[1] ?? written) : written;
}

/** True for a part that stands in no file, or that an expression gives; false for a placeholder that the file writes. */
export function isOurs(text: Text, hole: Hole): boolean {
  return hole.words !== undefined || (text.borrowed?.some((piece) => piece.start <= hole.start && hole.end <= piece.end) ?? false);
}

/** So many characters of a value are shown: what is longer is shortened in its middle, since values often differ at their ends. */
const longest = 110;
const head = 70;
const tail = 35;

/** A value in a message: on one line, without control characters, and not longer than anybody reads. */
export function shown(value: Text | string): string {
  return shortened(typeof value === 'string' ? value : value.value)
    .replace(/\s*[\r\n\t\u2028\u2029]\s*/g, ' ')
    .replace(/[\u0000-\u001f\u007f]/g, '\ufffd');
}

/** The same in double quotes, with JSON's escapes: for what may be empty, or begin or end with a space. */
export function quoted(value: string): string {
  return JSON.stringify(shortened(value));
}

function shortened(value: string): string {
  if (value.length <= longest) return value;
  // Neither end is half of a character.
  return `${value.slice(0, head).replace(/[\ud800-\udbff]$/, '')}…${value.slice(-tail).replace(/^[\udc00-\udfff]/, '')}`;
}
