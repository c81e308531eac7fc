import { describe, expect, it } from 'vitest';
import { parseJson, parseYaml } from '../../server/src/core/documents/readSourceFile';
import { helmPath, mergeHelmValues, type HelmSetting } from '../../server/src/core/readers/shared/helmValues';
import { readHelmValues } from '../../server/src/core/readers/shared/helmRelease';
import type { Node } from '../../server/src/core/syntax/tree';
import { plain } from '../../server/src/core/text/texts';
import { describeAccount, only } from './support';

const span = { start: 0, end: 0 };
const yaml = (text: string): Node => parseYaml(text).root ?? { kind: 'unknown', span, source: '' };
const scalar = (value: string): Extract<Node, { kind: 'scalar' }> => ({ ...plain(value), kind: 'scalar', type: 'string' });
const set = (path: string, value: Node | undefined): HelmSetting => ({ path: scalar(path), value, span });

/** A tree as JSON has it; `…` in what may hold more, `?` for what is not known. */
function shown(node: Node | undefined): unknown {
  if (!node) return '(nothing)';
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'unknown':
      return '?';
    case 'list':
      return [...node.items.map(shown), ...(node.open ? ['…'] : [])];
    case 'map':
      return Object.fromEntries([...node.entries.map(({ key, value }) => [key.value, shown(value)]), ...(node.open ? [['…', '']] : [])]);
  }
}

const merged = (layers: readonly string[], ...settings: readonly HelmSetting[]): unknown =>
  shown(mergeHelmValues(layers.map(yaml), settings, span));

describe('the values of a release', () => {
  it.each<[string, readonly string[], readonly HelmSetting[], unknown]>([
    ['maps key by key, the later over the earlier', ['a: {b: 1, c: 2}\n', 'a: {c: 3}\nd: 4\n'], [], { a: { b: '1', c: '3' }, d: '4' }],
    ['a list as a whole', ['a: [1, 2]\n', 'a: [3]\n'], [], { a: ['3'] }],
    ['a map over a text, and a text over a map', ['a: 1\nb: {c: 2}\n', 'a: {x: 1}\nb: no\n'], [], { a: { x: '1' }, b: 'no' }],
    ['a null takes a key away', ['a: {b: 1, c: 2}\n', 'a: {b: null}\n'], [], { a: { c: '2' } }],
    ['nothing in an empty file', ['a: 1\n', '""'], [], { a: '1' }],
    ['a setting with dots in a key', ['a: {x: 1}\n'], [set('a.b\\.c/d', scalar('v'))], { a: { x: '1', 'b.c/d': 'v' } }],
    [
      'a setting in a list',
      ['a: [{n: 1}]\n'],
      [set('a[1].n', scalar('2')), set('a[0].m', scalar('3'))],
      { a: [{ n: '1', m: '3' }, { n: '2' }] },
    ],
    ['a list as a setting', [], [set('a', yaml('[1, 2]'))], { a: ['1', '2'] }],
    ['the last of two settings', [], [set('a', scalar('1')), set('a', scalar('2'))], { a: '2' }],
    ['a setting through a text', ['a: text\n'], [set('a.b', scalar('1'))], { a: { b: '1' } }],
    ['a setting that is not told', ['a: {b: 1}\n'], [set('a.b', undefined)], { a: { b: '?', '…': '' } }],
    ['own keys before merged ones', ['x: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}\n'], [], { x: { a: '1', b: '2' }, y: { a: '3', b: '2' } }],
  ])('are %s', (_, layers, settings, expected) => {
    expect(merged(layers, ...settings)).toEqual(expected);
  });

  it('are open where a later layer is not told, and all in them', () => {
    expect(merged(['a: {b: {c: 1}}\n', '${var.more}\n'])).toEqual({ a: { b: { c: '1', '…': '' }, '…': '' }, '…': '' });
    expect(merged(['a: ${var.a}\n', 'a: {b: 1}\n'])).toEqual({ a: { b: '1', '…': '' } });
    expect(
      merged(['a: 1\n'], { ...set('x', scalar('2')), path: { ...scalar('x'), holes: [{ start: 0, end: 1, source: 'x', named: false }] } }),
    ).toEqual({ a: '1', '…': '' });
  });

  it('cost no more than their text, however aliases multiply it', () => {
    const bomb = ['a0: &a0 {x: {y: 1}}', ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} {l: *a${i}, r: *a${i}}`)].join(
      '\n',
    );
    const tree = mergeHelmValues([yaml(bomb), yaml(bomb)], [], span);
    expect(tree.entries).not.toEqual([]);
    const deep = parseJson(`${'{"a":'.repeat(150)}1${'}'.repeat(150)}`).root!;
    expect(mergeHelmValues([deep, deep], [set(Array.from({ length: 100 }, () => 'a').join('.'), scalar('1'))], span).open).toBe(true);
    const many = mergeHelmValues(
      [],
      Array.from({ length: 5000 }, (_, i) => set(`a.k${i}`, scalar('1'))),
      span,
    );
    expect(shown(many)).toMatchObject({ a: { k4999: '1' } });
    expect(shown(mergeHelmValues([], [set('a[99999].b', scalar('1'))], span))).toEqual({ '…': '' });
  });
});

describe('a path of Helm', () => {
  it.each([
    ['a.b', ['a', 'b']],
    ['a\\.b.c\\\\d', ['a.b', 'c\\d']],
    ['a[0][1].b', ['a', 0, 1, 'b']],
    ['a..b', undefined],
    ['a[x]', undefined],
    ['a[0]b', undefined],
    ['', undefined],
  ])('%s', (path, expected) => {
    expect(helmPath(plain(path))?.map(({ key, index }) => index ?? key.value)).toEqual(expected);
  });
});

describe('accounts of a release', () => {
  const annotated = 'serviceAccount:\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/r\n';
  const accounts = (layers: readonly string[], ...settings: readonly HelmSetting[]): string[] => {
    const values = mergeHelmValues(layers.map(yaml), settings, span);
    const tree = { root: values, problems: [], comments: [], templated: false, language: 'json' as const };
    const input = { doc: { uri: 'file:///a.json', index: 0, start: 0 }, text: layers.join(''), tree };
    return only(readHelmValues(values, { namespace: plain('ns') }, input), 'serviceAccount').map(describeAccount);
  };

  it("have the name and the annotation from wherever each is set, in the release's namespace", () => {
    expect(accounts([annotated], set('serviceAccount.name', scalar('app')))).toEqual(['values ns/app arn:aws:iam::111122223333:role/r']);
    expect(
      accounts(
        ['serviceAccount: {name: app}\n'],
        set('serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn', scalar('arn:aws:iam::111122223333:role/r')),
      ),
    ).toEqual(['values ns/app arn:aws:iam::111122223333:role/r']);
  });

  it('are in another namespace where the values say so, or none that is told', () => {
    expect(accounts([`${annotated}  name: app\n  namespace: own\n`])).toEqual(['values own/app arn:aws:iam::111122223333:role/r']);
    expect(accounts([`${annotated}  name: app\nnamespaceOverride: x\n`])).toEqual(['values ?/app arn:aws:iam::111122223333:role/r']);
    expect(accounts([`${annotated}  name: app\nnamespaceOverride: ""\n`])).toEqual(['values ns/app arn:aws:iam::111122223333:role/r']);
  });
});
