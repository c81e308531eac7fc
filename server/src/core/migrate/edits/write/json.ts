import type { Tongue, Value } from './value';

/** How a JSON text is laid out, as its neighbours are. */
export interface JsonStyle {
  /** What stands between a key and its value: `": "`'s middle. */
  readonly colon: string;
  /** What separates entries on one line. */
  readonly comma: string;
  /** Within the braces of a map on one line. */
  readonly pad: string;
  /** One level of indentation; absent: all on one line. */
  readonly step?: string;
  /** Lists stay on one line where maps take several. */
  readonly flatLists: boolean;
}

/** The style of a text, told by a piece of it. */
export function styleOf(sample: string, step: string | undefined): JsonStyle {
  const colon = /"([ \t]*:[ \t]*)(?=["{[\\])/.exec(sample)?.[1] ?? ': ';
  const comma = /,([ \t]*)(?=["{[\\])/.exec(sample)?.[1] ?? (colon.endsWith(' ') ? ' ' : '');
  return {
    colon,
    comma: `,${comma}`,
    pad: /^\{ /.test(sample) ? ' ' : '',
    flatLists: /\[[ \t]*\\?["'\w]/.test(sample),
    ...(step === undefined ? {} : { step }),
  };
}

/** Writes a value as JSON, or as YAML's flow style with a tongue of YAML. Further lines begin with `indent`. */
export function writeJson(value: Value, tongue: Tongue, style: JsonStyle, indent: string): string {
  if ('literal' in value) return value.literal;
  if ('source' in value) return value.source.trim();
  if ('phrase' in value) return tongue.leaf(value.phrase) ?? '';
  const inner = `${indent}${style.step ?? ''}`;
  if ('list' in value) {
    if (style.step !== undefined && style.flatLists)
      return `[${value.list.map((each) => writeJson(each, tongue, style, inner)).join(', ')}]`;
    return around(
      '[',
      ']',
      value.list.map((each) => writeJson(each, tongue, style, inner)),
      style,
      indent,
      '',
    );
  }
  const entries = value.map.map(([key, each]) => `${tongue.key(key) ?? ''}${style.colon}${writeJson(each, tongue, style, inner)}`);
  return around('{', '}', entries, style, indent, style.pad);
}

function around(open: string, close: string, pieces: readonly string[], { step, comma }: JsonStyle, indent: string, pad: string): string {
  if (pieces.length === 0) return open + close;
  if (step === undefined) return `${open}${pad}${pieces.join(comma)}${pad}${close}`;
  return `${open}${pieces.map((piece) => `\n${indent}${step}${piece}`).join(',')}\n${indent}${close}`;
}
