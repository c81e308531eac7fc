import { describe, expect, it } from 'vitest';
import { trust, uriOf, workspaceOf } from '../wiring/build';

const note = 'eks.amazonaws.com/role-arn';
const arn = 'arn:aws:iam::111122223333:role/demo-role';
const annotated = `serviceAccount:\n  annotations:\n    ${note}: ${arn}\n`;
const named = `serviceAccount:\n  create: true\n  name: app\n`;
const argo = (spec: string, name = 'demo') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}, namespace: argocd}\nspec:\n  destination: {namespace: shop, server: https://kubernetes.default.svc}\n${spec}`;
const argoSource = (helm: string) => argo(`  source:\n    repoURL: https://example.com/repo.git\n    path: charts/app\n    helm:\n${helm}`);
const flux = (chart: string, rest = '') =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: shop}\nspec:\n  interval: 5m\n  chart:\n    spec:\n      chart: ${chart}\n      sourceRef: {kind: GitRepository, name: repo}\n${rest}`;

/** `file namespace/name by` of every chain. */
const chainsIn = (files: Record<string, string>): string[] =>
  [...workspaceOf(files).wiring.chains()]
    .map(
      (chain) =>
        `${chain.account.doc.uri.slice('file:///repo/'.length)} ${chain.namespace}/${chain.name} ${chain.overlays?.map(({ name }) => name).join('+') ?? '-'}`,
    )
    .sort();

describe('a chart that Argo CD deploys', () => {
  it('has its accounts in the destination, with the name and the annotation from wherever each is set', () => {
    const app = argoSource('      valueFiles: [values-prod.yaml]\n');
    expect(chainsIn({ 'charts/app/values.yaml': named, 'charts/app/values-prod.yaml': annotated, 'argocd/app.yaml': app })).toEqual([
      'charts/app/values-prod.yaml shop/app Argo CD Application demo',
    ]);
    const parameter = argoSource(`      parameters:\n      - {name: serviceAccount.name, value: app}\n`);
    expect(chainsIn({ 'charts/app/values.yaml': annotated, 'argocd/app.yaml': parameter })).toEqual([
      'charts/app/values.yaml shop/app Argo CD Application demo',
    ]);
    const inline = argoSource(`      valuesObject:\n        serviceAccount:\n          annotations: {${note}: "${arn}"}\n`);
    expect(chainsIn({ 'charts/app/values.yaml': named, 'argocd/app.yaml': inline })).toEqual(['argocd/app.yaml shop/app -']);
  });

  it('takes the last of several values', () => {
    const app = argoSource('      valueFiles: [a.yaml, ../../env/b.yaml, /env/c.yaml]\n');
    const files = {
      'charts/app/values.yaml': annotated + '  name: wrong\n',
      'charts/app/a.yaml': 'serviceAccount: {name: also-wrong}\n',
      'env/b.yaml': 'serviceAccount: {name: wrong-too}\n',
      'env/c.yaml': 'serviceAccount: {name: app}\n',
      'argocd/app.yaml': app,
    };
    expect(chainsIn(files)).toEqual(['charts/app/values.yaml shop/app Argo CD Application demo']);
  });

  it('is told by the values of another source', () => {
    const app = argo(
      '  sources:\n  - {repoURL: https://charts.example.com, chart: app, targetRevision: 1.2.3, helm: {valueFiles: [$values/env/prod.yaml]}}\n  - {repoURL: https://example.com/repo.git, ref: values}\n',
    );
    expect(chainsIn({ 'env/prod.yaml': annotated + '  name: app\n', 'argocd/app.yaml': app })).toEqual([
      'env/prod.yaml shop/app Argo CD Application demo',
    ]);
    expect(chainsIn({ 'env/prod.yaml': annotated + '  name: app\n', 'argocd/app.yaml': app.replace('ref: values', 'ref: other') })).toEqual(
      ['env/prod.yaml undefined/app -'],
    );
  });

  it('is one account for each Application that deploys it', () => {
    const files = {
      'charts/app/values.yaml': named,
      'charts/app/a.yaml': annotated,
      'argocd/a.yaml': argoSource('      valueFiles: [a.yaml]\n'),
      'argocd/b.yaml': argoSource('      valueFiles: [a.yaml]\n')
        .replace('namespace: shop', 'namespace: other')
        .replace('name: demo', 'name: second'),
    };
    expect(chainsIn(files)).toEqual([
      'charts/app/a.yaml other/app Argo CD Application second',
      'charts/app/a.yaml shop/app Argo CD Application demo',
    ]);
  });

  it("has what its templates write, in the release's namespace", () => {
    const account = (name: string, namespace = '') =>
      `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n${namespace}  annotations:\n    ${note}: ${arn}\n`;
    const files = {
      'charts/app/templates/a.yaml': account('app'),
      'charts/app/templates/b.yaml': account('"{{ .Release.Name }}-sa"', '  namespace: {{ .Release.Namespace }}\n'),
      'charts/app/templates/c.yaml': account('app', '  namespace: own\n'),
      'argocd/app.yaml': argoSource('      releaseName: rel\n'),
    };
    expect(chainsIn(files)).toEqual([
      'charts/app/templates/a.yaml shop/app Argo CD Application demo',
      'charts/app/templates/b.yaml shop/rel-sa Argo CD Application demo',
      'charts/app/templates/c.yaml own/app Argo CD Application demo',
    ]);
  });

  it.each([
    ['a values file that a variable names', argoSource('      valueFiles: ["values-{{env}}.yaml"]\n')],
    ['a values file at an address', argoSource('      valueFiles: [https://example.com/values.yaml]\n')],
  ])('is unknown with %s', (_, app) => {
    expect(chainsIn({ 'charts/app/values.yaml': annotated + '  name: app\n', 'argocd/app.yaml': app })).toEqual([
      'charts/app/values.yaml undefined/undefined Argo CD Application demo',
    ]);
  });

  it('is not told by a path that two folders have, nor by the values of a chart elsewhere', () => {
    const app = argoSource('      valueFiles: [values.yaml]\n');
    const both = { 'charts/app/values.yaml': annotated + '  name: app\n', 'argocd/charts/app/values.yaml': annotated + '  name: app\n' };
    expect(chainsIn({ ...both, 'argocd/app.yaml': app }).every((chain) => chain.includes(' undefined/app -'))).toBe(true);
    const remote = argo(
      '  source: {repoURL: https://charts.example.com, chart: app, targetRevision: 1.2.3, helm: {valueFiles: [values.yaml]}}\n',
    );
    expect(chainsIn({ 'values.yaml': annotated + '  name: app\n', 'app.yaml': remote })).toEqual(['values.yaml undefined/app -']);
  });
});

describe('a chart that an ApplicationSet deploys', () => {
  const set = (generator: string, template: string, more = '') =>
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n${more}  generators:\n${generator}  template:\n    metadata: {name: "app-{{env}}"}\n    spec:\n      destination: {namespace: "{{env}}"}\n      source:\n        path: charts/app\n        helm: {valueFiles: ["${template}"]}\n`;
  const files = { 'charts/app/values.yaml': named, 'charts/app/values-dev.yaml': annotated, 'charts/app/values-prod.yaml': annotated };

  it('is one account for each element of its lists', () => {
    const list = '  - list:\n      elements:\n      - {env: dev}\n      - {env: prod}\n';
    const both = [
      'charts/app/values-dev.yaml dev/app Argo CD Application app-dev',
      'charts/app/values-prod.yaml prod/app Argo CD Application app-prod',
    ];
    expect(chainsIn({ ...files, 'set.yaml': set(list, 'values-{{env}}.yaml') })).toEqual(both);
    const go = set(list, 'values-{{.env}}.yaml', '  goTemplate: true\n').replaceAll('{{env}}', '{{ .env }}');
    expect(chainsIn({ ...files, 'set.yaml': go })).toEqual(both);
  });

  it('has the values file in another source that an element names', () => {
    const sources = (path: string): string =>
      `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n  goTemplate: true\n  generators:\n  - list:\n      elements:\n      - {name: app, namespace: shop, values: addons/app.yaml}\n  template:\n    metadata: {name: "{{.name}}"}\n    spec:\n      destination: {namespace: "{{.namespace}}"}\n      sources:\n      - {repoURL: https://charts.example.com, chart: app, helm: {valueFiles: ["${path}"]}}\n      - {repoURL: https://git.example.com/addons, ref: values}\n`;
    const own = { 'addons/app.yaml': `${annotated}  name: app\n` };
    expect(chainsIn({ ...own, 'set.yaml': sources('$values/{{.values}}') })).toEqual(['addons/app.yaml shop/app Argo CD Application app']);
    expect(chainsIn({ ...own, 'set.yaml': sources('$values/{{.other}}') })).toEqual(['addons/app.yaml undefined/app -']);
  });

  it('is unknown with other generators, and with what templates compute', () => {
    for (const generator of [
      '  - git: {directories: [{path: envs/*}]}\n',
      '  - matrix: {generators: [{list: {elements: [{env: dev}]}}]}\n',
    ])
      expect(chainsIn({ ...files, 'set.yaml': set(generator, 'values-dev.yaml') })).toEqual([
        'charts/app/values-dev.yaml undefined/app Argo CD Application',
        'charts/app/values-prod.yaml undefined/undefined -',
      ]);
    const list = '  - list: {elements: [{env: dev}]}\n';
    expect(
      chainsIn({ ...files, 'set.yaml': set(list, 'values-{{ upper env }}.yaml') }).filter((chain) => !chain.includes(' undefined/')),
    ).toEqual([]);
  });
});

describe('a chart that Flux deploys', () => {
  const files = { 'charts/app/values.yaml': named };
  const values = `  values:\n    serviceAccount:\n      annotations:\n        ${note}: ${arn}\n`;

  it('is in its target namespace, or in that of the HelmRelease', () => {
    expect(chainsIn({ ...files, 'apps/release.yaml': flux('./charts/app', values) })).toEqual(['apps/release.yaml shop/app -']);
    expect(chainsIn({ ...files, 'apps/release.yaml': flux('./charts/app', `  targetNamespace: team\n${values}`) })).toEqual([
      'apps/release.yaml team/app -',
    ]);
  });

  it("has its own values files in the place of the chart's", () => {
    const release = flux('./charts/app', values).replace('      sourceRef', '      valuesFiles: [./charts/app/prod.yaml]\n      sourceRef');
    expect(
      chainsIn({ ...files, 'charts/app/prod.yaml': 'serviceAccount: {create: true, name: prod}\n', 'apps/release.yaml': release }),
    ).toEqual(['apps/release.yaml shop/prod -']);
  });

  it('is moved by the kustomization that takes it, unless it has a target', () => {
    const kustomization = 'namespace: moved\nresources: [release.yaml]\n';
    expect(chainsIn({ ...files, 'apps/kustomization.yaml': kustomization, 'apps/release.yaml': flux('./charts/app', values) })).toEqual([
      'apps/release.yaml moved/app -',
    ]);
    expect(
      chainsIn({
        ...files,
        'apps/kustomization.yaml': kustomization,
        'apps/release.yaml': flux('./charts/app', `  targetNamespace: team\n${values}`),
      }),
    ).toEqual(['apps/release.yaml team/app -']);
  });

  it('is unknown where values come from the cluster, save what the release says itself', () => {
    const from = '  valuesFrom: [{kind: ConfigMap, name: x}]\n';
    expect(chainsIn({ ...files, 'apps/release.yaml': flux('./charts/app', from + values) })).toEqual([
      'apps/release.yaml undefined/undefined -',
    ]);
    expect(
      chainsIn({
        ...files,
        'apps/release.yaml': flux('./charts/app', from + values.replace('    serviceAccount:\n', '    serviceAccount:\n      name: app\n')),
      }),
    ).toEqual(['apps/release.yaml shop/app -']);
  });

  it('is none of the repository where its source is a Helm repository', () => {
    const remote = flux('app', values).replace('GitRepository', 'HelmRepository');
    expect(chainsIn({ 'app/values.yaml': named, 'apps/release.yaml': remote })).toEqual(['apps/release.yaml shop/undefined -']);
  });
});

describe('a chart that Kustomize inflates', () => {
  const chart = (more: string) => `helmCharts:\n- name: app\n  releaseName: rel\n  namespace: shop\n${more}`;

  it('has its values files, those inline, and the names that the kustomization gives', () => {
    const files = { 'k/charts/app/values.yaml': named, 'k/prod.yaml': annotated };
    expect(chainsIn({ ...files, 'k/kustomization.yaml': chart('  valuesFile: prod.yaml\n') })).toEqual(['k/prod.yaml shop/app -']);
    expect(
      chainsIn({ ...files, 'k/kustomization.yaml': `namespace: team\nnamePrefix: x-\n${chart('  additionalValuesFiles: [prod.yaml]\n')}` }),
    ).toEqual(['k/prod.yaml team/x-app -']);
    expect(
      chainsIn({ 'k/charts/app/values.yaml': annotated, 'k/kustomization.yaml': chart('  valuesInline: {serviceAccount: {name: app}}\n') }),
    ).toEqual(['k/charts/app/values.yaml shop/app k']);
  });

  it('is looked for where it is said to be', () => {
    const globals = 'helmGlobals: {chartHome: ../charts}\n';
    expect(chainsIn({ 'charts/app/values.yaml': annotated + '  name: app\n', 'k/kustomization.yaml': globals + chart('') })).toEqual([
      'charts/app/values.yaml shop/app k',
    ]);
    expect(chainsIn({ 'k/charts/app/values.yaml': annotated + '  name: app\n', 'k/kustomization.yaml': globals + chart('') })).toEqual([
      'k/charts/app/values.yaml undefined/app -',
    ]);
  });
});

describe('a release of helmfile', () => {
  const release = (more: string) => `releases:\n- name: rel\n  namespace: shop\n  chart: ./charts/app\n${more}`;

  it('has its values files, those inline and what is set', () => {
    const files = { 'charts/app/values.yaml': named, 'env/prod.yaml': annotated };
    expect(chainsIn({ ...files, 'helmfile.yaml': release('  values: [env/prod.yaml]\n') })).toEqual([
      'env/prod.yaml shop/app helmfile release rel',
    ]);
    expect(
      chainsIn({ ...files, 'helmfile.yaml': release('  values: [env/prod.yaml]\n  set: [{name: serviceAccount.name, value: other}]\n') }),
    ).toEqual(['env/prod.yaml shop/other helmfile release rel']);
    const inline = release(`  values:\n  - serviceAccount: {annotations: {${note}: "${arn}"}}\n`);
    expect(chainsIn({ 'charts/app/values.yaml': named, 'helmfile.yaml': inline })).toEqual(['helmfile.yaml shop/app -']);
  });

  it('is one for each environment that its paths name', () => {
    const files = { 'charts/app/values.yaml': named, 'env/dev.yaml': annotated, 'env/prod.yaml': annotated };
    const text = `environments: {dev: {}, prod: {}}\n${release('  values: ["env/{{ .Environment.Name }}.yaml"]\n').replace('namespace: shop', 'namespace: "shop-{{ .Environment.Name }}"')}`;
    expect(chainsIn({ ...files, 'helmfile.yaml': text })).toEqual([
      'env/dev.yaml shop-dev/app helmfile release rel',
      'env/prod.yaml shop-prod/app helmfile release rel',
    ]);
  });
});

describe('what is refused', () => {
  it('is found in the file that asks, and names the Application', () => {
    const workspace = workspaceOf({
      'charts/app/values.yaml': named,
      'charts/app/prod.yaml': annotated,
      'argocd/app.yaml': argoSource('      valueFiles: [prod.yaml]\n'),
      'iam/demo-role.json': trust('shop:other'),
    });
    expect(
      workspace.check(uriOf('charts/app/prod.yaml')).map(({ rule, level, message }) => `${rule} ${level} ${message.split('\n')[0]}`),
    ).toEqual(['subject-mismatch error In Argo CD Application demo, the trust policy of demo-role allows shop/other, not shop/app.']);
  });

  it('is nothing where all fits', () => {
    const workspace = workspaceOf({
      'charts/app/values.yaml': named,
      'charts/app/prod.yaml': annotated,
      'argocd/app.yaml': argoSource('      valueFiles: [prod.yaml]\n'),
      'iam/demo-role.json': trust('shop:app'),
    });
    for (const path of ['charts/app/values.yaml', 'charts/app/prod.yaml', 'argocd/app.yaml', 'iam/demo-role.json'])
      expect([path, workspace.check(uriOf(path))]).toEqual([path, []]);
  });
});

describe('very many releases', () => {
  it('cost no more than they say', () => {
    const item = (i: number) =>
      `- name: r${i}\n  namespace: n${i}\n  chart: ./charts/app\n  values:\n  - serviceAccount: {name: a${i}, annotations: {${note}: "${arn}"}}\n`;
    const files = {
      'charts/app/values.yaml': named,
      'helmfile.yaml': `releases:\n${Array.from({ length: 2000 }, (_, i) => item(i)).join('')}`,
    };
    const chains = chainsIn(files);
    expect(chains).toHaveLength(2000);
    expect(chains).toContain('helmfile.yaml n1999/a1999 -');
  });
});
