import { visible } from './visible';

/**
 * The texts of diagnostics: up to three lines, of which Problems lists and one-line formats show the first alone.
 * Values of a workspace may be of any length and hold line breaks; the tags here shorten them, and only them.
 */

/** The limit of a diagnostic's first line, in UTF-16 units. */
export const headlineLimit = 110;
/** The limit of a clause, which leaves room for its consequence. */
export const clauseLimit = 80;
/** Values in further lines, and in titles, are shortened above this. */
const valueLimit = 160;
/** No value is shortened below this: our own words leave room for it. */
const shortest = 12;

/**
 * A diagnostic's first line, as a template tag: what is wrong, understandable alone. It keeps within
 * {@link headlineLimit} whatever the values are: the longest of them are shortened in their middle. Values that differ
 * still differ when they are shortened.
 */
export function headline(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return within(headlineLimit, parts, values);
}

/** The same for a part of a first line, such as "The subject has a slash instead of a colon", to go on from with a consequence. */
export function clause(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return within(clauseLimit, parts, values);
}

function within(limit: number, parts: TemplateStringsArray, values: readonly (string | number)[]): string {
  const texts = values.map((value) => oneLine(String(value)));
  const words = parts.reduce((sum, part) => sum + part.length, 0);
  const cap = fairShare(
    texts.map((text) => text.length),
    limit - words,
  );
  return assemble(parts, shortenedApart(texts, Math.max(cap, shortest)));
}

/** A diagnostic's further line, or a fix's title, as a template tag: values on one line, very long ones shortened. */
export function line(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return assemble(
    parts,
    shortenedApart(
      values.map((value) => oneLine(String(value))),
      valueLimit,
    ),
  );
}

/**
 * A diagnostic's message.
 * @param first what is wrong, from {@link headline} or without values
 * @param atRunTime what happens, with AWS's own error text in quotes
 * @param change what to change
 */
export function lines(first: string, atRunTime?: string, change?: string): string {
  return [first, atRunTime, change].filter((each) => each !== undefined && each !== '').join('\n');
}

/** The first line of a message, for places that have room for one. */
export function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

/** A text cut in its middle to a number of UTF-16 units, so that its beginning and its end are still seen. */
export function shortened(text: string, limit: number = valueLimit): string {
  if (text.length <= limit) return text;
  const tail = Math.floor((limit - 1) / 3);
  return `${inside(text, 0, limit - 1 - tail)}…${inside(text, text.length - tail, text.length)}`;
}

/** How long each of some texts may be, so that together they keep within a room: short ones leave theirs to the others. */
function fairShare(lengths: readonly number[], room: number): number {
  const sorted = [...lengths].sort((a, b) => a - b);
  let left = room;
  for (const [index, length] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (length > share) return share;
    left -= length;
  }
  return Infinity;
}

/** The texts within a limit each. Of two that would then look the same, the second is cut where they differ. */
function shortenedApart(texts: readonly string[], limit: number): readonly string[] {
  const found: string[] = [];
  for (const text of texts) {
    const short = shortened(text, limit);
    const twin = found.findIndex((other, i) => other === short && texts[i] !== text);
    found.push(twin < 0 ? short : fromDifference(text, texts[twin]!, limit));
  }
  return found;
}

/** A part of a text around the first character in which it differs from another one. */
function fromDifference(text: string, other: string, limit: number): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  const start = Math.max(0, at - Math.floor(limit / 2));
  const end = start + limit - 2;
  return `…${inside(text, start, end)}${end < text.length ? '…' : ''}`;
}

/** A part of a text, without halves of surrogate pairs at its ends. */
function inside(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
}

/** A sentence made elsewhere, which may quote long values, for a further line of a message. */
export function sentence(text: string): string {
  return shortened(oneLine(text), 400);
}

/** A value as it can be shown within a line: white space as one blank, what cannot be seen as escapes. */
function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' '));
}

function assemble(parts: TemplateStringsArray, values: readonly string[]): string {
  return parts.reduce((text, part, index) => text + (values[index - 1] ?? '') + part, '');
}
