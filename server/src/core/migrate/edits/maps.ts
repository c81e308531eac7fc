import type { Change } from '../../fixes/edits';
import { outerSpan } from '../../syntax/nodes';
import type { ListNode, MapNode, Node } from '../../syntax/tree';
import type { Span } from '../../text/span';
import { cutEntries } from './cuts';
import { addToFlow } from './flow';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { Made } from '../types';
import type { ItemEdit } from './join';
import { before, checked, indentOf, insert, isSameSpan, lineEnd, nextLine, trimmed } from './source';
import { styleOf, writeJson } from './write/json';
import { inFlow } from './write/tongues';
import type { Phrase, Tongue, Value } from './write/value';
import { writeEntries, writeItem, type YamlStyle } from './write/yaml';

/** Whether a node is written in brackets: JSON, or YAML's flow style. */
export function isFlow(text: string, node: Node): boolean {
  return /[[{]/.test(text[node.span.start] ?? '');
}

/**
 * Adds an entry behind the last one of a map in YAML or JSON, laid out as its neighbours are. Undefined where a template or an
 * alias has a part in it.
 * @param comments whether comments directly below the last entry, which is often one that is commented out, stay above the new one
 */
export function addToMap(
  text: string,
  node: MapNode,
  key: Phrase,
  value: Value,
  tongue: Tongue,
  style: YamlStyle,
  comments: 'after' | 'before' = 'before',
): Change[] | undefined {
  const own = node.entries.filter(({ merged }) => !merged);
  if (node.open || !areWithin(own, node.span)) return undefined;
  if (isFlow(text, node)) {
    const first = own[0];
    const sample = text.slice(node.span.start, node.span.end);
    const step = first && /\n/.test(text.slice(node.span.start, first.span.start)) ? stepBelow(text, node, first.span) : '  ';
    const [many, flat] = [styleOf(sample, step), styleOf(sample, undefined)];
    const quoted = inFlow(tongue);
    return addToFlow(
      text,
      node.span,
      own.map(({ span }) => span),
      [(indent) => `${quoted.key(key) ?? ''}${many.colon}${writeJson(value, quoted, indent === undefined ? flat : many, indent ?? '')}`],
      first !== undefined,
      flat.comma,
      'map',
    );
  }
  const [first, last] = [own[0], own[own.length - 1]];
  if (!first || !last) return undefined;
  const lead = before(text, first.span.start);
  if (!/^ *(?:- +)*$/.test(lead)) return undefined;
  const column = lead.length;
  const entry = writeEntries({ map: [[key, value]] }, tongue, style, column);
  const end = lineEnd(text, trimmed(text, last.span).end);
  return [insert(comments === 'after' ? afterComments(text, end, column) : end, `\n${entry}`)];
}

/** The end of the comments directly below a line that stand in a column or right of it. */
function afterComments(text: string, end: number, column: number): number {
  let at = end;
  for (let line = nextLine(text, at); line < text.length; line = nextLine(text, line)) {
    const stop = lineEnd(text, line);
    const lead = /^ *(?=#)/.exec(text.slice(line, stop))?.[0];
    if (lead === undefined || lead.length < column) break;
    at = stop;
  }
  return at;
}

function stepBelow(text: string, node: MapNode, first: Span): string {
  const [inner, base] = [indentOf(text, first.start), indentOf(text, node.span.end - 1)];
  return inner.startsWith(base) && inner.length > base.length ? inner.slice(base.length) : '  ';
}

/** Adds an item behind the last one of a list. */
export function addToList(text: string, node: ListNode, value: Value, tongue: Tongue, style: YamlStyle): Change[] | undefined {
  if (node.open) return undefined;
  const spans = node.items.map(outerSpan);
  if (spans.some(({ start, end }) => start < node.span.start || end > node.span.end)) return undefined;
  if (isFlow(text, node)) {
    const last = spans[spans.length - 1];
    const sample = last ? text.slice(last.start, last.end) : '';
    const [many, flat] = [styleOf(sample, '  '), styleOf(sample, undefined)];
    const quoted = inFlow(tongue);
    const write = (indent: string | undefined): string => writeJson(value, quoted, indent === undefined ? flat : many, indent ?? '');
    return addToFlow(text, node.span, spans, [write], last !== undefined, flat.comma);
  }
  const last = spans[spans.length - 1];
  const lead = last && /^( *)-( +)$/.exec(before(text, last.start));
  if (!last || !lead) return undefined;
  const [, dash, gap] = lead as unknown as [string, string, string];
  const item = writeItem(value, tongue, style, dash.length + 1 + gap.length, gap.length);
  return [insert(lineEnd(text, trimmed(text, last).end), `\n${dash}-${item}`)];
}

function areWithin(entries: readonly { readonly span: Span }[], { start, end }: Span): boolean {
  return entries.every(({ span }) => span.start >= start && span.end <= end);
}

/** How a document indents: by the first nested map of its root. */
export function yamlStyleOf(text: string, root: MapNode): YamlStyle {
  for (const { key, value } of root.entries) {
    if (value?.kind !== 'map' || isFlow(text, value)) continue;
    const inner = value.entries[0];
    const step =
      inner && /^ *$/.test(before(text, inner.key.outer.start))
        ? before(text, inner.key.outer.start).length - before(text, key.outer.start).length
        : 0;
    if (step > 0 && step <= 8) return { step, dash: dashOf(text, root) ?? step };
  }
  return { step: 2, dash: dashOf(text, root) ?? 2 };
}

/** How far dashes stand right of their key, told by the first block list. */
export function dashOf(text: string, root: MapNode): number | undefined {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind === 'list') stack.push(...[...node.items].reverse());
    if (node.kind !== 'map') continue;
    for (const { value, merged } of [...node.entries].reverse()) if (value && !merged) stack.push(value);
    for (const { key, value, merged } of node.entries) {
      if (!value || merged) continue;
      const first = value.kind === 'list' && !isFlow(text, value) ? value.items[0] : undefined;
      const lead = first && /^( *)- +$/.exec(before(text, outerSpan(first).start));
      if (lead) return Math.max(0, lead[1]!.length - before(text, key.outer.start).length);
    }
  }
  return undefined;
}

/** A step on the way from the root to a node: a map's entry or a list's item. */
export interface Step {
  readonly parent: MapNode | ListNode;
  readonly index: number;
}

/** The way to the entry or item that stands at a span, outermost first; undefined where none does. */
export function pathTo(root: Node | undefined, span: Span): Step[] | undefined {
  const path: Step[] = [];
  let node = root;
  while (node?.kind === 'map' || node?.kind === 'list') {
    const children = node.kind === 'map' ? node.entries.map((each) => (each.merged ? undefined : each.span)) : node.items.map(outerSpan);
    const index = children.findIndex((each) => each && each.start <= span.start && each.end >= span.end);
    if (index < 0) return undefined;
    path.push({ parent: node, index });
    const value: Node | undefined = node.kind === 'map' ? node.entries[index]!.value : node.items[index];
    if (isSameSpan(children[index]!, span)) {
      // A map's entry and the map may stand at one place: the outermost that does is meant.
      return path;
    }
    node = value;
  }
  return undefined;
}

/**
 * Takes an entry or an item out; undefined where it is the only one, or a template has a part in what holds it.
 * @param comments whether comments on the lines above leave with it
 */
export function cutStep(
  text: string,
  { parent, index }: Step,
  also: readonly number[] = [],
  comments: 'leave' | 'stay' = 'leave',
): Change[] | undefined {
  const leaving = new Set([index, ...also]);
  if (parent.kind === 'map') {
    const own = parent.entries.filter(({ merged }) => !merged);
    const indices = new Set([...leaving].map((each) => own.indexOf(parent.entries[each]!)));
    if (indices.has(-1) || indices.size >= parent.entries.length || [...leaving].some((each) => parent.entries[each]!.conditional))
      return undefined;
    return cutEntries(
      text,
      own.map(({ span }) => span),
      indices,
      isFlow(text, parent) ? 'commas' : 'lines',
      comments,
    );
  }
  if (leaving.size >= parent.items.length) return undefined;
  return cutEntries(text, parent.items.map(outerSpan), leaving, isFlow(text, parent) ? 'commas' : 'lines');
}

/**
 * Takes the item at the end of a path out. The keys `emptied` leave with their last item, also where each item leaves by an edit of
 * its own. Undefined where nothing that may leave can be cut.
 * @param comments whether comments above such a key leave with it
 */
export function cutPath(
  document: SourceDocument,
  path: readonly Step[],
  emptied: readonly string[],
  comments: 'leave' | 'stay' = 'leave',
): Made<readonly ItemEdit[]> | undefined {
  const step = path[path.length - 1];
  if (!step) return undefined;
  const above = path[path.length - 2];
  const key = above?.parent.kind === 'map' ? above.parent.entries[above.index]!.key.value : undefined;
  const mayLeave = key !== undefined && emptied.includes(key);
  const size = step.parent.kind === 'map' ? step.parent.entries.length : step.parent.items.length;
  const changes = cutStep(document.text, step, [], step.parent.kind === 'map' ? comments : 'leave');
  if (!changes) return mayLeave && size === 1 ? cutPath(document, path.slice(0, -1), emptied, comments) : undefined;
  const edits = checked(document, changes);
  if ('refused' in edits || !mayLeave || step.parent.kind === 'map') return edits;
  const whole = cutPath(document, path.slice(0, -1), emptied, comments);
  if (!whole || 'refused' in whole) return edits;
  const list = `${document.ref.uri} ${document.ref.index} ${step.parent.span.start}`;
  const item = { list, index: step.index, of: size, whole: whole.made };
  return { made: edits.made.map((edit) => ({ ...edit, item })) };
}
