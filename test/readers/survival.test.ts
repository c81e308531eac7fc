import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accounts, only, read, workloads } from './support';
import { runs } from '../support/runs';

const role = 'arn:aws:iam::111122223333:role/demo-role';

/** Runs and gives the milliseconds it took. */

describe('readers survive', () => {
  it('a thousand objects in one List, in good time', () => {
    const item = (i: number) =>
      `  - apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: sa-${i}\n      annotations:\n        eks.amazonaws.com/role-arn: ${role}\n`;
    const text = `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 1000 }, (_, i) => item(i)).join('')}`;
    const found = accounts(text);
    expect(found).toHaveLength(1000);
    expect(found[999]).toBe(`manifest ?/sa-999 ${role}`);
  });

  it('depth', () => {
    const deep = (depth: number) => `serviceAccount: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}\n`;
    const lists = `{"kind":"List","items":[`.repeat(2000) + `]}`.repeat(2000);
    expect(() => read(deep(5000))).not.toThrow();
    expect(() => read(`${lists}/* ServiceAccount */`, 'a.json')).not.toThrow();
    expect(accounts(`${'a: {'.repeat(50)}serviceAccount: {annotations: {eks.amazonaws.com/role-arn: x}}${'}'.repeat(50)}`)).toEqual([
      'values ?/? x',
    ]);
  });

  it('alias bombs and circles', () => {
    const bomb = [
      'serviceAccount: &a0 {annotations: {eks.amazonaws.com/role-arn: x}}',
      ...Array.from({ length: 20 }, (_, i) => `l${i}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`),
    ].join('\n');
    expect(() => read(bomb)).not.toThrow();
    expect(() => read('serviceAccount: &a\n  annotations: *a\n  nested: *a\n')).not.toThrow();
    expect(() => read('serviceAccount: &a\n  <<: *a\n')).not.toThrow();
    const shared = `apiVersion: v1\nkind: List\nx: &c [${'{name: a, image: i, env: [{name: AWS_PROFILE, value: x}]}, '.repeat(500)}]\nitems:\n${'- {kind: Pod, apiVersion: v1, metadata: {name: p}, spec: {serviceAccountName: a, containers: *c}}\n'.repeat(500)}`;
    expect(() => read(shared)).not.toThrow();
  });

  it('values of every type in every place', () => {
    for (const odd of [
      '',
      ' null',
      ' 1',
      ' true',
      ' []',
      ' {}',
      ' [[]]',
      ' [1, {a: b}]',
      ' {{ x }}',
      ' !tag {a: b}',
      ' "',
      ' |\n  x',
      ' *none',
      ' &a',
    ]) {
      for (const line of [
        'kind: ServiceAccount',
        'metadata',
        'metadata:\n  annotations',
        'metadata:\n  name',
        'spec',
        'spec:\n  template',
        'spec:\n  template:\n    spec',
        'spec:\n  template:\n    spec:\n      containers',
        'spec:\n  template:\n    spec:\n      serviceAccountName',
        'serviceAccount',
        'serviceAccounts',
        'items',
      ]) {
        for (const kind of ['Deployment', 'ServiceAccount', 'Workflow', 'Thing']) {
          expect(() => read(`# ServiceAccount\napiVersion: v1\nkind: ${kind}\n${line}:${odd}\n`)).not.toThrow();
        }
      }
    }
  });

  it('text cut and shuffled anywhere', () => {
    const seed = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, annotations: {eks.amazonaws.com/role-arn: ${role}}}\nspec:\n  template:\n    spec:\n      serviceAccountName: {{ .a }}\n      containers: [{name: AWS_PROFILE}]\n---\nserviceAccount:\n  annotations: |\n    eks.amazonaws.com/role-arn:x\n`;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: seed.length }),
        fc.integer({ min: 0, max: seed.length }),
        fc.string({ maxLength: 5 }),
        (from, to, text) => {
          const torn = seed.slice(0, from) + text + seed.slice(to);
          for (const fact of read(torn)) {
            expect(fact.span.start).toBeGreaterThanOrEqual(0);
            expect(fact.span.end).toBeLessThanOrEqual(torn.length);
            expect(structuredClone(fact)).toEqual(JSON.parse(JSON.stringify(fact)));
          }
        },
      ),
      { numRuns: runs(100) },
    );
  });
});

describe('facts', () => {
  it('stand in source order, outer before inner', () => {
    const facts = read(
      `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:\n    eks.amazonaws.com/audience: a\n    eks.amazonaws.com/role-arn: ${role}\n`,
    );
    expect(facts.map((fact) => fact.kind)).toEqual(['serviceAccount', 'annotation', 'annotation']);
  });

  it('of a document do not depend on its place in the file', () => {
    const one = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {serviceAccountName: a}\n';
    const facts = read(`${one}---\n${one}`);
    expect(facts.map((fact) => [fact.doc.index, fact.kind])).toEqual([
      [0, 'workload'],
      [1, 'workload'],
    ]);
    expect(workloads(`${one}---\n${one}`)).toEqual(['Pod ?/p a', 'Pod ?/p a']);
  });
});

const corpus = path.resolve(__dirname, '../../../shared/corpus');

describe.skipIf(!existsSync(corpus))('public files', () => {
  const files = existsSync(corpus)
    ? (readdirSync(corpus, { recursive: true }) as string[]).filter((name) => /\.(ya?ml|json)$/.test(name))
    : [];

  it.each(files)('%s is read without a throw, and its annotations are found', (name) => {
    const text = readFileSync(path.join(corpus, name), 'utf8');
    const facts = read(text, name);
    const roleArns = only(facts, 'annotation').filter((fact) => fact.key.value === 'eks.amazonaws.com/role-arn');
    for (const fact of roleArns) expect(fact.valueType, name).not.toBe('map');
  });
});
