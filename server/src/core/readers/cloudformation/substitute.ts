import type { Borrowed, Hole, Text } from '../../text/text';
import { documentOffset, documentSpan } from '../../text/texts';
import type { ScalarNode } from '../../syntax/tree';

/** Gives what `${name}` stands for, where it is more than a hole. */
export type Lookup = (name: string) => Pick<Text, 'value' | 'holes'> | undefined;

/**
 * The value of `Fn::Sub` with a text: each `${name}` is what `lookup` tells, else a hole; `${!name}` is the text `${name}`.
 * Source: CloudFormation user guide, Fn::Sub.
 */
export function substitute(text: ScalarNode, lookup: Lookup): ScalarNode {
  const variable = /\$\{(!?)([^{}]*)\}/g;
  const holes: Hole[] = [];
  const borrowed: Borrowed[] = [];
  const map: [number, number][] = [];
  let value = '';
  let at = 0;
  const own = (start: number, end: number) => {
    if (end <= start) return;
    map.push([value.length, documentOffset(text, start)]);
    for (const [from, to] of text.map ?? []) if (from > start && from < end) map.push([value.length + from - start, to]);
    value += text.value.slice(start, end);
  };
  for (const match of text.value.matchAll(variable)) {
    const [source, literal, name] = [match[0], match[1]!, match[2]!.trim()];
    const [start, end] = [match.index, match.index + source.length];
    own(at, start);
    at = end;
    if (literal) {
      own(start, start + 2);
      own(start + 3, end);
      continue;
    }
    const known = lookup(name);
    const before = value.length;
    if (!known) {
      own(start, end);
      holes.push({ start: before, end: value.length, source, named: true });
      continue;
    }
    const span = documentSpan(text, start, end);
    map.push([before, span.start]);
    for (const hole of known.holes) holes.push({ ...hole, start: hole.start + before, end: hole.end + before });
    value += known.value;
    borrowed.push({ start: before, end: value.length, span });
  }
  own(at, text.value.length);
  const { kind, type, span, outer, encodings, quoted } = text;
  if (map.length === 0) map.push([0, span.start]);
  return { kind, type, value, holes, span, outer, encodings, quoted, map, ...(borrowed.length > 0 ? { borrowed } : {}) };
}
