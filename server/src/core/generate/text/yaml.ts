/** A text with line breaks that is written as a literal block (`|`): JSON inside YAML. */
export class Block {
  constructor(readonly text: string) {}
}

/** What can be written as YAML: maps in order, lists, texts, whole numbers, booleans. Undefined entries are left out. */
export type YamlValue = string | number | boolean | Block | readonly YamlValue[] | { readonly [key: string]: YamlValue | undefined };

/** Writes a value as block-style YAML that readers of YAML 1.1 and 1.2 take alike. Ends with a line break. */
export function toYaml(value: YamlValue): string {
  return `${node(value, 0).replace(/^\n/, '')}\n`;
}

/** Several documents of one file. */
export function toYamlDocuments(values: readonly YamlValue[]): string {
  return values.map(toYaml).join('---\n');
}

/** A value where it stands: behind `key:` with its lead, or at the start. */
function node(value: YamlValue, indent: number): string {
  const pad = ' '.repeat(indent);
  if (value instanceof Block) return block(value.text, pad);
  if (Array.isArray(value)) {
    const items = value as readonly YamlValue[];
    return items.length === 0 ? '[]' : `\n${items.map((item) => `${pad}- ${node(item, indent + 2).replace(/^\n */, '')}`).join('\n')}`;
  }
  if (typeof value !== 'object') return typeof value === 'string' ? yamlText(value) : String(value);
  const entries = Object.entries(value).filter((entry): entry is [string, YamlValue] => entry[1] !== undefined);
  if (entries.length === 0) return '{}';
  return `\n${entries
    .map(([key, each]) => {
      const written = node(each, indent + 2);
      return `${pad}${yamlText(key)}:${written.startsWith('\n') ? '' : ' '}${written}`;
    })
    .join('\n')}`;
}

/** A literal block; a text that none can hold as it is becomes a scalar in quotes. */
function block(text: string, pad: string): string {
  if (!/^[\u0021-\u007e][\n\u0020-\u007e]*$/.test(text) || text.endsWith('\n\n')) return yamlText(text);
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${text.endsWith('\n') ? '' : '-'}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`;
}

/** A scalar: plain where no reader takes it for something else, else in double quotes. Source: YAML 1.1 types, YAML 1.2.2 chapter 10. */
export function yamlText(text: string): string {
  const plain =
    /^[A-Za-z_/][\w./@+=,-]*(:+[\w./@+=,*-]+)*$/.test(text) &&
    !/^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(text) &&
    !/^\d/.test(text);
  return plain ? text : JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
