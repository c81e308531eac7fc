import { Decoder, type Decoded } from '../scalar';

/** Decodes a plain scalar that stands at `offset`: lines folded. Source: YAML 1.2.2, 7.3.3. */
export function decodePlain(source: string, offset: number): Decoded {
  if (!source.includes('\n')) return { value: source };
  const decoder = new Decoder();
  unfold(
    source,
    (from, to) => decoder.add(source.slice(from, to), offset + from),
    (fold, at) => decoder.add(fold, offset + at),
  );
  return decoder.done(offset);
}

/** Decodes the inside of a single-quoted scalar: lines folded, `''` is a quote. Source: YAML 1.2.2, 7.3.2. */
export function decodeSingleQuoted(source: string, offset: number): Decoded {
  if (!/['\n]/.test(source)) return { value: source };
  const decoder = new Decoder();
  const add = (from: number, to: number) => {
    let at = from;
    for (let quote = source.indexOf("''", at); quote >= 0 && quote < to; quote = source.indexOf("''", at)) {
      decoder.add(source.slice(at, quote), offset + at);
      decoder.add("'", offset + quote);
      at = quote + 2;
    }
    decoder.add(source.slice(at, to), offset + at);
  };
  if (source.includes('\n')) unfold(source, add, (fold, at) => decoder.add(fold, offset + at));
  else add(0, source.length);
  return decoder.done(offset);
}

/**
 * Walks the lines of a flow scalar: `text` gets each line's content without the white space around it,
 * `fold` what a line break between contents becomes.
 */
function unfold(source: string, text: (from: number, to: number) => void, fold: (value: string, at: number) => void): void {
  let at = 0;
  let separator = '';
  let breakAt = 0;
  for (;;) {
    const feed = source.indexOf('\n', at);
    const lineEnd = feed < 0 ? source.length : feed > at && source[feed - 1] === '\r' ? feed - 1 : feed;
    let from = at;
    let to = lineEnd;
    if (at > 0) while (from < to && isBlank(source.charCodeAt(from))) from++;
    if (feed >= 0) while (to > from && isBlank(source.charCodeAt(to - 1))) to--;
    if (at > 0 && feed >= 0 && from === to) {
      // An empty line: the first after a content stands for the break itself.
      if (separator === '\n') fold('\n', breakAt);
      else separator = '\n';
      breakAt = lineEnd;
    } else {
      if (separator !== '') fold(separator, breakAt);
      text(from, to);
      separator = ' ';
      breakAt = to;
    }
    if (feed < 0) return;
    at = feed + 1;
  }
}

const escapes: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};
const widths: Record<string, number> = { x: 2, u: 4, U: 8 };
const interesting = /[\\\n]/;

/** Decodes the inside of a double-quoted scalar: escapes, and lines folded. Source: YAML 1.2.2, 7.3.1. */
export function decodeDoubleQuoted(source: string, offset: number): Decoded {
  if (!interesting.test(source)) return { value: source };
  const decoder = new Decoder();
  let from = 0; // where the run of literal characters begins
  let i = 0;
  const flush = (to: number) => decoder.add(source.slice(from, to), offset + from);
  while (i < source.length) {
    const char = source[i]!;
    if (char === '\\') {
      flush(i);
      const [value, width] = escape(source, i);
      decoder.add(value, offset + i);
      from = i = i + width;
    } else if (char === '\n') {
      let to = i;
      while (to > from && (isBlank(source.charCodeAt(to - 1)) || source[to - 1] === '\r')) to--;
      flush(to);
      const [value, next] = foldBreaks(source, i);
      decoder.add(value, offset + to);
      from = i = next;
    } else {
      i++;
    }
  }
  flush(source.length);
  return decoder.done(offset);
}

/** The character that an escape stands for, and how wide the escape is. An unknown one stays as written. */
function escape(source: string, at: number): [string, number] {
  const next = source[at + 1] ?? '';
  const width = widths[next];
  if (width !== undefined) {
    const digits = source.slice(at + 2, at + 2 + width);
    const code = digits.length === width && /^[0-9a-fA-F]+$/.test(digits) ? parseInt(digits, 16) : NaN;
    return code <= 0x10ffff ? [String.fromCodePoint(code), 2 + width] : ['\\' + next, 2];
  }
  const feed = next === '\n' ? at + 1 : next === '\r' && source[at + 2] === '\n' ? at + 2 : -1;
  if (feed >= 0) {
    let end = feed + 1;
    while (end < source.length && isBlank(source.charCodeAt(end))) end++;
    return ['', end - at];
  }
  return next === '' ? ['\\', 1] : [escapes[next] ?? '\\' + next, 2];
}

/** One break folds to a space, n breaks to n - 1 line feeds; gives also where the next content begins. */
function foldBreaks(source: string, at: number): [string, number] {
  let breaks = 0;
  let i = at;
  for (; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === 10) breaks++;
    else if (!isBlank(code) && !(code === 13 && source.charCodeAt(i + 1) === 10)) break;
  }
  return [breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), i];
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
