import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choices, filterRows, graphOf, notKnown, type GroupBy } from '../../client/src/views/map/graph';
import { mapBody, mapTable } from '../../client/src/views/map/html';
import { layoutOf, nodeHeight } from '../../client/src/views/map/layout';
import { mapMermaid } from '../../client/src/views/map/mermaid';
import { mapSvg } from '../../client/src/views/map/svg';
import type { AccessRow } from '../../protocol/access';
import { dataOf, hostileNames, rowOf, skeleton } from './support';

const all = { text: '', cluster: '', namespace: '', role: '', decision: '' };
const web = { kind: 'Deployment', name: 'web' };
const rows = [
  rowOf({ workload: web, cluster: 'prod' }),
  rowOf({ serviceAccount: 'other', decision: 'denied', reason: "subject doesn't match" }),
  rowOf({ serviceAccount: 'lone', namespace: 'jobs', decision: 'unknown', role: 'lone', roleName: 'lone' }),
];
const permissions = { [rows[0]!.role]: { words: '2 read actions', services: [{ name: 'S3', levels: ['read'] }] } };

const anyRow = fc
  .record({
    serviceAccount: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    namespace: fc.constantFrom('x', 'y', undefined),
    role: fc.constantFrom('r1', 'r2', 'r3'),
    decision: fc.constantFrom('allowed' as const, 'denied' as const, 'unknown' as const),
    cluster: fc.constantFrom('p', 'q', undefined),
    workload: fc.constantFrom(undefined, web, { kind: 'Job', name: 'j' }),
    hidden: fc.constantFrom(undefined, true as const),
  })
  .map(({ serviceAccount, role, decision, ...more }): AccessRow => {
    const given = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
    const { namespace: _, ...row } = rowOf({ serviceAccount, role, roleName: role, decision });
    return { ...row, ...given };
  });
const anyRows = fc.array(anyRow, { maxLength: 40 });
const anyGroup = fc.constantFrom<GroupBy[]>('none', 'cluster', 'namespace', 'role');

describe('the graph', () => {
  it('has each workload, service account, role and permission once, and their edges with the verdict', () => {
    const { nodes, edges } = graphOf([...rows, rows[0]!], permissions, 'none');
    expect(nodes.map(({ column, label }) => `${column} ${label}`).sort()).toEqual([
      '0 Deployment web',
      '1 jobs/lone',
      '1 shop/cart',
      '1 shop/other',
      '2 cart-role',
      '2 lone',
      '3 S3: read',
    ]);
    expect(edges.flatMap(({ verdict }) => verdict ?? [])).toEqual(['allowed', 'denied', 'unknown']);
    expect(nodes.find(({ label }) => label === 'cart-role')!.decision).toBe('denied');
  });

  it('joins nothing but its own nodes', () => {
    fc.assert(
      fc.property(anyRows, anyGroup, (given, groupBy) => {
        const { nodes, edges } = graphOf(given, permissions, groupBy);
        const ids = new Set(nodes.map(({ id }) => id));
        expect(ids.size).toBe(nodes.length);
        for (const { from, to } of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
      }),
    );
  });
});

describe('a filter', () => {
  it('keeps the rows that fit each of its parts', () => {
    const names = (filter: object) => filterRows(rows, { ...all, ...filter }).map(({ serviceAccount }) => serviceAccount);
    expect(names({})).toHaveLength(3);
    expect(names({ text: "doesn't match" })).toEqual(['other']);
    expect(names({ namespace: 'jobs' })).toEqual(['lone']);
    expect(names({ cluster: 'prod' })).toEqual(['cart']);
    expect(names({ cluster: notKnown })).toEqual(['other', 'lone']);
    expect(names({ role: 'lone', decision: 'allowed' })).toEqual([]);
  });

  it('offers the values that are there', () => {
    expect(choices(rows)).toEqual({ cluster: [notKnown, 'prod'], namespace: ['jobs', 'shop'], role: [rows[0]!.role, 'lone'] });
  });
});

describe('the layout', () => {
  it('puts no node over another, and each column right of the one before', () => {
    fc.assert(
      fc.property(anyRows, anyGroup, (given, groupBy) => {
        const { nodes, groups, width, height } = layoutOf(graphOf(given, permissions, groupBy));
        for (const a of nodes) {
          expect(a.x + a.width).toBeLessThanOrEqual(width);
          expect(a.y + nodeHeight).toBeLessThanOrEqual(height);
          for (const b of nodes) {
            if (a !== b && a.column === b.column) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(nodeHeight);
            if (a.column < b.column) expect(a.x + a.width).toBeLessThan(b.x);
          }
        }
        for (const { label, y, height: tall } of groups)
          for (const node of nodes) if (node.group !== undefined) expect(node.y >= y && node.y < y + tall).toBe(node.group === label);
      }),
    );
  });

  it('puts what fails first, in each group', () => {
    const labels = layoutOf(graphOf(rows, {}, 'namespace'))
      .nodes.filter(({ column }) => column === 1)
      .map(({ label }) => label);
    expect(labels).toEqual(['jobs/lone', 'shop/other', 'shop/cart']);
  });

  it('crosses no edges where none need cross', () => {
    const pairs = ['c', 'a', 'b'].map((name, i) => rowOf({ serviceAccount: name, role: `r${i}`, roleName: `r${i}` }));
    const { nodes } = layoutOf(graphOf(pairs, {}, 'none'));
    const y = (label: string): number => nodes.find((node) => node.label === label)!.y;
    expect([y('r0'), y('r1'), y('r2')]).toEqual([y('shop/c'), y('shop/a'), y('shop/b')]);
  });
});

describe('what is drawn', () => {
  const graph = graphOf(rows, permissions, 'namespace');
  const layout = layoutOf(graph);

  it('says each verdict by a class, a mark and a word', () => {
    const svg = mapSvg(layout, 'page').text;
    for (const verdict of ['allowed', 'denied', 'unknown']) expect(svg).toContain(`class="edge ${verdict}"`);
    expect(svg).toContain('>✗ shop/other<');
    expect(svg).toContain('shop/other can&#39;t assume cart-role: subject doesn&#39;t match');
    expect(svg.match(/tabindex="0"/g)).toHaveLength(1);
  });

  it('stands alone as a file: its own colours and patterns, no script, nothing that can be clicked', () => {
    const svg = mapSvg(layout, 'file').text;
    expect(svg).toContain('<style>');
    expect(svg).toMatch(/\.edge\.denied \{[^}]*stroke-dasharray/);
    expect(svg).not.toMatch(/data-act|tabindex|var\(/);
  });

  it('is a table with the same rows, what fails first', () => {
    const table = mapTable(rows, permissions).text;
    expect(table.match(/<tr>/g)).toHaveLength(rows.length + 1);
    expect(table.indexOf('shop/other')).toBeLessThan(table.indexOf('jobs/lone'));
    expect(table.indexOf('jobs/lone')).toBeLessThan(table.indexOf('shop/cart'));
  });

  it('is Mermaid with the same nodes and edges', () => {
    const text = mapMermaid(graph);
    expect(text.split('\n')[0]).toBe('flowchart LR');
    expect(text.trimEnd().split('\n')).toHaveLength(1 + graph.nodes.length + graph.edges.length);
    expect(text).toContain('-. "✗" .-x');
  });

  const namedMap = (name: string) => {
    const place = { label: name, uri: `file:///w/${name}`, line: 0, character: 0 };
    const given = [
      rowOf({
        serviceAccount: name,
        namespace: name,
        role: name,
        roleName: name,
        cluster: name,
        reason: name,
        overlays: [name],
        account: place,
        policy: place,
        decision: 'denied',
        workload: { kind: name, name, place },
      }),
      rowOf({ namespace: '~x', role: '~y', cluster: '~z' }),
    ];
    const told = { [name]: { words: name, services: [{ name, levels: ['read'] }] } };
    const drawn = layoutOf(graphOf(given, told, 'role'));
    return {
      mermaid: mapMermaid(graphOf(given, told, 'role')),
      pages: [mapBody(dataOf(given, told)), mapTable(given, told), mapSvg(drawn, 'page'), mapSvg(drawn, 'file')].map(({ text }) =>
        skeleton(text),
      ),
    };
  };

  it.each(hostileNames)('takes %j for a name', (name) => {
    const { pages, mermaid } = namedMap(name);
    expect(pages).toEqual(namedMap('name').pages);
    expect(mermaid.split('\n')).toHaveLength(namedMap('name').mermaid.split('\n').length);
    expect(mermaid).not.toMatch(/<|%%/);
  });
});
