import { nearest } from '../core/text/nearest';

/** `1 file`, `2 files`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Text without halves of surrogate pairs, which no encoding can hold. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/**
 * Text from files made safe for a terminal and for a line: control characters, which could move the cursor or
 * hide text, and those that turn the writing direction are written as escapes.
 */
export function visible(text: string): string {
  return wellFormed(text).replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => {
    const code = c.charCodeAt(0);
    if (c === '\n') return ' ';
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** ` Did you mean x?`, where a known name is near the one given; else nothing. */
export function suggestion(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** What was not read, a line each, under a head that counts. */
export function notRead(skipped: readonly { readonly path: string; readonly reason: string }[]): string {
  const inPart = skipped.some(({ reason }) => reason.startsWith('read in part'));
  const head = `${count(skipped.length, 'path was', 'paths were')} not read${inPart ? ', or only in part' : ''}:`;
  return [head, ...skipped.map(({ path, reason }) => `  ${visible(path)}: ${visible(reason)}`)].join('\n');
}
