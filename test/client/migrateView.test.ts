import { describe, expect, it } from 'vitest';
import type { MigratePlan, MigrateRow, MigrateStepResult } from '../../protocol/migrate';
import { migrateAnnouncement, migrateBody } from '../../client/src/views/migrate/html';
import { movable, parseScope, pickedIn, scopeValue, type MigrateModel } from '../../client/src/views/migrate/model';
import { hostileNames, skeleton } from './support';

const at = (label: string) => ({ label, uri: `file:///w/${encodeURIComponent(label)}`, line: 3, character: 2 });
const row = (namespace: string, name: string, more: Partial<MigrateRow> = {}): MigrateRow => ({
  account: { namespace, name },
  label: `${namespace}/${name}`,
  namespace,
  role: `${name}-role`,
  state: 'not-started',
  outcome: 'can-move',
  reasons: [],
  places: [{ label: 'Annotation', place: at('sa.yaml:4') }],
  workloads: [],
  ...more,
});
const plan: MigratePlan = {
  direction: 'to-pod-identity',
  rows: [
    row('shop', 'orders', { workloads: ['Deployment shop/orders'] }),
    row('shop', 'cart', {
      outcome: 'cannot-move',
      reasons: [{ code: 'fargate', effect: 'stops', message: 'Its pods can only run on Fargate.', place: at('deploy.yaml:1') }],
    }),
    row('pay', 'card', { state: 'moving', outcome: 'unknown', cluster: 'demo' }),
    row('pay', 'x', { account: undefined as never, label: 'pay/unknown name' }),
  ],
  text: 'plan',
};
const model = (more: Partial<MigrateModel> = {}): MigrateModel => ({
  direction: 'to-pod-identity',
  cluster: '',
  scope: { kind: 'all' },
  picked: new Set(),
  plan,
  ...more,
});
const result = (more: Partial<MigrateStepResult> = {}): MigrateStepResult => ({
  step: 'expand',
  direction: 'to-pod-identity',
  accounts: ['shop/orders'],
  files: [
    { uri: 'file:///w/trust.json', path: 'trust.json', action: 'change', before: 'a', after: 'b', edits: [] },
    { uri: 'file:///w/association.yaml', path: 'association.yaml', action: 'create', before: '', after: 'b', edits: [] },
  ],
  refused: [{ account: 'shop/cart', reason: 'Its pods can only run on Fargate.' }],
  proofs: [
    {
      role: 'orders-role',
      lines: [
        { holds: true, text: 'No one else can assume the role.' },
        { holds: null, text: 'Not proven that everyone keeps access: a placeholder.' },
      ],
    },
  ],
  script: 'aws eks create-pod-identity-association \\\n  --cluster-name demo',
  next: ['Deploy the trust policy.', 'Deploy the association.'],
  ...more,
});
const inputs = (html: string): string[] => [...html.matchAll(/<input[^>]*type="checkbox"[^>]*>/g)].map(([tag]) => tag);
const button = (html: string, id: string): string => new RegExp(`<button[^>]*id="${id}"[^>]*>[^<]*`).exec(html)?.[0] ?? '';

describe('the plan', () => {
  it('has a row an account, with state, outcome, reasons and places that open', () => {
    const html = migrateBody(model()).text;
    for (const words of [
      'shop/orders',
      'Deployment shop/orders',
      'can move',
      'can&#39;t move',
      'not started',
      'moving',
      'Its pods can only run on Fargate.',
      'in cluster demo',
    ])
      expect(html).toContain(words);
    expect(html.match(/data-act="open"/g)).toHaveLength(5);
  });

  it('lists packages to check, with places that open, and nothing where there are none', () => {
    const packages = [{ label: '<b> 1.26.0, needs 1.34.41 or later', place: at('requirements.txt:4') }, { label: 'aws-sdk 2.1.0' }];
    const html = migrateBody(model({ plan: { ...plan, packages } })).text;
    for (const words of ['Packages to check', '&lt;b&gt; 1.26.0, needs 1.34.41 or later', 'requirements.txt:4', 'aws-sdk 2.1.0'])
      expect(html).toContain(words);
    expect(migrateBody(model()).text).not.toContain('Packages to check');
  });

  it('lets only accounts be picked that a step may change, by keyboard and with a name', () => {
    const boxes = inputs(migrateBody(model({ picked: new Set(['shop/orders', 'shop/cart']) })).text);
    expect(boxes.map((tag) => /aria-label="([^"]*)"/.exec(tag)?.[1])).toEqual(['Select shop/orders', 'Select pay/card']);
    expect(boxes.map((tag) => /\bchecked\b/.test(tag))).toEqual([true, false]);
    expect(pickedIn(model({ picked: new Set(['shop/orders', 'shop/cart', 'gone/away']) }))).toEqual([
      { namespace: 'shop', name: 'orders' },
    ]);
  });

  it('has buttons that do nothing until an account of the scope is picked', () => {
    const of = (more: Partial<MigrateModel>) =>
      ['expand', 'contract', 'undo'].map((id) => /\bdisabled\b/.test(button(migrateBody(model(more)).text, id)));
    expect(of({})).toEqual([true, true, true]);
    expect(of({ picked: new Set(['shop/orders']) })).toEqual([false, false, false]);
    expect(of({ picked: new Set(['shop/orders']), scope: { kind: 'namespace', namespace: 'pay' } })).toEqual([true, true, true]);
  });

  it('offers first what comes next for those that are picked', () => {
    const first = (...picked: string[]) => /class="primary" id="([a-z]*)"/.exec(migrateBody(model({ picked: new Set(picked) })).text)?.[1];
    expect([first(), first('shop/orders'), first('pay/card'), first('pay/card', 'shop/orders')]).toEqual([
      'expand',
      'expand',
      'contract',
      'expand',
    ]);
  });

  it('is shown for all, a namespace or one account', () => {
    const labels = (scope: MigrateModel['scope']) =>
      [...migrateBody(model({ scope })).text.matchAll(/<strong>([^<]*)<\/strong> →/g)].map(([, label]) => label);
    expect(labels({ kind: 'all' })).toHaveLength(4);
    expect(labels({ kind: 'namespace', namespace: 'shop' })).toEqual(['shop/orders', 'shop/cart']);
    expect(labels({ kind: 'account', key: 'pay/card' })).toEqual(['pay/card']);
    for (const scope of [{ kind: 'all' }, { kind: 'namespace', namespace: 'shop' }, { kind: 'account', key: 'pay/card' }] as const)
      expect(parseScope(scopeValue(scope))).toEqual(scope);
    expect(parseScope('anything else')).toEqual({ kind: 'all' });
  });

  it('counts the rows that are shown, and says what the name of the cluster would help', () => {
    const counts = (more: Partial<MigrateModel>) =>
      /<p class="note">(\d+ service accounts?: [^<]*)</.exec(migrateBody(model(more)).text)?.[1];
    expect(counts({})).toBe('4 service accounts: 2 can move, 1 can&#39;t, 1 unknown, 0 done.');
    expect(counts({ scope: { kind: 'account', key: 'pay/card' } })).toBe('1 service account: 0 can move, 0 can&#39;t, 1 unknown, 0 done.');
    expect(migrateAnnouncement(model())).toBe("4 service accounts: 2 can move, 1 can't, 1 unknown, 0 done.");
    expect(migrateBody(model()).text).not.toContain('Enter its name under Cluster');
    const unnamed = { code: 'cluster-unknown', message: 'The cluster is unknown.' } as const;
    const rows = [
      row('shop', 'orders', { outcome: 'unknown', reasons: [{ ...unnamed, effect: 'unknown' }] }),
      row('shop', 'cart', { reasons: [{ ...unnamed, effect: 'note' }] }),
    ];
    expect(migrateBody(model({ plan: { ...plan, rows } })).text).toContain(
      'The cluster of 1 service account is unknown. Enter its name under Cluster, or add it to pod-roles.yaml.',
    );
  });

  it('says what a moving account lacks, and of one that is done no more than that', () => {
    const standing = (more: Partial<MigrateRow>) =>
      /<td class="standing">([\s\S]*?)<\/td>/
        .exec(migrateBody(model({ plan: { ...plan, rows: [row('shop', 'orders', more)] } })).text)![1]!
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim();
    expect(standing({})).toBe('✓ can move not started');
    expect(standing({ state: 'moving', missing: 'association' })).toBe('✓ can move moving: the association is missing');
    expect(standing({ state: 'moving', outcome: 'cannot-move' })).toBe('✗ can&#39;t move moving');
    expect(standing({ state: 'done' })).toBe('✓ done');
  });

  it('selects what can move and is not done', () => {
    const rows = [row('shop', 'orders'), row('shop', 'cart', { state: 'done' }), row('shop', 'card', { outcome: 'unknown' })];
    expect(movable(model({ plan: { ...plan, rows } }))).toEqual(['shop/orders']);
    expect(movable(model({ plan: { ...plan, rows }, scope: { kind: 'namespace', namespace: 'pay' } }))).toEqual([]);
  });

  it('says it where there is nothing to move', () => {
    expect(migrateBody(model({ plan: { ...plan, rows: [] } })).text).toContain('No service account of these files uses a role.');
  });
});

describe('a step', () => {
  it('shows what is proven, what is left, the files, the script and what comes next', () => {
    const html = migrateBody(model({ step: { result: result(), applied: false, unsaved: [] } })).text;
    expect(html).toContain('Expand: preview for 1 service account');
    expect(html).toContain('aria-label="proven"');
    expect(html).toContain('aria-label="not proven"');
    expect(html).toContain('association.yaml</span> <span class="note">new</span>');
    expect(html).toContain('aws eks create-pod-identity-association \\<br />  --cluster-name demo');
    expect(html).toContain('Deploy the association.');
    expect(button(html, 'apply')).toContain('Apply to 2 files');
    expect(migrateAnnouncement(model({ step: { result: result(), applied: false, unsaved: [] } }))).toBe(
      'Expand: preview for 1 service account. 2 files.',
    );
  });

  it('can be applied once, and says how to undo it', () => {
    const html = migrateBody(model({ step: { result: result(), applied: true, unsaved: [] } })).text;
    expect(button(html, 'apply')).toBe('');
    expect(html).toContain('use Undo (Ctrl+Z, or Cmd+Z) in one of these files');
  });

  it('says which files are not saved, since a deploy would not have them', () => {
    const of = (...unsaved: string[]) => migrateBody(model({ step: { result: result(), applied: true, unsaved } })).text;
    expect(of()).not.toContain('Not saved yet');
    expect(of('iam/trust.json', 'main.tf')).toContain('<span class="name">iam/trust.json, main.tf</span>');
    expect(button(of('main.tf'), 'save')).toContain('Save 1 file');
  });

  it('without a change has nothing to apply', () => {
    const { script: _, ...rest } = result({ files: [] });
    const html = migrateBody(model({ step: { result: rest, applied: false, unsaved: [] } })).text;
    expect(html).toContain('Expand: nothing to change');
    expect(button(html, 'apply')).toBe('');
  });
});

it('names of a workspace are never markup', () => {
  const page = (name: string) =>
    migrateBody(
      model({
        cluster: name,
        problem: name,
        picked: new Set([`${name}/${name}`]),
        scope: { kind: 'account', key: `${name}/${name}` },
        plan: {
          ...plan,
          rows: [
            row(name, name, {
              role: name,
              cluster: name,
              reasons: [{ code: 'fargate', effect: 'stops', message: name, place: at(name) }],
              places: [{ label: name, place: at(name) }, { label: name }],
              workloads: [name],
            }),
          ],
        },
        step: {
          applied: true,
          unsaved: [name],
          result: result({
            accounts: [name],
            files: [{ uri: 'file:///w/x', path: name, action: 'change', before: '', after: '', edits: [] }],
            refused: [{ account: name, reason: name }],
            proofs: [{ role: name, lines: [{ holds: false, text: name }] }],
            script: name.replace('\n', ' '),
            next: [name],
          }),
        },
      }),
    ).text;
  for (const name of hostileNames) expect(skeleton(page(name))).toEqual(skeleton(page('plain')));
});
