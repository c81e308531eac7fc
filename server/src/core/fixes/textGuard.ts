import type { Edit } from '../rules/rule';
import type { Tree } from '../syntax/tree';
import type { Span } from '../text/span';
import { encode, type Judged } from '../text/texts';
import { everyNode } from './trees';

/** Where the scalars of a document stand, and which of them stand for several places (an anchor with aliases). */
export interface Scalars {
  readonly outer: readonly Span[];
  readonly shared: readonly Span[];
}

const known = new WeakMap<Tree, Scalars>();

/** The scalars of a tree, keys and values. */
export function scalarsOf(tree: Tree): Scalars {
  let found = known.get(tree);
  if (!found) known.set(tree, (found = collect(tree)));
  return found;
}

function collect(tree: Tree): Scalars {
  const uses = new Map<number, { readonly span: Span; count: number }>();
  for (const node of everyNode(tree.root)) {
    if (node.kind !== 'scalar') continue;
    const use = uses.get(node.outer.start);
    if (use) use.count++;
    else uses.set(node.outer.start, { span: node.outer, count: 1 });
  }
  const all = [...uses.values()];
  return { outer: all.map(({ span }) => span), shared: all.filter(({ count }) => count > 1).map(({ span }) => span) };
}

/**
 * Whether an edit changes the text that its rule judged, and no other: a text in the place of another one needs the very
 * text in the source; what only removes takes whole scalars.
 * @param source the document's text before the edit
 */
export function changesWhatWasJudged(edit: Edit, source: string, scalars: Scalars): boolean {
  const { span, newText, judged, replacesExpression } = edit;
  if (span.start < 0 || span.end < span.start || span.end > source.length) return false;
  const old = source.slice(span.start, span.end);
  if (old === '' || replacesExpression) return true;
  if (judged) return isWrittenAs(judged, old);
  if (newText !== '' && old.trim() !== '' && !isWholeLines(source, span)) return false;
  return scalars.outer.every(
    ({ start, end }) => end <= span.start || start >= span.end || (start >= span.start && end <= span.end) || isBlockEnd(source, span, end),
  );
}

/** True where an edit touches a text that other places take over: their meaning would change with it. */
export function isShared({ span }: Edit, { shared }: Scalars): boolean {
  return shared.some(({ start, end }) => span.start <= end && span.end >= start);
}

/** Whether source text is a value as its surroundings need it, or another way to write the same. */
function isWrittenAs({ value, encodings }: Judged, source: string): boolean {
  if (source === encode(value, encodings)) return true;
  const inner = /^\\*(["'])([^]*?)\\*\1$/.exec(source)?.[2];
  if (inner !== undefined && inner === encode(value, encodings)) return true;
  switch (encodings[0]?.kind) {
    case 'json':
      return encodings.length === 1 && (decodeJson(source) === value || (inner !== undefined && decodeJson(inner) === value));
    case 'url':
      return decodeUrl(source) === value;
    case 'yaml-block':
      return source.replace(/^[|>][-+0-9]*[^\n]*\n/, '').trim() === value.trim();
    default:
      return false;
  }
}

function decodeJson(source: string): string | undefined {
  try {
    return String(JSON.parse(`"${source}"`));
  } catch {
    return undefined;
  }
}

function decodeUrl(source: string): string | undefined {
  try {
    return decodeURIComponent(source);
  } catch {
    return undefined;
  }
}

function isWholeLines(source: string, { start, end }: Span): boolean {
  return (start === 0 || source[start - 1] === '\n') && (end === source.length || source[end - 1] === '\n');
}

/** A block scalar ends behind its last line's break: lines that go take it with them. */
function isBlockEnd(source: string, span: Span, end: number): boolean {
  return end > span.end && source.slice(span.end, end).trim() === '';
}
