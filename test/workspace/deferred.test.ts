import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSnapshot } from '../../server/src/core/snapshot/read';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { account, deployment, pathOf, trust, uriOf } from '../wiring/build';
import { runs } from '../support/runs';

const names = ['demo-sa', 'demo-sb', 'api', 'dmeo-sa', 'default', '{{ include "x.serviceAccountName" . }}'];
const name = fc.constantFrom(...names);
const namespace = fc.constantFrom('n', 'demo-namespace', undefined);
const plainAccount = (of: string, where: string | undefined): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${of}\n${where ? `  namespace: ${where}\n` : ''}`;

const association = (of: string, where: string, role: string, conditional: boolean): string =>
  `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: a${conditional ? ', labels: {x: "{{ .Values.x }}"}' : ''}}\n` +
  `spec: {clusterName: demo, namespace: ${where}, serviceAccount: '${of}', roleARN: "arn:aws:iam::111122223333:role/${role}"}\n`;

const document = fc.oneof(
  fc.tuple(name, namespace, fc.constantFrom('demo-role', 'other')).map(([a, b, c]) => account(a, b, c)),
  fc.tuple(name, namespace).map(([a, b]) => plainAccount(a, b)),
  fc.tuple(name, namespace).map(([a, b]) => deployment(a, b)),
  fc
    .tuple(name, namespace)
    .map(([a, b]) =>
      deployment(a, b).replace('      serviceAccountName', '      automountServiceAccountToken: false\n      serviceAccount'),
    ),
  namespace.map((b) => deployment('x', b).replace('serviceAccountName: x', 'automountServiceAccountToken: false')),
  fc.tuple(name, namespace).map(([a, b]) => deployment(a, b).replace('image: api', 'image: api, env: [{name: AWS_ROLE_ARN, value: x}]')),
  fc
    .tuple(name, namespace)
    .map(([a, b]) =>
      deployment(a, b).replace('    spec:', '    metadata:\n      annotations:\n        eks.amazonws.com/skip-containers: api\n    spec:'),
    ),
  name.map((a) => `serviceAccount:\n  create: true\n  name: ${a}\n`),
  name.map((a) => `web:\n  podServiceAccount:\n    annotations: {}\n    name: ${a}\n`),
  fc
    .tuple(
      name,
      fc.constantFrom(
        'annotations: [a]',
        'annotations:\n    - a: b',
        'annotations: text',
        'annotations:\n    a: b',
        'labels: {name: b}',
        'annotations: {eks.amazonaws.com/audience: x}',
      ),
    )
    .map(([a, b]) => `${plainAccount(a, 'n')}  ${b}\n`),
  name.map((a) => `kind: RoleBinding\nmetadata:\n  name: b\nsubjects:\n  - kind: ServiceAccount\n    name: ${a}\n`),
  fc.constant('kind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a: |\n    serviceAccountName: demo-sa\n    eks.amazonaws.com/role-arn: x\n'),
  fc
    .tuple(name, namespace, fc.constantFrom('demo-role', 'other'), fc.boolean())
    .map(([a, b, c, conditional]) => association(a, b ?? 'n', c, conditional)),
  fc.constant('# pod-roles-disable-file service-account-elsewhere\nserviceAccountName: x\n'),
);
const kustomization = fc
  .record(
    {
      namespace: fc.constantFrom('n', 'demo-namespace'),
      namePrefix: fc.constantFrom('de', 'dev-'),
      nameSuffix: fc.constant('-sa'),
      target: fc.constantFrom('{kind: ServiceAccount}', '{kind: ServiceAccount, name: demo-.*}', '{name: api}'),
    },
    { requiredKeys: [] },
  )
  .map(({ target, ...parts }) =>
    [
      'resources: [../app/a.yaml, ../app/b.yaml]',
      ...Object.entries(parts).map(([key, value]) => `${key}: ${value}`),
      ...(target
        ? [
            'patches:',
            `  - target: ${target}`,
            '    patch: |-',
            '      - {op: add, path: /metadata/annotations, value: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/demo-role"}}',
          ]
        : []),
      '',
    ].join('\n'),
  );
const text = fc.array(document, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('---\n'));
const files = fc.record(
  {
    'app/a.yaml': text,
    'app/b.yaml': text,
    'app/templates/c.yaml': text,
    'other/d.yaml': text,
    'app/iam/demo-role/trust.json': fc
      .tuple(fc.constantFrom('n', 'demo-namespace'), fc.constantFrom(...names.slice(0, 4), 'dev-demo-sa', 'demo'))
      .map(([a, b]) => trust(`${a}:${b}`)),
    'iam/unclaimed.json': fc
      .tuple(fc.constantFrom('n', 'demo-namespace'), fc.constantFrom(...names.slice(0, 4), 'dev-demo-sa', 'demo'))
      .map(([a, b]) => trust(`${a}:${b}`)),
    'overlay/kustomization.yaml': kustomization,
    'dev/kustomization.yaml': kustomization.map((each) =>
      each.replace('resources: [../app/a.yaml, ../app/b.yaml]', 'resources: [../overlay]'),
    ),
    'alone/kustomization.yaml': kustomization.map((each) =>
      each.replace('resources: [../app/a.yaml, ../app/b.yaml]', 'resources: [../other/d.yaml]'),
    ),
  },
  { requiredKeys: [] },
);

/** What AWS knows: associations for accounts whose manifests may be deferred, with roles that allow them or not. */
const snapshots = fc.option(
  fc.record({
    associations: fc.array(
      fc.tuple(
        fc.constantFrom(...names.slice(0, 4), 'dev-demo-sa'),
        fc.constantFrom('n', 'demo-namespace'),
        fc.constantFrom('demo-role', 'pods', 'gone'),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    known: fc.boolean(),
  }),
  { nil: undefined },
);
type Snapshot = typeof snapshots extends fc.Arbitrary<infer T> ? T : never;

function awsOf(snapshot: NonNullable<Snapshot>): AwsIndex {
  const id = '111122223333';
  const statement = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };
  const role = (of: string, trustPolicy: object) => ({ arn: `arn:aws:iam::${id}:role/${of}`, trustPolicy, detail: false });
  const { facts, problems, label } = readSnapshot(
    JSON.stringify({
      version: 1,
      accounts: [
        {
          id,
          partition: 'aws',
          takenAt: '2026-11-20T08:00:00Z',
          policies: [],
          providers: [],
          regions: ['eu-west-1'],
          partial: snapshot.known ? [] : [{ action: 'iam:ListRoles', reason: 'denied' }],
          roles: [
            role('demo-role', JSON.parse(trust('n:demo-sa')) as object),
            role('pods', { Version: '2012-10-17', Statement: [statement] }),
          ],
          clusters: [{ arn: `arn:aws:eks:eu-west-1:${id}:cluster/demo` }],
          associations: snapshot.associations.map(([of, where, to], i) => ({
            id: `a-${i}`,
            clusterName: 'demo',
            region: 'eu-west-1',
            namespace: where,
            serviceAccount: of,
            roleArn: `arn:aws:iam::${id}:role/${to}`,
          })),
        },
      ],
    }),
  );
  if (!facts || problems.length > 0) throw new Error(problems.join(' '));
  return new AwsIndex(facts, { kind: 'snapshot', label });
}

function make(texts: Readonly<Record<string, string | undefined>>, reread: boolean, aws?: AwsIndex, late = false): Workspace {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
    ...(reread ? { reread: (uri: string) => Object.entries(texts).find(([path]) => uriOf(path) === uri)?.[1] } : {}),
  });
  if (aws && !late) workspace.setAws(aws);
  for (const [path, each] of Object.entries(texts)) if (each !== undefined) workspace.load(uriOf(path), each);
  // In the editor AWS answers when all files are read.
  if (aws && late) {
    findingsOf(workspace, texts);
    workspace.setAws(aws);
  }
  return workspace;
}

const findingsOf = (workspace: Workspace, texts: object): string =>
  JSON.stringify(Object.keys(texts).map((path) => workspace.check(uriOf(path))));

it('what is not parsed at once takes nothing from the findings', () => {
  let found = 0;
  let deferred = 0;
  fc.assert(
    fc.property(files, snapshots, fc.boolean(), (texts, snapshot, late) => {
      const aws = snapshot && awsOf(snapshot);
      const [whole, sparing] = [make(texts, false, aws), make(texts, true, aws, late)];
      const expected = findingsOf(whole, texts);
      expect(findingsOf(sparing, texts)).toBe(expected);
      if (/"rule"/.test(expected)) found++;
      if ([...sparing.wiring.workloads()].length < [...whole.wiring.workloads()].length) deferred++;
      for (const each of names) sparing.readWorkloadsOf(each);
      sparing.readAccounts();
      expect([...sparing.wiring.chains()].map((chain) => chain.workloads.length)).toEqual(
        [...whole.wiring.chains()].map((chain) => chain.workloads.length),
      );
      const all = [...sparing.wiring.accounts()];
      for (const each of whole.wiring.accounts()) {
        const same = all.find(
          ({ doc, span }) => doc.uri === each.doc.uri && doc.index === each.doc.index && span.start === each.span.start,
        )!;
        expect(sparing.wiring.workloadsOf(same)).toEqual(whole.wiring.workloadsOf(each));
      }
    }),
    { numRuns: runs(400) },
  );
  expect(found).toBeGreaterThan(runs(400) / 20);
  expect(deferred).toBeGreaterThan(runs(400) / 20);
  // A thousand workspaces are read and checked: on a busy machine that takes longer than other tests.
}, 300_000);

it('what somebody asks about is read when the next question comes, and nothing else', () => {
  const texts: Record<string, string> = {
    'app/at-home.yaml': deployment('demo-sa', 'n'),
    'app/elsewhere.yaml': deployment('demo-sc', 'm'),
    'app/other.yaml': deployment('other', 'm'),
    'app/plain.yaml': plainAccount('other', 'm'),
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
  expect([...workspace.wiring.workloads()].map(({ doc }) => pathOf(doc.uri)).sort()).toEqual([
    'app/at-home.yaml',
    'app/elsewhere.yaml',
    'app/late.yaml',
    'app/other.yaml',
  ]);
  expect(workspace.takeDirty()).toContain(uriOf('app/sd.yaml'));
});

it("AWS's associations ask for accounts whose files are read later", () => {
  const texts = { 'app/sa.yaml': plainAccount('demo-sa', 'n') };
  const workspace = make(texts, true, awsOf({ associations: [['demo-sa', 'n', 'gone']], known: true }));
  expect(workspace.check(uriOf('app/sa.yaml')).map(({ rule }) => rule)).toEqual(['association-role-mismatch']);
});

it("AWS's associations ask for the workloads of files that were read before", () => {
  const texts: Record<string, string> = { 'app/api.yaml': deployment('demo-sa', 'n'), 'app/other.yaml': deployment('other', 'n') };
  const workspace = new Workspace({ reread: (uri) => texts[pathOf(uri)] });
  for (const [path, each] of Object.entries(texts)) workspace.load(uriOf(path), each);
  workspace.setAws(awsOf({ associations: [['demo-sa', 'n', 'gone']], known: true }));
  expect([...workspace.wiring.workloads()].map(({ doc }) => pathOf(doc.uri))).toEqual(['app/api.yaml']);
});

it('a mistake behind documents that are not parsed is told with its own line', () => {
  const text = `${plainAccount('a', 'n')}---\n${deployment('a', 'n')}---\nkind: ServiceAccount\nmetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: "x\n`;
  const [whole, sparing] = [make({ 'a.yaml': text }, false), make({ 'a.yaml': text }, true)];
  expect(whole.skipped()[0]?.reason).toMatch(/^read in part, line \d+/);
  expect(sparing.skipped()).toEqual(whole.skipped());
});
