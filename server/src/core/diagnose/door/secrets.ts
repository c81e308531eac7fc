import { hidingOf, isOtherVariable, looksSecret, type Hiding } from './labels';
import { writeOver, type Range } from './ranges';
import { tokensIn } from './tokens';
import { behindWrap, endsLine } from './wraps';

/** The longest value that is followed: a session token has some 1,000 characters, a certificate 2,000. */
const longestValue = 32_768;
const longestName = 64;

/**
 * The door: what is pasted, with every secret written over: signatures of web tokens, access keys, session tokens,
 * authorization headers, signed URLs, passwords, values of variables and of Secrets. Nothing else of the engine sees the
 * paste. Offsets stay the same. Linear in the text; never throws.
 */
export function withoutSecrets(text: string): { readonly text: string; readonly cut: number } {
  const tokens = tokensIn(text);
  const ranges: Range[] = [
    ...tokens.flatMap(({ signature }) => signature),
    ...labelled(text),
    ...byForm(text),
    ...pemBlocks(text),
    ...secretObjects(text),
    ...longRuns(text, tokens),
  ];
  return writeOver(text, ranges);
}

/** What looks like a secret wherever it stands: each linear, with bounded repetitions. */
const forms: readonly { readonly pattern: RegExp; readonly group: number }[] = [
  { pattern: /(?<![A-Z0-9])((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{8,32})/g, group: 1 },
  { pattern: /(?<![A-Za-z0-9/+=])([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/g, group: 1 },
  { pattern: /\b(?:Basic|Bearer)\s{1,4}([A-Za-z0-9+/=_~%-]{6,4096})/gi, group: 1 },
  { pattern: /:\/\/([^\s/@:"']{0,128}:[^\s/@"']{1,256})@/g, group: 1 },
];
/** How session tokens of STS begin. */
const sessionTokens = /(?:FwoG|FQoG|IQoJ|AQoD)[A-Za-z0-9+/=%_-]{12}/g;

function byForm(text: string): Range[] {
  const found: Range[] = [];
  for (const { pattern, group } of forms) {
    for (const match of text.matchAll(pattern)) {
      const value = match[group]!;
      if (value.startsWith('eyJ') || (value.length === 40 && group === 1 && pattern === forms[1]!.pattern && !isMixed(value))) continue;
      const start = match.index + match[0].lastIndexOf(value);
      found.push([start, start + value.length]);
    }
  }
  let behind = 0;
  for (const match of text.matchAll(sessionTokens)) {
    if (match.index < behind) continue;
    const wrapped = wrappedRun(text, match.index, text.length);
    found.push(...wrapped);
    behind = wrapped.at(-1)?.[1] ?? match.index;
  }
  return found;
}

/** Values that stand under a name: `name=value`, `name: value`, `"name": "value"`, `\"name\":\"value\"`, in a query or a YAML block. */
function labelled(text: string): Range[] {
  const found: Range[] = [];
  let behind = 0;
  for (const match of text.matchAll(/[=:]|%3[AaDd]/g)) {
    if (match.index < behind) continue;
    const name = nameBefore(text, match.index);
    if (name.text === '') continue;
    const after = match.index + match[0].length;
    const hiding = hidingOf(name.text) ?? variableHiding(text, name, match[0]);
    if (hiding === undefined) continue;
    const ranges = valueAfter(text, after, hiding);
    found.push(...ranges);
    behind = ranges.at(-1)?.[1] ?? behind;
  }
  return found;
}

interface Name {
  readonly text: string;
  readonly start: number;
}

function nameBefore(text: string, at: number): Name {
  let end = at;
  while (end > 0 && at - end < 12 && /[\s"'\\]/.test(text[end - 1]!) && text[end - 1] !== '\n') end--;
  let start = end;
  while (start > 0 && end - start < longestName && isName(text.charCodeAt(start - 1))) start--;
  return { text: text.slice(start, end), start };
}

function isName(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95 || code === 46
  );
}

/** How the value of a variable of the environment is hidden that tells nothing here: in a listing, a description, or as `name:` and `value:`. */
function variableHiding(text: string, name: Name, sign: string): Hiding | undefined {
  if (name.text.toLowerCase() === 'value') {
    const before = text.slice(Math.max(0, name.start - 200), name.start);
    const at = before.lastIndexOf('name');
    const owner =
      at < 0 ? undefined : /^name[\\"']{0,4}\s{0,4}[:=][\s\\"']{0,6}([A-Za-z_][\w.-]{0,80})[\s\\"',-]{0,40}$/.exec(before.slice(at))?.[1];
    return owner !== undefined && (isOtherVariable(owner) || hidingOf(owner) !== undefined) ? 'line' : undefined;
  }
  if (!isOtherVariable(name.text)) return undefined;
  const before = text.slice(Math.max(0, name.start - 24), name.start);
  if (/(?:^|\n)[ \t\u2502|]*(?:export |declare -x |ENV |set |- )?$/.test(before)) return 'rest';
  return sign !== ':' && /(?:[\s"'[,`]|\\n)$/.test(before) ? 'line' : undefined;
}

/** Where the value stands that follows a name and its sign. */
function valueAfter(text: string, at: number, hiding: Hiding): Range[] {
  if (hiding === 'rest') {
    const end = text.indexOf('\n', at);
    return [[at, end < 0 ? text.length : end]];
  }
  let start = at;
  while (start - at < 64 && (text[start] === ' ' || text[start] === '\t')) start++;
  if (text[start] === 'b' && (text[start + 1] === "'" || text[start + 1] === '"')) start++;
  let escapes = 0;
  while (text[start + escapes] === '\\' && escapes < 16) escapes++;
  const quote = text[start + escapes];
  if (quote === '"' || quote === "'" || quote === '`') {
    const from = start + escapes + 1;
    return kept(text, hiding, [[from, closing(text, from, quote, escapes)]]);
  }
  if ((quote === '|' || quote === '>') && /^[|>][-+\d]{0,3}[ \t]*\r?\n/.test(text.slice(start, start + 16))) return block(text, start, at);
  const next = behindWrap(text, start);
  if (next !== undefined) {
    const runs = wrappedRun(text, next, next + longestValue);
    const [first] = runs;
    return first && first[1] - first[0] >= 16 && endsLine(text, first[1]) && hiding !== 'line' ? runs : [];
  }
  if (hiding === 'line') return [[start, lineEnd(text, start)]];
  const runs = wrappedRun(text, start, start + longestValue);
  return kept(text, hiding, runs.length > 0 ? runs : [[start, plainEnd(text, start)]]);
}

function kept(text: string, hiding: Hiding, ranges: readonly Range[]): Range[] {
  const [first] = ranges;
  if (!first) return [];
  const value = text.slice(first[0], first[1]);
  // Of a web token the signature alone is cut: its claims tell who asks.
  if (value.startsWith('eyJ') && value.includes('.')) return [];
  return hiding === 'if-secret' && !looksSecret(value) ? [] : [...ranges];
}

/** The end of a quoted value: its quote, written with as many backslashes as at its beginning. */
function closing(text: string, from: number, quote: string, escapes: number): number {
  const last = Math.min(text.length, from + longestValue);
  for (let i = from; i < last; i++) {
    if (text[i] !== quote) continue;
    let before = 0;
    while (before < 16 && text[i - 1 - before] === '\\' && i - 1 - before >= from) before++;
    if (before <= escapes) return i - before;
  }
  return lineEnd(text, from);
}

/** The lines of a YAML block below a key. */
function block(text: string, start: number, key: number): Range[] {
  const lineStart = text.lastIndexOf('\n', key) + 1;
  const indent = indentAt(text, lineStart);
  const ranges: Range[] = [];
  for (let at = lineEnd(text, start) + 1; at < text.length && at - start < longestValue;) {
    const end = lineEnd(text, at);
    if (text.slice(at, end).trim() !== '' && indentAt(text, at) <= indent) break;
    if (end > at) ranges.push([at, end]);
    at = end + 1;
  }
  return ranges;
}

function indentAt(text: string, at: number): number {
  let i = at;
  while (text[i] === ' ' && i - at < 256) i++;
  return i - at;
}

/** The end of the line, or of the text that a JSON string or an escaped line break ends. */
function lineEnd(text: string, at: number): number {
  const last = Math.min(text.length, at + longestValue);
  for (let i = at; i < last; i++) {
    const c = text[i]!;
    if (c === '\n' || c === '\r' || c === '"' || (c === '\\' && (text[i + 1] === 'n' || text[i + 1] === 'r' || text[i + 1] === '"')))
      return i;
  }
  return last;
}

/** The end of a value without quotes. */
function plainEnd(text: string, at: number): number {
  const last = Math.min(text.length, at + longestValue);
  let i = at;
  while (i < last && !/[\s"'`<>,;&)}\]\\]/.test(text[i]!)) i++;
  return i;
}

/** A run of base64 or hexadecimal, and its rest on the lines that follow where they hold nothing else. */
function wrappedRun(text: string, start: number, limit: number): Range[] {
  const ranges: Range[] = [];
  let at = start;
  for (;;) {
    const stop = plainEnd(text, at);
    if (stop === at) break;
    ranges.push([at, stop]);
    if (stop - at < 20 || stop >= limit) break;
    const next = behindWrap(text, stop);
    if (next === undefined) break;
    const rest = runEnd(text, next);
    // Another name and its value are no rest of this one.
    if (rest === next || !endsLine(text, rest) || /^[A-Za-z_]\w{0,80}=[^=\s]/.test(text.slice(next, next + 84))) break;
    at = next;
  }
  return ranges;
}

function runEnd(text: string, at: number): number {
  let i = at;
  const last = Math.min(text.length, at + longestValue);
  while (i < last && /[A-Za-z0-9+/=%_-]/.test(text[i]!)) i++;
  return i;
}

/** Private keys and certificates, cut ones to the end of what may be theirs. */
function pemBlocks(text: string): Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf('-----BEGIN'); at >= 0;) {
    const from = at + '-----BEGIN'.length;
    const end = text.indexOf('-----END', from);
    const stop = end < 0 || end - from > longestValue ? Math.min(text.length, from + 8192) : end;
    found.push([from, stop]);
    at = text.indexOf('-----BEGIN', stop);
  }
  return found;
}

/** The values of Kubernetes Secrets. */
function secretObjects(text: string): Range[] {
  if (!/kind[\\"']{0,4}\s{0,4}[:=][\s\\"']{0,4}Secret(?![A-Za-z])/.test(text)) return [];
  const found: Range[] = [];
  let behind = 0;
  for (const match of text.matchAll(/(?<![A-Za-z])(?:data|stringData)[\\"']{0,4}\s{0,4}:[ \t]{0,8}(?=(\{)|\r?\n)/g)) {
    if (match.index < behind) continue;
    const start = match.index + match[0].length;
    if (match[1] === undefined) {
      const lines = block(text, start, match.index);
      for (const [from, to] of lines) {
        const colon = text.indexOf(':', from);
        found.push([colon >= 0 && colon < to ? colon + 1 : from, to]);
      }
      behind = lines.at(-1)?.[1] ?? start;
    } else {
      const end = text.indexOf('}', start);
      behind = end < 0 || end - start > longestValue * 4 ? Math.min(text.length, start + longestValue * 4) : end;
      found.push([start + 1, behind]);
    }
  }
  return found;
}

/** What is too long and too mixed for a name: encoded keys and tokens under any name. */
function longRuns(text: string, tokens: readonly { readonly start: number; readonly end: number }[]): Range[] {
  const found: Range[] = [];
  let next = 0;
  for (const match of text.matchAll(/[A-Za-z0-9+/=_-]{60,}/g)) {
    const [start, end] = [match.index, match.index + match[0].length];
    while (next < tokens.length && tokens[next]!.end <= start) next++;
    const token = tokens[next];
    if (token && token.start < end) continue;
    if (
      /[A-Za-z0-9]{20,}/.test(match[0]) &&
      isMixed(match[0]) &&
      !/(?:role|provider|id|profile|policy|user)\/$/.test(text.slice(Math.max(0, start - 12), start)) &&
      !/^\/?(?:[a-z0-9.-]{1,40}\/){2}/.test(match[0])
    )
      found.push([start, end]);
  }
  return found;
}

function isMixed(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}
