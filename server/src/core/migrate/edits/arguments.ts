import type { Change } from '../../fixes/edits';
import { attributeOf, type HclBlock } from '../../syntax/hcl/body';
import { addToFlow } from './flow';
import { entriesOf } from './hclSearch';
import { before, indentOf, insert, lineEnd } from './source';
import { writeHcl, type HclStyle } from './write/hcl';
import { hclTongue } from './write/tongues';
import type { Value } from './write/value';

/**
 * Adds a value to a list that is an argument of a block: behind the others, or in a new argument below the last one. Undefined
 * where the argument is no list in brackets.
 */
export function addToListArgument(text: string, block: HclBlock, name: string, values: readonly Value[]): Change[] | undefined {
  const tongue = hclTongue(false);
  const written = attributeOf(block.body, name);
  const step = '  ';
  const style: HclStyle = { separator: '=', step };
  if (!written) {
    const [at, indent] = newArgument(text, block) ?? [];
    if (at === undefined || indent === undefined) return undefined;
    return [insert(at, `\n${indent}${name} = ${writeHcl({ list: values }, tongue, style, indent)}`)];
  }
  const { value } = written;
  if (value?.kind !== 'tuple') return undefined;
  return addToFlow(
    text,
    value.span,
    entriesOf(value),
    values.map((each) => (indent) => {
      if (indent === undefined) return writeHcl(each, tongue, { separator: '=' }, '');
      if (value.items.length > 0) return writeHcl(each, tongue, style, indent);
      return `\n${indent}${step}${writeHcl(each, tongue, style, indent + step)},\n${indent}`;
    }),
    true,
  );
}

/** Where one more argument goes in a block: behind the last one, with its indentation. Undefined for a block on one line. */
export function newArgument(text: string, { body, span }: HclBlock): readonly [offset: number, indent: string] | undefined {
  const last = [...body.attributes].sort((a, b) => a.span.end - b.span.end).at(-1);
  if (!last || !/^[ \t]*$/.test(before(text, last.span.start))) return undefined;
  const end = heredocEnd(text, last.span.end);
  return lineEnd(text, end) < span.end ? [lineEnd(text, end), indentOf(text, last.span.start)] : undefined;
}

/** A heredoc ends with the line break behind its marker in some parsers' spans. */
function heredocEnd(text: string, end: number): number {
  return text[end - 1] === '\n' ? end - 1 : end;
}
