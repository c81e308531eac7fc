import type { Text } from '../text/text';

/**
 * A value without the holes that are bare words in capitals (`APP`), where those are meant as they stand:
 * always when `all`, else where the whole value is in capitals (`SYSTEM:SERVICEACCOUNT:DEMO:APP` under
 * an operator that ignores case).
 */
export function withoutWordHoles(text: Text, all: boolean): Text {
  if (text.holes.length === 0 || !(all || /^SYSTEM:SERVICEACCOUNT:/.test(text.value))) return text;
  const holes = text.holes.filter((hole) => !/^[A-Z]+$/.test(hole.source));
  return holes.length === text.holes.length ? text : { ...text, holes };
}
