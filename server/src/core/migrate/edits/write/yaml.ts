import type { Tongue, Value } from './value';

/** How block-style YAML is indented, as its neighbours are. */
export interface YamlStyle {
  /** One level below a key. */
  readonly step: number;
  /** How far the dashes of a list stand right of its key. */
  readonly dash: number;
}

/** Writes a value as block-style YAML: what stands behind `key:`, with its own lead; further lines begin with `indent` spaces. */
export function writeYaml(value: Value, tongue: Tongue, style: YamlStyle, indent: number): string {
  if ('literal' in value) return ` ${value.literal}`;
  if ('source' in value) return moved(value.source, indent - value.column);
  if ('phrase' in value) return ` ${tongue.leaf(value.phrase) ?? ''}`;
  if ('list' in value) {
    const pad = ' '.repeat(indent + style.dash);
    return value.list.map((each) => `\n${pad}-${writeItem(each, tongue, style, indent + style.dash + 2)}`).join('');
  }
  return `\n${writeEntries(value, tongue, style, indent + style.step)}`;
}

/** What stands behind a dash: a scalar, or a map whose keys stand at `column`. */
export function writeItem(value: Value, tongue: Tongue, style: YamlStyle, column: number, gap = 1): string {
  if (!('map' in value)) return writeYaml(value, tongue, style, column);
  return `${' '.repeat(gap)}${writeEntries(value, tongue, style, column).trimStart()}`;
}

/** The entries of a map, each on lines of its own at a column. */
export function writeEntries(value: Value, tongue: Tongue, style: YamlStyle, column: number): string {
  if (!('map' in value)) return '';
  const pad = ' '.repeat(column);
  return value.map.map(([key, each]) => `${pad}${tongue.key(key) ?? ''}:${writeYaml(each, tongue, style, column)}`).join('\n');
}

/** A text whose lines behind the first one stand some columns further to the right, or to the left as far as they can. */
export function moved(text: string, columns: number): string {
  const [first, ...lines] = text.split('\n');
  const shift = (line: string): string => {
    if (line.trim() === '') return line;
    if (columns >= 0) return ' '.repeat(columns) + line;
    const own = /^ */.exec(line)![0].length;
    return line.slice(Math.min(own, -columns));
  };
  return [first, ...lines.map(shift)].join('\n');
}
