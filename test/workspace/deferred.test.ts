import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { account, deployment, pathOf, trust, uriOf } from '../wiring/build';

const names = ['demo-sa', 'demo-sb', 'api', 'dmeo-sa', 'default', '{{ include "x.serviceAccountName" . }}'];
const name = fc.constantFrom(...names);
const namespace = fc.constantFrom('n', 'demo-namespace', undefined);
const plainAccount = (of: string, where: string | undefined): string => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${of}\n${where ? `  namespace: ${where}\n` : ''}`;

const document = fc.oneof(
  fc.tuple(name, namespace, fc.constantFrom('demo-role', 'other')).map(([a, b, c]) => account(a, b, c)),
  fc.tuple(name, namespace).map(([a, b]) => plainAccount(a, b)),
  fc.tuple(name, namespace).map(([a, b]) => deployment(a, b)),
  fc.tuple(name, namespace).map(([a, b]) => deployment(a, b).replace('      serviceAccountName', '      automountServiceAccountToken: false\n      serviceAccount')),
  namespace.map((b) => deployment('x', b).replace('serviceAccountName: x', 'automountServiceAccountToken: false')),
  fc.tuple(name, namespace).map(([a, b]) => deployment(a, b).replace('image: api', 'image: api, env: [{name: AWS_ROLE_ARN, value: x}]')),
  fc.tuple(name, namespace).map(([a, b]) => deployment(a, b).replace('    spec:', '    metadata:\n      annotations:\n        eks.amazonws.com/skip-containers: api\n    spec:')),
  name.map((a) => `serviceAccount:\n  create: true\n  name: ${a}\n`),
  name.map((a) => `web:\n  podServiceAccount:\n    annotations: {}\n    name: ${a}\n`),
  fc.tuple(name, fc.constantFrom('annotations: [a]', 'annotations:\n    - a: b', 'annotations: text', 'annotations:\n    a: b', 'labels: {name: b}', 'annotations: {eks.amazonaws.com/audience: x}')).map(([a, b]) => `${plainAccount(a, 'n')}  ${b}\n`),
  name.map((a) => `kind: RoleBinding\nmetadata:\n  name: b\nsubjects:\n  - kind: ServiceAccount\n    name: ${a}\n`),
  fc.constant('kind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: |\n    serviceAccountName: demo-sa\n    eks.amazonaws.com/role-arn: x\n'),
  fc.constant('# pod-roles-disable-file service-account-elsewhere\nserviceAccountName: x\n'),
);
const kustomization = fc.record({
  namespace: fc.constantFrom('n', 'demo-namespace'), namePrefix: fc.constantFrom('de', 'dev-'), nameSuffix: fc.constant('-sa'),
  target: fc.constantFrom('{kind: ServiceAccount}', '{kind: ServiceAccount, name: demo-.*}', '{name: api}'),
}, { requiredKeys: [] }).map(({ target, ...parts }) => [
  'resources: [../app/a.yaml, ../app/b.yaml]', ...Object.entries(parts).map(([key, value]) => `${key}: ${value}`),
  ...(target ? ['patches:', `  - target: ${target}`, '    patch: |-', '      - {op: add, path: /metadata/annotations, value: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/demo-role"}}'] : []), '',
].join('\n'));
const text = fc.array(document, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('---\n'));
const files = fc.record({
  'app/a.yaml': text, 'app/b.yaml': text, 'app/templates/c.yaml': text, 'other/d.yaml': text,
  'app/iam/demo-role/trust.json': fc.tuple(fc.constantFrom('n', 'demo-namespace'), fc.constantFrom(...names.slice(0, 4), 'dev-demo-sa', 'demo')).map(([a, b]) => trust(`${a}:${b}`)),
  'iam/unclaimed.json': fc.tuple(fc.constantFrom('n', 'demo-namespace'), fc.constantFrom(...names.slice(0, 4), 'dev-demo-sa', 'demo')).map(([a, b]) => trust(`${a}:${b}`)),
  'overlay/kustomization.yaml': kustomization,
  'dev/kustomization.yaml': kustomization.map((each) => each.replace('resources: [../app/a.yaml, ../app/b.yaml]', 'resources: [../overlay]')),
  'alone/kustomization.yaml': kustomization.map((each) => each.replace('resources: [../app/a.yaml, ../app/b.yaml]', 'resources: [../other/d.yaml]')),
}, { requiredKeys: [] });

function make(texts: Readonly<Record<string, string | undefined>>, reread: boolean): Workspace {
  const workspace = new Workspace({
    log: (message) => { throw new Error(message); },
    ...(reread ? { reread: (uri: string) => Object.entries(texts).find(([path]) => uriOf(path) === uri)?.[1] } : {}),
  });
  for (const [path, each] of Object.entries(texts)) if (each !== undefined) workspace.load(uriOf(path), each);
  return workspace;
}

const findingsOf = (workspace: Workspace, texts: object): string => JSON.stringify(Object.keys(texts).map((path) => workspace.check(uriOf(path))));

it('what is not parsed at once takes nothing from the findings', () => {
  let found = 0;
  let deferred = 0;
  fc.assert(fc.property(files, (texts) => {
    const [whole, sparing] = [make(texts, false), make(texts, true)];
    const expected = findingsOf(whole, texts);
    expect(findingsOf(sparing, texts)).toBe(expected);
    if (/"rule"/.test(expected)) found++;
    if ([...sparing.wiring.workloads()].length < [...whole.wiring.workloads()].length) deferred++;
    for (const each of names) sparing.readWorkloadsOf(each);
    sparing.readAccounts();
    expect([...sparing.wiring.chains()].map((chain) => chain.workloads.length)).toEqual([...whole.wiring.chains()].map((chain) => chain.workloads.length));
    const all = [...sparing.wiring.accounts()];
    for (const each of whole.wiring.accounts()) {
      const same = all.find(({ doc, span }) => doc.uri === each.doc.uri && doc.index === each.doc.index && span.start === each.span.start)!;
      expect(sparing.wiring.workloadsOf(same)).toEqual(whole.wiring.workloadsOf(each));
    }
  }), { numRuns: 600 });
  expect(found).toBeGreaterThan(20);
  expect(deferred).toBeGreaterThan(20);
});

it('what somebody asks about is read when the next question comes, and nothing else', () => {
  const texts: Record<string, string> = {
    'app/at-home.yaml': deployment('demo-sa', 'n'), 'app/elsewhere.yaml': deployment('demo-sc', 'm'), 'app/other.yaml': deployment('other', 'm'), 'app/plain.yaml': plainAccount('other', 'm'),
  };
  const read: string[] = [];
  const workspace = new Workspace({ reread: (uri) => (read.push(pathOf(uri)), texts[pathOf(uri)]) });
  for (const [path, each] of Object.entries(texts)) workspace.load(uriOf(path), each);
  expect([...workspace.wiring.files()]).toEqual([]);
  // Its workload is in its namespace: nothing can be wrong with it.
  workspace.open(uriOf('app/sa.yaml'), account('demo-sa', 'n', 'r'));
  workspace.open(uriOf('app/sc.yaml'), account('demo-sc', 'n', 'r'));
  expect(workspace.check(uriOf('app/elsewhere.yaml')).map(({ rule }) => rule)).toEqual(['service-account-elsewhere']);
  expect(read).toEqual(['app/elsewhere.yaml']);
  texts['app/late.yaml'] = deployment('demo-sa', 'm');
  workspace.load(uriOf('app/late.yaml'), texts['app/late.yaml']);
  expect(workspace.check(uriOf('app/late.yaml'))).toHaveLength(1);
  workspace.readWorkloadsOf('other');
  workspace.load(uriOf('app/sd.yaml'), account('demo-sd', 'n', 'r'));
  expect([...workspace.wiring.workloads()].map(({ doc }) => pathOf(doc.uri)).sort()).toEqual(['app/at-home.yaml', 'app/elsewhere.yaml', 'app/late.yaml', 'app/other.yaml']);
  expect(workspace.takeDirty()).toContain(uriOf('app/sd.yaml'));
});

it('a mistake behind documents that are not parsed is told with its own line', () => {
  const text = `${plainAccount('a', 'n')}---\n${deployment('a', 'n')}---\nkind: ServiceAccount\nmetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: "x\n`;
  const [whole, sparing] = [make({ 'a.yaml': text }, false), make({ 'a.yaml': text }, true)];
  expect(whole.skipped()[0]?.reason).toMatch(/^read in part, line \d+/);
  expect(sparing.skipped()).toEqual(whole.skipped());
});
