import { describe, expect, it } from 'vitest';
import { deployment, trust, uriOf, workspaceOf } from '../wiring/build';

const sa = (role = 'arn:aws:iam::111122223333:role/demo-role', name = 'app', namespace = '') =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n${namespace}  annotations:\n    eks.amazonaws.com/role-arn: ${role}\n`;
const flux = (spec: string, name = 'apps') =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec:\n  interval: 1h\n  sourceRef: {kind: GitRepository, name: flux-system}\n  path: ${spec}`;
const argo = (source: string, namespace = 'n') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: demo, namespace: argocd}\nspec:\n  destination: {namespace: ${namespace}, server: https://kubernetes.default.svc}\n  source:\n    repoURL: https://example.com/repo.git\n    path: ${source}`;
const chainsIn = (files: Record<string, string>) =>
  [...workspaceOf(files).wiring.chains()]
    .map(
      (chain) =>
        `${chain.namespace}/${chain.name} ${chain.roleArn?.account.value} ${chain.overlays?.map(({ name }) => name).join('+') ?? '-'} ${chain.workloads.length}`,
    )
    .sort();
const plain = { 'apps/prod/sa.yaml': sa(), 'apps/prod/deploy.yaml': deployment('app', undefined) };

describe('what Flux deploys', () => {
  it('is in its target namespace, a folder of files and a kustomization alike', () => {
    const object = { 'clusters/prod/apps.yaml': flux('./apps/prod\n  targetNamespace: team\n') };
    expect(chainsIn({ ...plain, ...object })).toEqual(['team/app 111122223333 Flux Kustomization apps 1']);
    expect(
      chainsIn({
        ...plain,
        ...object,
        'apps/prod/kustomization.yaml': 'namePrefix: x-\nnamespace: own\nresources: [sa.yaml, deploy.yaml]\n',
      }),
    ).toEqual(['team/x-app 111122223333 Flux Kustomization apps 1']);
  });

  it('has its variables filled in, in names and in the role', () => {
    const files = {
      'apps/sa.yaml': sa('arn:aws:iam::${ACCOUNT}:role/demo-role', '${NAME:=app}-sa', '  namespace: ${NS}\n'),
      'clusters/a.yaml': flux('./apps\n  postBuild:\n    substitute: {ACCOUNT: "111122223333", NS: team}\n'),
    };
    expect(chainsIn(files)).toEqual(['team/app-sa 111122223333 Flux Kustomization apps 0']);
    expect(
      chainsIn({ ...files, 'clusters/a.yaml': flux('./apps\n  postBuild:\n    substituteFrom: [{kind: ConfigMap, name: x}]\n') }),
    ).toEqual(['undefined/undefined ${ACCOUNT} Flux Kustomization apps 0']);
  });

  it('has its patches', () => {
    const patch = `./apps/prod\n  targetNamespace: team\n  patches:\n  - patch: |\n      ${sa('arn:aws:iam::444455556666:role/other').trimEnd().replaceAll('\n', '\n      ')}\n    target: {kind: ServiceAccount}\n`;
    expect(
      chainsIn({
        ...plain,
        'clusters/prod/kustomization.yaml': 'namespace: flux-system\nresources: [apps.yaml]\n',
        'clusters/prod/apps.yaml': flux(patch),
      }),
    ).toEqual(['team/app 444455556666 Flux Kustomization apps 1']);
  });

  it('has the name and the namespace that a patch writes over', () => {
    const patched = (operations: string): string[] =>
      chainsIn({
        ...plain,
        'clusters/prod/apps.yaml': flux(
          `./apps/prod\n  targetNamespace: team\n  patches:\n  - target: {kind: ServiceAccount}\n    patch: |\n${operations}`,
        ),
      });
    const replace = (path: string, value: string) => `      - {op: replace, path: /metadata/${path}, value: ${value}}\n`;
    expect(patched(replace('name', 'renamed'))).toEqual(['team/renamed 111122223333 Flux Kustomization apps 1']);
    // What Flux' target namespace writes over comes after patches.
    expect(patched(replace('namespace', 'other') + replace('name', 'renamed'))).toEqual([
      'team/renamed 111122223333 Flux Kustomization apps 1',
    ]);
    expect(patched(replace('name', '"${NAME}"'))).toEqual(['team/undefined 111122223333 Flux Kustomization apps 0']);
    const workspace = workspaceOf({
      ...plain,
      'clusters/prod/apps.yaml': flux(
        `./apps/prod\n  targetNamespace: team\n  patches:\n  - target: {kind: ServiceAccount}\n    patch: |\n${replace('name', 'renamed')}`,
      ),
    });
    expect([...workspace.wiring.accountsNamed('renamed', 'team')].map(({ doc }) => doc.uri)).toEqual([uriOf('apps/prod/sa.yaml')]);
  });

  it('is one account for each cluster that takes it', () => {
    const files = {
      ...plain,
      'clusters/a/apps.yaml': flux('./apps/prod\n  targetNamespace: a\n', 'one'),
      'clusters/b/apps.yaml': flux('./apps/prod\n  targetNamespace: b\n', 'two'),
    };
    expect(chainsIn(files)).toEqual(['a/app 111122223333 Flux Kustomization one 1', 'b/app 111122223333 Flux Kustomization two 1']);
  });

  it('is not told by a path that two folders have, nor by the whole repository', () => {
    expect(
      chainsIn({ ...plain, 'clusters/apps/prod/sa.yaml': sa(), 'clusters/x.yaml': flux('./apps/prod\n  targetNamespace: t\n') }).every(
        (chain) => chain.startsWith('undefined/'),
      ),
    ).toBe(true);
    expect(chainsIn({ ...plain, 'clusters/x.yaml': flux('./\n  targetNamespace: t\n') })).toEqual(['undefined/app 111122223333 - 1']);
  });
});

describe('what Argo CD deploys', () => {
  it('is in its destination where nothing else says a namespace', () => {
    expect(chainsIn({ ...plain, 'argocd/app.yaml': argo('apps/prod\n') })).toEqual(['n/app 111122223333 Argo CD Application demo 1']);
    expect(chainsIn({ 'apps/prod/sa.yaml': sa(undefined, 'app', '  namespace: own\n'), 'argocd/app.yaml': argo('apps/prod\n') })).toEqual([
      'own/app 111122223333 Argo CD Application demo 0',
    ]);
  });

  it('has the prefix, suffix and namespace of its kustomize options', () => {
    const files = {
      ...plain,
      'apps/prod/kustomization.yaml': 'resources: [sa.yaml, deploy.yaml]\n',
      'argocd/app.yaml': argo('apps/prod\n    kustomize: {namePrefix: a-, nameSuffix: -z, namespace: k}\n'),
    };
    expect(chainsIn(files)).toEqual(['k/a-app-z 111122223333 Argo CD Application demo 1']);
  });

  it('holds files below only where it is told so, and no chart', () => {
    expect(chainsIn({ 'apps/prod/below/sa.yaml': sa(), 'argocd/app.yaml': argo('apps/prod\n') })).toEqual([
      'undefined/app 111122223333 - 0',
    ]);
    expect(chainsIn({ 'apps/prod/below/sa.yaml': sa(), 'argocd/app.yaml': argo('apps/prod\n    directory: {recurse: true}\n') })).toEqual([
      'n/app 111122223333 Argo CD Application demo 0',
    ]);
    expect(chainsIn({ ...plain, 'argocd/app.yaml': argo('apps/prod\n    helm: {releaseName: x}\n') })).toEqual([
      'undefined/app 111122223333 - 1',
    ]);
  });

  it('does not give its own namespace to the releases of other Applications in it', () => {
    const child =
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: child}\nspec:\n  source:\n    chart: x\n    helm:\n      valuesObject:\n        serviceAccount: {name: app, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/demo-role"}}\n  destination: {namespace: "{{ns}}"}\n';
    expect(chainsIn({ 'apps/prod/child.yaml': child, 'argocd/app.yaml': argo('apps/prod\n', 'argocd') })).toEqual([
      'undefined/app 111122223333 Argo CD Application demo 0',
    ]);
  });

  it('is found to be refused, and the finding names the Application', () => {
    const workspace = workspaceOf({ ...plain, 'argocd/app.yaml': argo('apps/prod\n'), 'iam/demo-role.json': trust('other:app') });
    expect(workspace.check(uriOf('apps/prod/sa.yaml')).map(({ rule, message }) => `${rule} ${message.split('\n')[0]}`)).toEqual([
      'subject-mismatch In Argo CD Application demo, the trust policy of demo-role allows other/app, not n/app.',
    ]);
  });
});
