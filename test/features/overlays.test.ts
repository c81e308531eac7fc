import { describe, expect, it } from 'vitest';
import { accessMap } from '../../server/src/core/features/accessMap';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { explainAt } from '../../server/src/core/features/explainAt';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { accountIn, deployment, trust, uriOf, workspaceOf } from '../wiring/build';

const sa = (role?: string, name = 'app') =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n${role ? `  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/${role}\n` : ''}`;
const overlay = (env: string, more = '') =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: ${env}\nnameSuffix: -${env}\nresources: [../../base]\n${more}`;
const base = {
  'app/base/kustomization.yaml': 'resources: [sa.yaml, deploy.yaml]\n',
  'app/base/sa.yaml': sa('demo-role'),
  'app/base/deploy.yaml': deployment('app', undefined),
};
const three = {
  ...base,
  ...Object.fromEntries(['dev', 'staging', 'prod'].map((env) => [`app/overlays/${env}/kustomization.yaml`, overlay(env)])),
  'iam/demo-role.json': trust('dev:app-dev'),
};

const chainsIn = (files: Record<string, string>) =>
  [...workspaceOf(files).wiring.chains()]
    .map(
      (chain) =>
        `${chain.namespace}/${chain.name} ${chain.roleArn?.name.value} ${chain.overlays?.map(({ name }) => name).join('+') ?? '-'} ${chain.workloads.length}`,
    )
    .sort();

describe('the chains of a base account', () => {
  it('are one for each overlay, with the workloads of each', () => {
    expect(chainsIn(three)).toEqual([
      'dev/app-dev demo-role overlays/dev 1',
      'prod/app-prod demo-role overlays/prod 1',
      'staging/app-staging demo-role overlays/staging 1',
    ]);
  });

  it('are those of the patches where every overlay has its own role', () => {
    const patch = (env: string) =>
      `patches:\n- target: {kind: ServiceAccount}\n  patch: |\n    - {op: add, path: /metadata/annotations, value: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/${env}-role"}}\n`;
    const files = {
      ...base,
      'app/base/sa.yaml': sa(),
      ...Object.fromEntries(['dev', 'prod'].map((env) => [`app/overlays/${env}/kustomization.yaml`, overlay(env, patch(env))])),
    };
    expect(chainsIn(files)).toEqual(['dev/app-dev dev-role overlays/dev 1', 'prod/app-prod prod-role overlays/prod 1']);
  });

  it('are one where overlays come to the same', () => {
    const files = {
      ...base,
      'app/a/kustomization.yaml': 'namespace: n\nresources: [../base]\n',
      'app/b/kustomization.yaml': 'namespace: n\nresources: [../base]\n',
    };
    expect(chainsIn(files)).toEqual(['n/app demo-role a+b 1']);
  });

  it('follow a file that a patch names, a folder, a file without ending and a component of a component', () => {
    const files = {
      ...base,
      'app/base/sa.yaml': sa(),
      'app/mid/Kustomization': 'namePrefix: m-\nresources: [../base/]\n',
      'app/c1/kustomization.yml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\ncomponents: [../c2]\n',
      'app/c2/kustomization.yml': 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\npatches: [{path: sa.yaml}]\n',
      'app/c2/sa.yaml': sa('demo-role'),
      'app/top/kustomization.yaml':
        'namespace: t\nlabels: [{pairs: {a: b}}]\ngeneratorOptions: {disableNameSuffixHash: true}\nconfigurations: [c.yaml]\nresources: [../mid]\ncomponents: [../c1]\n',
    };
    expect(chainsIn(files)).toEqual(['t/m-app-c demo-role top 1']);
  });

  it('have the name that a patch writes, and lose what a selector chooses', () => {
    const rename =
      'patches:\n- target: {kind: ServiceAccount, name: app}\n  patch: |\n    - {op: replace, path: /metadata/name, value: other}\n';
    expect(chainsIn({ ...base, 'app/overlays/x/kustomization.yaml': overlay('x', rename) })).toEqual(['x/other-x demo-role overlays/x 1']);
    expect(
      chainsIn({ ...base, 'app/overlays/x/kustomization.yaml': overlay('x', rename.replace('value: other', 'value: "${NAME}"')) }),
    ).toEqual(['x/undefined demo-role overlays/x 0']);
    const select =
      'patches:\n- target: {kind: ServiceAccount, annotationSelector: a=b}\n  patch: |\n    - {op: remove, path: /metadata/annotations/eks.amazonaws.com~1role-arn}\n';
    expect(chainsIn({ ...base, 'app/overlays/x/kustomization.yaml': overlay('x', select) })).toEqual([
      'undefined/undefined demo-role overlays/x 1',
    ]);
  });

  it('have the audience that a patch sets', () => {
    const audience =
      'patches:\n- patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata: {name: app, annotations: {eks.amazonaws.com/audience: other.example}}\n';
    const [chain] = [...workspaceOf({ ...base, 'app/overlays/x/kustomization.yaml': overlay('x', audience) }).wiring.chains()];
    expect(chain?.audience?.value?.value).toBe('other.example');
  });

  it('change with the files they are made of', () => {
    const workspace = workspaceOf(three);
    const names = () => [...workspace.wiring.chains()].map(({ name }) => name).sort();
    expect(names()).toEqual(['app-dev', 'app-prod', 'app-staging']);
    workspace.load(uriOf('app/base/sa.yaml'), sa('demo-role', 'api'));
    expect(names()).toEqual(['api-dev', 'api-prod', 'api-staging']);
    workspace.remove(uriOf('app/overlays/staging/kustomization.yaml'));
    expect(names()).toEqual(['api-dev', 'api-prod']);
    workspace.load(uriOf('app/overlays/prod/kustomization.yaml'), overlay('prod', 'namePrefix: x-\n'));
    expect(names()).toEqual(['api-dev', 'x-api-prod']);
  });

  it('survive overlays that take each other through components', () => {
    const files: Record<string, string> = { 'k0/sa.yaml': sa('demo-role') };
    for (let i = 0; i < 30; i++)
      files[`k${i}/kustomization.yaml`] =
        `resources: [sa.yaml, ../k${(i + 1) % 30}]\ncomponents: [../k${(i * 7) % 30}, ../k${(i * 11) % 30}]\n`;
    files['top/kustomization.yaml'] = 'resources: [../k0]\n';
    expect(() => chainsIn(files)).not.toThrow();
  });
});

describe('overlays are named', () => {
  it('by a lens on the base', () => {
    const [lens] = lensesOf(workspaceOf(three), uriOf('app/base/sa.yaml'));
    expect(lens?.title).toBe(
      "✗ overlays/prod: subject doesn't match · ✗ overlays/staging: subject doesn't match · ✓ overlays/dev · 1 workload",
    );
  });

  it('by a hover on the account', () => {
    const workspace = workspaceOf({});
    for (const [path, text] of Object.entries(three)) workspace.open(uriOf(path), text);
    const hover = hoverAt(workspace, uriOf('app/base/sa.yaml'), sa().indexOf('app'));
    expect(hover?.markdown).toContain('In overlay overlays/prod it is `prod/app-prod`, annotated with');
  });

  it('by Explain, from the base and from the overlay', () => {
    const workspace = workspaceOf(three);
    const text = (path: string) => JSON.stringify(explainAt(workspace, uriOf(path), undefined));
    expect(text('app/base/sa.yaml')).toContain('Can prod/app-prod assume demo-role?');
    expect(text('app/overlays/staging/kustomization.yaml')).toContain('Kustomize overlay overlays/staging makes it staging/app-staging');
    expect(text('app/overlays/dev/kustomization.yaml')).toContain('"decision":"allowed"');
  });

  it('by the map', () => {
    expect(
      accessMap(workspaceOf(three))
        .map((entry) => `${entry.namespace}/${entry.serviceAccount} ${entry.decision} ${entry.overlays?.join()}`)
        .sort(),
    ).toEqual(['dev/app-dev allowed overlays/dev', 'prod/app-prod denied overlays/prod', 'staging/app-staging denied overlays/staging']);
  });

  it('and a base without them is judged as it stands', () => {
    expect(chainsIn(base)).toEqual(['undefined/app demo-role - 1']);
    expect(accountIn(workspaceOf(base), 'app/base/sa.yaml').name?.value).toBe('app');
  });
});
