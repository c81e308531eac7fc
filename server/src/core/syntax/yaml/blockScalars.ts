import { Decoder, type Decoded } from '../scalar';

interface Line {
  /** Offset of the line in the document. */
  readonly start: number;
  /** How many spaces it begins with. */
  readonly indent: number;
  /** Its text after the spaces, without the line break. */
  readonly text: string;
  /** Offset of its line break, or of the text's end. */
  readonly end: number;
}

/** A block scalar's content: the decoded value and the indentation that its lines share. */
export interface Block extends Decoded {
  readonly indent: number;
}

/**
 * Decodes the body of a block scalar (what follows the header's line) that stands at `offset`.
 * `header` is `|` or `>` with its indicators; `parentIndent` is what an explicit indicator adds to.
 * Source: YAML 1.2.2, 8.1.
 */
export function decodeBlock(header: string, source: string, offset: number, parentIndent: number): Block {
  const lines = splitLines(source, offset);
  const keep = header.includes('+');
  const explicit = Number(/[1-9]/.exec(header)?.[0] ?? 0);
  let end = lines.length;
  while (end > 0 && lines[end - 1]!.text === '') end--;
  const decoder = new Decoder();
  if (end === 0) {
    const breaks = keep && source !== '' ? Math.max(1, lines.length - 1) : 0;
    decoder.add('\n'.repeat(breaks), offset);
    return { ...decoder.done(offset), indent: parentIndent + Math.max(1, explicit) };
  }
  let first = 0;
  while (lines[first]!.text === '') first++;
  const indent = explicit > 0 ? parentIndent + explicit : lines[first]!.indent;
  // Empty lines that are indented deeper than the content are content.
  for (let i = lines.length - 1; i >= end; i--) if (lines[i]!.indent > indent) end = i + 1;
  for (let i = 0; i < first; i++) addLine(decoder, lines[i]!, indent, true);
  if (header.startsWith('>')) addFolded(decoder, lines, first, end, indent);
  else for (let i = first; i < end; i++) addLine(decoder, lines[i]!, indent, i + 1 < end);
  const last = lines[end - 1]!;
  const broken = last.end < offset + source.length; // at the text's end the last line may have no break
  if (keep) {
    for (let i = end; i < lines.length; i++) {
      decoder.add('\n', lines[i - 1]!.end);
      addLine(decoder, lines[i]!, indent, false);
    }
    if (end === lines.length && broken) decoder.add('\n', last.end);
  } else if (!header.includes('-') && broken) {
    decoder.add('\n', last.end);
  }
  return { ...decoder.done(offset), indent };
}

function splitLines(source: string, offset: number): Line[] {
  const lines: Line[] = [];
  for (let at = 0; ;) {
    const feed = source.indexOf('\n', at);
    let end = feed < 0 ? source.length : feed;
    if (feed > at && source[feed - 1] === '\r') end--;
    let text = at;
    while (text < end && source.charCodeAt(text) === 32) text++;
    lines.push({ start: offset + at, indent: text - at, text: source.slice(text, end), end: offset + end });
    if (feed < 0) return lines;
    at = feed + 1;
  }
}

/** A line with what it is indented beyond the block. */
function addLine(decoder: Decoder, line: Line, indent: number, withBreak: boolean): void {
  const cut = Math.min(line.indent, indent);
  decoder.add(' '.repeat(line.indent - cut) + line.text, line.start + cut);
  if (withBreak) decoder.add('\n', line.end);
}

/** Folds lines `from` to `to`: a break between two lines of text is a space, more-indented lines keep theirs. */
function addFolded(decoder: Decoder, lines: readonly Line[], from: number, to: number, indent: number): void {
  let separator = '';
  let moreIndented = false;
  for (let i = from; i < to; i++) {
    const line = lines[i]!;
    const breakAt = lines[i - 1]?.end ?? line.start;
    if (line.indent > indent || line.text.startsWith('\t')) {
      if (separator === ' ') separator = '\n';
      else if (!moreIndented && separator === '\n') separator = '\n\n';
      decoder.add(separator, breakAt);
      addLine(decoder, line, indent, false);
      separator = '\n';
      moreIndented = true;
    } else if (line.text === '') {
      if (separator === '\n') decoder.add('\n', line.end);
      else separator = '\n';
    } else {
      decoder.add(separator, breakAt);
      addLine(decoder, line, indent, false);
      separator = ' ';
      moreIndented = false;
    }
  }
}
