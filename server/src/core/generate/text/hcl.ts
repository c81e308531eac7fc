/** An expression that is written as it is: `aws_iam_role.demo.arn`. */
export class Expression {
  constructor(readonly source: string) {}
}

/** What can be written as an HCL value. Undefined entries are left out. */
export type HclValue = string | number | boolean | Expression | readonly HclValue[] | { readonly [key: string]: HclValue | undefined };

/** A block or an attribute of a body. */
export type HclItem =
  | { readonly kind: 'attribute'; readonly name: string; readonly value: HclValue | undefined }
  | { readonly kind: 'block'; readonly type: string; readonly labels: readonly string[]; readonly body: readonly HclItem[] };

export function attribute(name: string, value: HclValue | undefined): HclItem {
  return { kind: 'attribute', name, value };
}

export function hclBlock(type: string, labels: readonly string[], body: readonly HclItem[]): HclItem {
  return { kind: 'block', type, labels, body };
}

/** Blocks as `terraform fmt` leaves them, an empty line between them. */
export function toHcl(blocks: readonly HclItem[]): string {
  return `${blocks.map((each) => item(each, '')).join('\n\n')}\n`;
}

function item(each: HclItem, pad: string): string {
  if (each.kind === 'attribute') return `${pad}${each.name} = ${hclValue(each.value ?? '', pad)}`;
  const head = `${pad}${[each.type, ...each.labels.map((label) => JSON.stringify(label))].join(' ')} {`;
  return `${head}\n${body(each.body, `${pad}  `)}\n${pad}}`;
}

/** Attributes with their signs in one column as long as each takes one line; an empty line around blocks. */
function body(items: readonly HclItem[], pad: string): string {
  const present = items.filter((each) => each.kind === 'block' || each.value !== undefined);
  const lines: string[] = [];
  let group: (HclItem & { kind: 'attribute' })[] = [];
  const flush = (): void => {
    const width = Math.max(0, ...group.map(({ name }) => name.length));
    lines.push(...group.map(({ name, value }) => `${pad}${name.padEnd(width)} = ${hclValue(value!, pad)}`));
    group = [];
  };
  for (const [index, each] of present.entries()) {
    if (each.kind === 'attribute' && oneLine(each.value!)) {
      group.push(each);
      continue;
    }
    flush();
    if (each.kind === 'block' && index > 0) lines.push('');
    lines.push(item(each, pad));
    if (each.kind === 'block' && index + 1 < present.length) lines.push('');
  }
  flush();
  return lines.join('\n');
}

function oneLine(value: HclValue): boolean {
  if (value instanceof Expression) return !value.source.includes('\n');
  return typeof value !== 'object' || (Array.isArray(value) && value.length === 0);
}

/** A value, its further lines indented by `pad`. */
export function hclValue(value: HclValue, pad: string): string {
  if (value instanceof Expression) return value.source;
  if (typeof value === 'string') return hclText(value);
  if (typeof value !== 'object') return String(value);
  const inner = `${pad}  `;
  if (Array.isArray(value)) {
    const items = value as readonly HclValue[];
    return items.length === 0 ? '[]' : `[\n${items.map((each) => `${inner}${hclValue(each, inner)},`).join('\n')}\n${pad}]`;
  }
  const entries = Object.entries(value)
    .filter((entry): entry is [string, HclValue] => entry[1] !== undefined)
    .map(([key, each]) => [/^[A-Za-z_][\w-]*$/.test(key) ? key : hclText(key), each] as const);
  if (entries.length === 0) return '{}';
  const width = entries.every(([, each]) => oneLine(each)) ? Math.max(...entries.map(([key]) => key.length)) : 0;
  return `{\n${entries.map(([key, each]) => `${inner}${key.padEnd(width)} = ${hclValue(each, inner)}`).join('\n')}\n${pad}}`;
}

/** A text in quotes. Terraform's own signs in it (IAM's policy variables) are escaped. Source: HCL specification, template literals. */
export function hclText(text: string): string {
  return JSON.stringify(text)
    .replace(/\\(.)/g, (escape, c: string) => (c === 'b' ? '\\u0008' : c === 'f' ? '\\u000c' : escape))
    .replace(/\$\{/g, '$$$${')
    .replace(/%\{/g, '%%{')
    .replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
