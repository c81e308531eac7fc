import { expect } from 'vitest';
import type { AccessData, AccessRow } from '../../protocol/access';

/** Names that anyone can write into a file, and what none of them may become. */
export const hostileNames = [
  '<img src=x onerror=alert(1)>',
  ']]><script>x</script>',
  'a"b\'c`d',
  'evil\u202egnp.exe',
  'two\nlines',
  '&lt;b&gt;',
  '</svg><a href="javascript:x">',
];

/** The tags of a page and the names of their attributes: the same whatever names the workspace holds, if all are escaped. */
export function skeleton(html: string): string[] {
  expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""').replace(/\s+/g, ' '));
}

export function rowOf(more: Partial<AccessRow> = {}): AccessRow {
  const name = more.serviceAccount ?? 'cart';
  return {
    namespace: 'shop',
    serviceAccount: name,
    account: { label: `${name}.yaml:2`, uri: `file:///w/${encodeURIComponent(name)}.yaml`, line: 1, character: 0 },
    role: 'arn:aws:iam::481516234212:role/cart-role',
    roleName: 'cart-role',
    roleArn: 'arn:aws:iam::481516234212:role/cart-role',
    mechanism: 'irsa',
    decision: 'allowed',
    ...more,
  };
}

export const dataOf = (rows: readonly AccessRow[], permissions: AccessData['permissions'] = {}): AccessData => ({ rows, permissions });
