import type { Borrowed, Hole, Text } from '../text/text';
import { documentOffset, documentSpan } from '../text/texts';
import type { ScalarNode } from '../syntax/tree';

/** Gives what `${name}` stands for, where it is more than a hole. */
export type Lookup = (name: string) => Pick<Text, 'value' | 'holes'> | undefined;

/** A stretch of a text that is not taken as it stands. */
export interface Variable {
  readonly start: number;
  readonly end: number;
  /** What it names; absent where it is an escape. */
  readonly name?: string;
  /** Of an escape: the characters that stay. */
  readonly stays?: readonly (readonly [start: number, end: number])[];
}

/** `${name}` of `Fn::Sub`; `${!name}` is the text `${name}`. Source: CloudFormation user guide, Fn::Sub. */
export function* subVariables(value: string): Generator<Variable> {
  for (const match of value.matchAll(/\$\{(!?)([^{}]*)\}/g)) {
    const [start, end] = [match.index, match.index + match[0].length];
    yield match[1]
      ? {
          start,
          end,
          stays: [
            [start, start + 2],
            [start + 3, end],
          ],
        }
      : { start, end, name: match[2]!.trim() };
  }
}

/** A text with its variables replaced: each is what `lookup` tells, else a hole. Where a value comes from elsewhere is kept. */
export function substitute(text: ScalarNode, lookup: Lookup, variables: (value: string) => Iterable<Variable> = subVariables): ScalarNode {
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
  for (const { start, end, name, stays = [] } of variables(text.value)) {
    own(at, start);
    at = end;
    if (name === undefined) {
      for (const [from, to] of stays) own(from, to);
      continue;
    }
    const known = lookup(name);
    const before = value.length;
    if (!known) {
      own(start, end);
      holes.push({ start: before, end: value.length, source: text.value.slice(start, end), named: true });
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
