import { describe, expect, it } from 'vitest';
import { countAccesses, rolesTree, type RoleNode } from '../../client/src/views/roles/model';
import { rowOf } from './support';

const web = { kind: 'Deployment', name: 'web', place: { label: 'web.yaml:1', uri: 'file:///w/web.yaml', line: 0, character: 0 } };
const rows = [
  rowOf({ workload: web }),
  rowOf({ workload: { kind: 'Job', name: 'migrate' } }),
  rowOf({ serviceAccount: 'other', decision: 'denied', reason: "subject doesn't match" }),
  rowOf({ serviceAccount: 'lone', decision: 'unknown', role: 'lone-role', roleName: 'lone-role', reason: 'trust policy not found' }),
];

/** The tree as lines, two spaces a level. */
function lines(nodes: readonly RoleNode[], indent = ''): string[] {
  return nodes.flatMap(({ label, description, children }) => [
    `${indent}${label}${description === '' ? '' : ` | ${description}`}`,
    ...lines(children, `${indent}  `),
  ]);
}

describe('the Roles tree', () => {
  it('lists what fails first, then what is unknown, each with its role, service account and workloads', () => {
    expect(lines(rolesTree({ rows }))).toEqual([
      "Can't assume (1)",
      '  cart-role | 481516234212',
      "    shop/other | subject doesn't match",
      'Unknown (1)',
      '  lone-role | 481516234212',
      '    shop/lone | trust policy not found',
      'Can assume (1)',
      '  cart-role | 481516234212',
      '    shop/cart',
      '      Deployment web',
      '      Job migrate',
    ]);
  });

  it('is empty where nothing uses a role', () => {
    expect(rolesTree({ rows: [] })).toEqual([]);
  });

  it('counts service accounts, one for each overlay, and neither what is overridden nor what may be given', () => {
    const found = rolesTree({
      rows: [
        rowOf({ overlays: ['overlays/dev'] }),
        rowOf({ overlays: ['overlays/prod'] }),
        rowOf({ hidden: true, decision: 'unknown' }),
        rowOf({ perhaps: true, decision: 'unknown', mechanism: 'pod-identity' }),
      ],
    });
    expect(found.map(({ label }) => label)).toEqual(['Can assume (2)']);
    expect(countAccesses(rows)).toEqual({ denied: 1, unknown: 1, allowed: 1 });
  });

  it('filters by words in any of the names', () => {
    const labels = (filter: string) => rolesTree({ rows }, filter).map(({ label }) => label);
    expect(labels('SHOP/other')).toEqual(["Can't assume (1)"]);
    expect(labels('web cart-role')).toEqual(['Can assume (1)']);
    expect(labels('migrate lone')).toEqual([]);
    expect(labels('  ')).toHaveLength(3);
  });

  it('keeps the ids of its rows while others come and go, and has none twice', () => {
    const ids = (nodes: readonly RoleNode[]): string[] => nodes.flatMap(({ id, children }) => [id, ...ids(children)]);
    const before = ids(rolesTree({ rows }));
    expect(new Set(before).size).toBe(before.length);
    const after = ids(rolesTree({ rows: [rowOf({ serviceAccount: 'aaa', decision: 'denied' }), ...rows] }));
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('leads to the account, the trust policy and the workload, and explains the account', () => {
    const policy = { label: 'trust.json:1', uri: 'file:///w/trust.json', line: 0, character: 0 };
    const [group] = rolesTree({ rows: [rowOf({ workload: web, policy })] });
    const role = group!.children[0]!;
    const account = role.children[0]!;
    expect(role.place).toEqual(policy);
    expect([account.place?.uri, account.explain?.uri, account.roleArn]).toEqual([
      'file:///w/cart.yaml',
      'file:///w/cart.yaml',
      'arn:aws:iam::481516234212:role/cart-role',
    ]);
    expect([account.children[0]!.place?.uri, account.children[0]!.explain?.uri]).toEqual(['file:///w/web.yaml', 'file:///w/cart.yaml']);
  });
});
