/** A paste made readable, and where each of its characters stands in the paste. */
export interface Clean {
  /** Without colours, boxes and escapes; lines end at `\n`. */
  readonly text: string;
  /** The offset in the paste of each character. */
  readonly offsets: Int32Array;
}

const entities: readonly (readonly [string, string])[] = [
  ['&quot;', '"'],
  ['&#34;', '"'],
  ['&#39;', "'"],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
];

/**
 * Takes away what terminals, loggers and web pages lay over a text: escapes of JSON (however often escaped), colours, the
 * boxes of Terraform, quotes of a mail, typographic quotes, entities of HTML, characters without width. Linear.
 */
export function clean(text: string): Clean {
  const out: string[] = [];
  const offsets = new Int32Array(text.length);
  let length = 0;
  let lineIsEmpty = true;
  const put = (character: string, at: number): void => {
    if (character === '\n') lineIsEmpty = true;
    else if (character !== ' ' && character !== '\t') lineIsEmpty = false;
    out.push(character);
    offsets[length++] = at;
  };
  for (let i = 0; i < text.length;) {
    const code = text.charCodeAt(i);
    // Most characters stand for themselves.
    if (code > 32 && code < 127 && code !== 92 && code !== 91 && code !== 38 && code !== 94 && code !== 62 && code !== 124) {
      put(text[i]!, i);
      i++;
      continue;
    }
    i = special(text, i, code, put, lineIsEmpty);
  }
  return { text: out.join(''), offsets: offsets.subarray(0, length) };
}

/** Handles one character that may not stand for itself; returns the offset behind it. */
function special(text: string, i: number, code: number, put: (character: string, at: number) => void, lineIsEmpty: boolean): number {
  switch (code) {
    case 10:
      put('\n', i);
      return i + 1;
    case 13:
      put('\n', i);
      return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
    case 27:
      return behindColour(text, i) ?? i + 1;
    case 91: {
      const end = colourEnd(text, i);
      if (end !== undefined) return end;
      break;
    }
    case 94:
      if (text[i + 1] === '[') return colourEnd(text, i + 1) ?? put1(put, '^', i);
      break;
    case 38: {
      const entity = entities.find(([written]) => text.startsWith(written, i));
      if (entity) {
        put(entity[1], i);
        return i + entity[0].length;
      }
      break;
    }
    case 62:
    case 124:
      // The mark of a quoted mail, the edge of a table.
      if (lineIsEmpty && (text[i + 1] === ' ' || text[i + 1] === '\n')) return put1(put, ' ', i);
      break;
    case 92:
      return escape(text, i, put);
    default:
      if (code < 32 && code !== 9) return i + 1;
      if (code > 126) return beyondAscii(text, i, code, put);
  }
  return put1(put, text[i]!, i);
}

function put1(put: (character: string, at: number) => void, character: string, at: number): number {
  put(character, at);
  return at + 1;
}

/** Backslashes and what they escape. */
function escape(text: string, at: number, put: (character: string, at: number) => void): number {
  let i = at;
  while (text.charCodeAt(i) === 92) i++;
  const next = text[i];
  if (next === undefined || next === '\n') return i;
  if (next === 'n' || next === 'r') {
    put('\n', at);
    return i + 1;
  }
  if (next === 't') {
    put('\t', at);
    return i + 1;
  }
  if (next === 'u' || next === 'x') {
    const digits = next === 'u' ? 4 : 2;
    const hex = text.slice(i + 1, i + 1 + digits);
    if (hex.length === digits && /^[0-9a-fA-F]+$/.test(hex)) {
      const code = Number.parseInt(hex, 16);
      const end = i + 1 + digits;
      if (code === 27) return text[end] === '[' ? (colourEnd(text, end) ?? end) : end;
      if (code >= 32 && code < 127) put(String.fromCharCode(code), at);
      else if (code === 10) put('\n', at);
      return end;
    }
  }
  if (/^0?33\[/.test(text.slice(i, i + 4))) return colourEnd(text, text.indexOf('[', i)) ?? i;
  if (next === '"' || next === "'" || next === '/') {
    put(next, i);
    return i + 1;
  }
  put('\\', at);
  return i;
}

/** Behind `ESC [ … m`, or a title that a terminal is given. */
function behindColour(text: string, at: number): number | undefined {
  if (text[at + 1] === '[') {
    let i = at + 2;
    while (i - at < 32 && /[0-9;?:]/.test(text[i] ?? '')) i++;
    return i + 1;
  }
  if (text[at + 1] === ']') {
    const end = text.indexOf('\u0007', at);
    return end > 0 && end - at < 512 ? end + 1 : at + 2;
  }
  return undefined;
}

/** Behind `[31;1m`, whose ESC a copy lost. */
function colourEnd(text: string, at: number): number | undefined {
  let i = at + 1;
  while (i - at < 16 && ((text.charCodeAt(i) >= 48 && text.charCodeAt(i) <= 57) || text[i] === ';')) i++;
  return i > at + 1 && text[i] === 'm' ? i + 1 : undefined;
}

function beyondAscii(text: string, i: number, code: number, put: (character: string, at: number) => void): number {
  // Boxes, and spaces of all widths.
  if ((code >= 0x2500 && code <= 0x257f) || code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x3000)
    return put1(put, ' ', i);
  if (code === 0x2028 || code === 0x2029 || code === 0x85) return put1(put, '\n', i);
  // No width, the writing direction, byte order.
  if ((code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) || code === 0xfeff || code === 0xad) return i + 1;
  if (code === 0x201c || code === 0x201d || code === 0x201e) return put1(put, '"', i);
  if (code === 0x2018 || code === 0x2019) return put1(put, "'", i);
  return put1(put, text[i]!, i);
}
