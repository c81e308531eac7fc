import { nearest } from '../core/text/nearest';
import { replaceUnseen, visible, withoutRunnerCommands } from '../core/text/visible';

/** `1 file`, `2 files`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Text without halves of surrogate pairs, which no encoding can hold. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/** ` Did you mean x?`, where a known name is near the one given; else nothing. */
export function suggestion(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** JSON for people and programs: like `JSON.stringify`, and what cannot be seen or is a command to a CI runner as `\u` escapes. */
export function jsonText(value: unknown, indent?: number): string {
  const escaped = replaceUnseen(JSON.stringify(value, null, indent), (character) =>
    character === '\n' ? character : character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
  return withoutRunnerCommands(escaped, '\\u0023');
}

/** What was not read, a line each, under a head that counts. */
export function notRead(skipped: readonly { readonly path: string; readonly reason: string }[]): string {
  const inPart = skipped.some(({ reason }) => reason.startsWith('read in part'));
  const head = `${count(skipped.length, 'path was', 'paths were')} not read${inPart ? ', or only in part' : ''}:`;
  return [head, ...skipped.map(({ path, reason }) => `  ${visible(path)}: ${visible(reason)}`)].join('\n');
}
