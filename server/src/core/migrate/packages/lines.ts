/** So much of a line is read: no tool writes longer ones for a package. */
const longest = 2000;

/** The lines of a text with their numbers from 0, without white space at their ends. */
export function* linesOf(text: string): Generator<readonly [line: string, number: number]> {
  let [number, start] = [0, 0];
  while (start <= text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    yield [text.slice(start, Math.min(end, start + longest)).trimEnd(), number++];
    start = end + 1;
  }
}

/** A value between quotes, or as it is. */
export function unquoted(text: string): string {
  const quote = text[0];
  return text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}
