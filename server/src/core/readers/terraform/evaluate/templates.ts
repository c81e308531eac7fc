import type { HclPart, HclTemplate } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import type { Text } from '../../../text/text';
import { borrowedScalar, holeText, known, TextBuilder } from '../texts';

/** So much text all expressions of one template may give; past it, the rest stay holes. */
const longest = 50_000;

/** Gives what an interpolation stands for. */
export type Interpolate = (part: HclPart) => Node;

/** The value of a string or heredoc, its interpolations filled in as far as they are known. */
export function readTemplate(template: HclTemplate, text: string, interpolate: Interpolate): Node {
  const { content, parts, heredoc, span } = template;
  const [only] = parts;
  if (only?.expression && parts.length === 1 && heredoc === 'none' && only.span.start === content.start && only.span.end === content.end) {
    const node = interpolate(only);
    // "${x}" is x itself, whatever it is.
    return node.kind === 'scalar'
      ? { ...borrowedScalar(node, only.span, node.quoted, node.type, only.expression?.span), outer: span, encodings: [{ kind: 'hcl' }] }
      : node;
  }
  const builder = new TextBuilder();
  const own = heredoc === 'none' ? quotedText : heredocText(template, text);
  let at = content.start;
  let trim = false;
  let borrowed = 0;
  const lent = new Map<number, Pick<Text, 'refers' | 'filledBy'>>();
  for (const part of parts) {
    if (part.span.start < at) continue;
    own(text, at, part.span.start, builder, { start: trim, end: part.trimBefore });
    const node = part.expression ? interpolate(part) : undefined;
    const source = text.slice(part.span.start, part.span.end);
    const isShort = node?.kind === 'scalar' && (borrowed += node.value.length) <= longest;
    const value = isShort ? node : node ? holeText(source.slice(2, -1), true) : directive(source);
    builder.borrow(value, part.span, part.expression?.span);
    if (isShort && (node.refers || node.filledBy)) lent.set(part.span.start, { ...(node.refers ? { refers: node.refers } : {}), ...(node.filledBy ? { filledBy: node.filledBy } : {}) }); // prettier-ignore
    at = part.span.end;
    trim = part.trimAfter;
  }
  own(text, at, content.end, builder, { start: trim, end: false });
  const encoding = heredoc === 'none' ? ({ kind: 'hcl' } as const) : ({ kind: 'hcl-heredoc' } as const);
  const read = builder.text({ span: content, outer: span, encodings: [encoding] }, heredoc === 'none');
  return known({ kind: 'scalar', type: 'string', ...read, ...(lent.size > 0 ? { lent } : {}) });
}

/** `%{ if … }…%{ endif }`: what it leaves is not told. */
function directive(source: string) {
  return { value: source, holes: [{ start: 0, end: source.length, source, named: false }] };
}

interface Trim {
  readonly start: boolean;
  readonly end: boolean;
}

/** Escapes of quoted strings. Source: HCL specification, quoted template expressions. */
const escape = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^]))|(\$\$|%%)(?=\{)/g;
const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f' };

function quotedText(text: string, from: number, to: number, builder: TextBuilder, trim: Trim): void {
  const [start, end] = trimmed(text, from, to, trim);
  const source = text.slice(start, end);
  let at = 0;
  for (const match of source.matchAll(escape)) {
    builder.own(source.slice(at, match.index), start + at);
    builder.own(decoded(match), start + match.index);
    at = match.index + match[0].length;
  }
  builder.own(source.slice(at), start + at);
}

function decoded([source, short, long, letter, doubled]: RegExpExecArray | RegExpMatchArray): string {
  if (doubled) return doubled[0]!;
  const code = parseInt(short ?? long ?? '', 16);
  if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : '�';
  return (letter !== undefined && simple[letter]) || source;
}

/** A heredoc's text: no escapes but `$${`, and for `<<-` without the indentation that all lines share. */
function heredocText(template: HclTemplate, text: string): typeof quotedText {
  const indent = template.heredoc === 'indented' ? sharedIndent(text.slice(template.content.start, template.content.end)) : 0;
  return (source, from, to, builder, trim) => {
    const [start, end] = trimmed(source, from, to, trim);
    let at = start;
    while (at < end) {
      const feed = source.indexOf('\n', at);
      const stop = feed < 0 || feed >= end ? end : feed + 1;
      const atLineStart = at === template.content.start || source[at - 1] === '\n';
      let begin = at;
      if (atLineStart) while (begin < stop && begin - at < indent && (source[begin] === ' ' || source[begin] === '\t')) begin++;
      line(source.slice(begin, stop), begin, builder);
      at = stop;
    }
  };
}

function line(source: string, offset: number, builder: TextBuilder): void {
  let at = 0;
  for (const match of source.matchAll(/(\$\$|%%)(?=\{)/g)) {
    builder.own(source.slice(at, match.index) + match[0][0]!, offset + at);
    at = match.index + 2;
  }
  builder.own(source.slice(at), offset + at);
}

function sharedIndent(content: string): number {
  let least = Infinity;
  for (const each of content.split('\n')) {
    if (each.trim() === '') continue;
    least = Math.min(least, /^[ \t]*/.exec(each)![0].length);
  }
  return least === Infinity ? 0 : least;
}

function trimmed(text: string, from: number, to: number, trim: Trim): [number, number] {
  let [start, end] = [from, to];
  if (trim.start) while (start < end && /\s/.test(text[start]!)) start++;
  if (trim.end) while (end > start && /\s/.test(text[end - 1]!)) end--;
  return [start, end];
}
