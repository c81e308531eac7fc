import type { Tongue, Value } from './value';

/** How objects of Terraform are written, as their neighbours are. */
export interface HclStyle {
  readonly separator: '=' | ':';
  /** No space before a colon, as JSON has it. */
  readonly tight?: true;
  /** One level of indentation; absent: all on one line. */
  readonly step?: string;
}

/** Writes a value as an expression of Terraform, as `terraform fmt` leaves it. Further lines begin with `indent`. */
export function writeHcl(value: Value, tongue: Tongue, style: HclStyle, indent: string): string {
  if ('literal' in value) return value.literal;
  if ('source' in value) return value.source.trim();
  if ('phrase' in value) return tongue.leaf(value.phrase) ?? '';
  const inner = `${indent}${style.step ?? ''}`;
  if ('list' in value) {
    const isFlat = style.step === undefined || value.list.every((each) => !('list' in each || 'map' in each));
    const pieces = value.list.map((each) => writeHcl(each, tongue, style, isFlat ? indent : inner));
    if (isFlat) return `[${pieces.join(', ')}]`;
    return `[${pieces.map((piece) => `\n${inner}${piece},`).join('')}\n${indent}]`;
  }
  const pairs = value.map.map(([key, each]): readonly [string, string] => [tongue.key(key) ?? '', writeHcl(each, tongue, style, inner)]);
  const sign = style.separator === '=' ? ' = ' : style.tight ? ': ' : ' : ';
  if (pairs.length === 0) return '{}';
  if (style.step === undefined) return `{ ${pairs.map(([key, each]) => `${key}${sign}${each}`).join(', ')} }`;
  const lines = style.separator === '=' ? aligned(pairs) : pairs.map(([key, each]) => `${key}${sign}${each}`);
  const comma = style.separator === '=' ? '' : ',';
  return `{${lines.map((line, i) => `\n${inner}${line}${i + 1 < lines.length ? comma : ''}`).join('')}\n${indent}}`;
}

/** `name = value` lines with their signs in one column, as far as values take one line each. Source: hclwrite, formatCells. */
export function aligned(pairs: readonly (readonly [name: string, value: string])[]): string[] {
  const lines: string[] = [];
  let group: (readonly [string, string])[] = [];
  const flush = (): void => {
    const width = Math.max(0, ...group.map(([name]) => name.length));
    lines.push(...group.map(([name, value]) => `${name.padEnd(width)} = ${value}`));
    group = [];
  };
  for (const pair of pairs) {
    if (!pair[1].includes('\n')) {
      group.push(pair);
      continue;
    }
    flush();
    lines.push(`${pair[0]} = ${pair[1]}`);
  }
  flush();
  return lines;
}
