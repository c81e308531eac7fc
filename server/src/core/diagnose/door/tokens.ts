import { behindWrap, endsLine } from './wraps';
import type { Range } from './ranges';

/** A web token as it stands in a paste. */
export interface TokenSpan {
  readonly start: number;
  readonly end: number;
  /** The payload, base64url, without the line breaks within it. */
  readonly payload: string;
  /** Where its signature stands: what makes it worth stealing. */
  readonly signature: readonly Range[];
}

const equals = 61;
/** RS256: what EKS signs with. A signature that is longer is of another algorithm, and is cut as well. */
const signatureLength = 342;
/** Payloads longer than this are no pod's. */
const longestPart = 16_384;

/** Every web token of a text: `eyJ…`, two dots, wherever lines break within it. */
export function tokensIn(text: string): TokenSpan[] {
  const found: TokenSpan[] = [];
  let from = 0;
  for (let start = text.indexOf('eyJ'); start >= 0; start = text.indexOf('eyJ', from)) {
    const before = text.charCodeAt(start - 1);
    const token = isWord(before) && before !== equals ? undefined : tokenAt(text, start);
    if (token) found.push(token);
    from = Math.max(start + 3, token?.end ?? 0);
  }
  return found;
}

function tokenAt(text: string, start: number): TokenSpan | undefined {
  const header = part(text, start, longestPart);
  const first = dotAfter(text, header.end);
  if (first === undefined || header.value.length < 8) return undefined;
  const payload = part(text, first, longestPart);
  const second = dotAfter(text, payload.end);
  if (second === undefined) return { start, end: payload.end, payload: payload.value, signature: [] };
  const { end, ranges } = signatureAt(text, second);
  return { start, end, payload: payload.value, signature: ranges };
}

/** The offset behind the dot that follows a part, where one does; line breaks may stand around it. */
function dotAfter(text: string, at: number): number | undefined {
  let i = at;
  if (text[i] !== '.') i = behindWrap(text, at) ?? at;
  const length = text[i] === '.' ? 1 : /^%2e/i.test(text.slice(i, i + 3)) ? 3 : 0;
  if (length === 0) return undefined;
  i += length;
  return isWord(text.charCodeAt(i)) ? i : (behindWrap(text, i) ?? i);
}

function part(text: string, start: number, limit: number): { readonly value: string; readonly end: number } {
  let value = '';
  let end = start;
  for (let at = start; value.length < limit;) {
    const stop = wordEnd(text, at, limit);
    value += text.slice(at, stop);
    end = stop;
    const next = behindWrap(text, stop);
    if (stop === at || next === undefined || !isWord(text.charCodeAt(next))) break;
    // The rest of a wrapped token is the whole line, or ends at its dot.
    const rest = wordEnd(text, next, limit);
    if (text[rest] !== '.' && !endsLine(text, rest)) break;
    at = next;
  }
  return { value, end };
}

function signatureAt(text: string, start: number): { readonly end: number; readonly ranges: readonly Range[] } {
  const ranges: Range[] = [];
  let length = 0;
  let at = start;
  let end = start;
  for (;;) {
    const stop = wordEnd(text, at, longestPart);
    if (stop > at) ranges.push([at, stop]);
    length += stop - at;
    end = stop;
    const next = behindWrap(text, stop);
    if (stop === at || next === undefined || length >= signatureLength) break;
    const rest = wordEnd(text, next, longestPart);
    if (rest === next || !endsLine(text, rest)) break;
    at = next;
  }
  return { end, ranges };
}

/** Base64url, and what other encodings have in its place. */
function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95 || code === 61
  );
}

function wordEnd(text: string, start: number, limit: number): number {
  let i = start;
  const last = Math.min(text.length, start + limit);
  while (i < last && isWord(text.charCodeAt(i))) i++;
  return i;
}
