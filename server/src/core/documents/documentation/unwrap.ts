import type { Encoding, Text } from '../../text/text';
import { Decoder } from '../../syntax/scalar';
import type { Wrapping } from '../../syntax/sourceFile';

/**
 * A text as its reader gets it from the shell, with the places of its characters. Variables and command substitutions stay
 * as they are written, so that they are found as holes; a command between backticks becomes `$(…)`.
 */
export function unwrap(raw: string, wrapping: Wrapping): Text {
  const decoder = new Decoder();
  if (wrapping.kind === 'heredoc') heredoc(raw, wrapping, decoder);
  else word(raw, wrapping.quote, decoder);
  const { value, map } = decoder.done(0);
  const span = { start: 0, end: raw.length };
  return { value, holes: [], span, outer: span, encodings: [encodingOf(wrapping)], quoted: false, ...(map ? { map } : {}) };
}

/** Whether a shell leaves a text as it is written. */
export function isVerbatim(raw: string, wrapping: Wrapping): boolean {
  if (wrapping.kind === 'word') return wrapping.quote === "'" ? !raw.includes("'") : !/["\\`$]/.test(raw);
  return !(wrapping.tabs && /^\t/m.test(raw)) && !(wrapping.expands && /[\\`]/.test(raw));
}

function encodingOf(wrapping: Wrapping): Encoding {
  if (wrapping.kind === 'word') return { kind: 'shell', quoting: wrapping.quote === "'" ? 'single' : 'double' };
  return { kind: 'shell', quoting: wrapping.expands ? 'heredoc' : 'none' };
}

function heredoc(raw: string, { tabs, expands }: { tabs: boolean; expands: boolean }, decoder: Decoder): void {
  for (let start = 0; start < raw.length;) {
    const feed = raw.indexOf('\n', start);
    const end = feed < 0 ? raw.length : feed + 1;
    let from = start;
    if (tabs) while (raw[from] === '\t') from++;
    if (expands) expanded(raw, from, end, '$`\\', decoder);
    else decoder.add(raw.slice(from, end), from);
    start = end;
  }
}

/** A stretch in which a backslash takes its meaning from some characters, and joins lines. */
function expanded(raw: string, start: number, end: number, escapable: string, decoder: Decoder): void {
  let from = start;
  for (let i = start; i < end; i++) {
    if (raw[i] === '\\' && i + 1 < end && (escapable.includes(raw[i + 1]!) || raw[i + 1] === '\n')) {
      decoder.add(raw.slice(from, i), from);
      // The character stands where its backslash does: an edit before it leaves both.
      if (raw[i + 1] !== '\n') decoder.add(raw[i + 1]!, i);
      from = i + 2;
      i++;
    } else if (raw[i] === '`') {
      const close = raw.indexOf('`', i + 1);
      if (close < 0 || close >= end) continue;
      decoder.add(raw.slice(from, i), from);
      decoder.add('$(', i);
      decoder.add(raw.slice(i + 1, close), i + 1);
      decoder.add(')', close);
      from = close + 1;
      i = close;
    }
  }
  decoder.add(raw.slice(from, end), from);
}

/** The parts of a shell's word, the first within a quote that is open already. Source: POSIX shell, 2.2 Quoting. */
function word(raw: string, first: "'" | '"', decoder: Decoder): void {
  let quote: "'" | '"' | undefined = first;
  let i = 0;
  while (i < raw.length) {
    if (quote === "'") {
      const close = raw.indexOf("'", i);
      const end = close < 0 ? raw.length : close;
      decoder.add(raw.slice(i, end), i);
      i = end + 1;
      quote = undefined;
    } else if (quote === '"') {
      const end = closingQuote(raw, i);
      variables(raw, i, end, decoder);
      i = end + 1;
      quote = undefined;
    } else if (raw[i] === "'" || raw[i] === '"') quote = raw[i++] as "'" | '"';
    else if (raw[i] === '\\' && i + 1 < raw.length) {
      if (raw[i + 1] !== '\n') decoder.add(raw[i + 1]!, i);
      i += 2;
    } else {
      let end = i;
      while (end < raw.length && !/['"\\]/.test(raw[end]!)) end++;
      variables(raw, i, end, decoder);
      i = end;
    }
  }
}

/** Where a double quote that is open at an offset ends; the text's end where it does not. */
export function closingQuote(raw: string, from: number, limit = raw.length): number {
  for (let i = from; i < limit; i++) {
    if (raw[i] === '\\') i++;
    else if (raw[i] === '"') return i;
  }
  return limit;
}

/** Text in which variables count; `$NAME` is written `${NAME}`, for what follows may go on with a letter. */
function variables(raw: string, start: number, end: number, decoder: Decoder): void {
  const name = /\$([A-Za-z_]\w*)/y;
  let from = start;
  for (let i = start; i < end; i++) {
    if (raw[i] === '\\') {
      i++;
      continue;
    }
    if (raw[i] !== '$') continue;
    name.lastIndex = i;
    const found = name.exec(raw);
    if (!found || i + found[0].length > end) continue;
    expanded(raw, from, i, '"$`\\', decoder);
    decoder.add('${', i);
    decoder.add(found[1]!, i + 1);
    from = i + found[0].length;
    decoder.add('}', from);
    i = from - 1;
  }
  expanded(raw, from, end, '"$`\\', decoder);
}
