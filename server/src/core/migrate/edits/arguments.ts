import type { Change } from '../../fixes/edits';
import { attributeOf, type HclBlock, type HclExpression } from '../../syntax/hcl/body';
import { commaAfter } from './cuts';
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

/** Entries for an object; given the names that are taken. */
export type EntriesFor = (taken: ReadonlySet<string>) => readonly (readonly [name: string, value: Value])[];

/**
 * Adds entries to an object that is an argument of a block: behind the others, or in a new argument, after an empty line if `apart`.
 * Undefined where the argument is no object in braces.
 */
export function addToObjectArgument(
  text: string,
  block: HclBlock,
  name: string,
  entriesFor: EntriesFor,
  apart: boolean,
): Change[] | undefined {
  const written = attributeOf(block.body, name);
  if (written) return written.value && addToObject(text, written.value, entriesFor);
  const [at, indent] = newArgument(text, block) ?? [];
  if (at === undefined || indent === undefined) return undefined;
  const whole: Value = { map: entriesFor(new Set()).map(([key, value]) => [[{ text: key }], value]) };
  return [insert(at, `${apart ? '\n\n' : '\n'}${indent}${name} = ${writeHcl(whole, hclTongue(false), style, indent)}`)];
}

const style: HclStyle = { separator: '=', step: '  ' };

/** The same for the object itself. */
function addToObject(text: string, object: HclExpression, entriesFor: EntriesFor): Change[] | undefined {
  if (object.kind !== 'object' || text[object.span.start] !== '{') return undefined;
  const { entries, span } = object;
  const nameOf = (key: (typeof entries)[number]['key']): string =>
    key.kind === 'name' ? key.text : text.slice(key.span.start, key.span.end).replace(/^"|"$/g, '');
  const tongue = hclTongue(false);
  const added = entriesFor(new Set(entries.map(({ key }) => nameOf(key)))).map(
    ([name, value]) => [tongue.key([{ text: name }])!, value] as const,
  );
  const last = entries[entries.length - 1];
  if (!last) {
    const indent = indentOf(text, span.start);
    if (text.slice(span.start + 1, span.end - 1).trim() !== '') return undefined;
    const lines = added.map(([key, value]) => `\n${indent}  ${key} = ${writeHcl(value, tongue, style, `${indent}  `)}`);
    return [{ span: { start: span.start + 1, end: span.end - 1 }, newText: `${lines.join('')}\n${indent}` }];
  }
  const comma = commaAfter(text, last.span.end);
  const hasComma = comma !== undefined && comma < span.end;
  const lead = before(text, last.span.start);
  if (!/^[ \t]+$/.test(lead) || (hasComma && /\n/.test(text.slice(last.span.end, comma)))) {
    const flat = added.map(([key, value]) => `${key} = ${writeHcl(value, tongue, { separator: '=' }, '')}`);
    return hasComma
      ? [insert(comma + 1, flat.map((each) => ` ${each},`).join(''))]
      : [insert(last.span.end, flat.map((each) => `, ${each}`).join(''))];
  }
  const lines = added.map(([key, value]) => `\n${lead}${key} = ${writeHcl(value, tongue, style, lead)}${hasComma ? ',' : ''}`);
  return [insert(lineEnd(text, hasComma ? comma + 1 : last.span.end), lines.join(''))];
}
