import type { HclExpression } from '../../../../syntax/hcl/body';

/**
 * A list of policies' ARNs as a map with a name for each, as `for_each` needs it: the policy's own name in AWS or in the files.
 * Undefined where an item is on several lines.
 */
export function listToMap(items: readonly HclExpression[], text: string): string | undefined {
  const taken = new Set<string>();
  const lines: (readonly [string, string])[] = [];
  for (const item of items) {
    const source = text.slice(item.span.start, item.span.end);
    if (source.includes('\n')) return undefined;
    const base = nameOf(item, source) ?? 'policy';
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    lines.push([name, source]);
  }
  if (lines.length === 0) return '{}';
  const width = Math.max(...lines.map(([name]) => name.length));
  return `{\n${lines.map(([name, source]) => `    ${name.padEnd(width)} = ${source}\n`).join('')}  }`;
}

/** `aws_iam_policy.orders.arn` is `orders`, `arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess` its last part. */
function nameOf(item: HclExpression, source: string): string | undefined {
  if (item.kind === 'template') return /\/([A-Za-z][\w-]*)"$/.exec(source)?.[1];
  if (item.kind !== 'reference') return undefined;
  const parts = source.replace(/\[[^\]]*\]/g, '').split('.');
  const at = parts[0] === 'data' ? 2 : 1;
  const name = parts[at];
  return name !== undefined && parts.length > at + 1 && /^[A-Za-z_][\w-]*$/.test(name) ? name : undefined;
}
