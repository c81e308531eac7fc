import { describe, expect, it } from 'vitest';
import { account, accountIn, deployment, joinsOf, workspaceOf } from './build';

const kustomization = (text: string) => text;
const namespaceOf = (files: Record<string, string>, path: string) => {
  const workspace = workspaceOf(files);
  return workspace.wiring.namespaceOf(accountIn(workspace, path));
};

describe('the namespace of an object', () => {
  const base = { 'base/kustomization.yaml': kustomization('resources: [sa.yaml]\n'), 'base/sa.yaml': account('a', 'own', 'r') };

  it.each<[string, Record<string, string>, string | undefined]>([
    ['its own', { 'base/sa.yaml': account('a', 'own', 'r') }, 'own'],
    ['unknown without one', { 'base/sa.yaml': account('a', undefined, 'r') }, undefined],
    ['unknown in a template', { 'base/sa.yaml': account('a', '{{ .Release.Namespace }}', 'r') }, undefined],
    ['its own, with a kustomization that sets none', base, 'own'],
    ["its kustomization's", { ...base, 'base/kustomization.yaml': 'namespace: k\nresources: [sa.yaml]\n' }, 'k'],
    ['that of the one overlay', { ...base, 'overlays/dev/kustomization.yaml': 'namespace: dev\nresources: [../../base]\n' }, 'dev'],
    [
      'that of the outermost',
      {
        ...base,
        'mid/kustomization.yaml': 'namespace: mid\nresources: [../base]\n',
        'top/kustomization.yaml': 'namespace: top\nresources: [../mid/]\n',
      },
      'top',
    ],
    [
      'that of the middle one where the outermost sets none',
      { ...base, 'mid/kustomization.yaml': 'namespace: mid\nbases: [../base]\n', 'top/kustomization.yaml': 'resources: [../mid]\n' },
      'mid',
    ],
    [
      'unknown with two overlays',
      {
        ...base,
        'a/kustomization.yaml': 'namespace: a\nresources: [../base]\n',
        'b/kustomization.yaml': 'namespace: b\nresources: [../base]\n',
      },
      undefined,
    ],
    [
      'known with two overlays that agree',
      {
        ...base,
        'a/kustomization.yaml': 'namespace: same\nresources: [../base]\n',
        'b/kustomization.yaml': 'namespace: same\nresources: [../base]\n',
      },
      'same',
    ],
    [
      'unknown where one of two overlays leaves it',
      { ...base, 'a/kustomization.yaml': 'namespace: a\nresources: [../base]\n', 'b/kustomization.yaml': 'resources: [../base]\n' },
      undefined,
    ],
    ['unknown where a variable sets it', { ...base, 'a/kustomization.yaml': 'namespace: ${NS}\nresources: [../base]\n' }, undefined],
    [
      'that of the kustomization that names it as a patch',
      {
        'o/kustomization.yaml': 'namespace: o\nresources: [../b]\npatches:\n- path: ../base/sa.yaml\n',
        'base/sa.yaml': account('a', 'own', 'r'),
      },
      'o',
    ],
    [
      'that of the kustomization that names it in the older way',
      { 'o/kustomization.yaml': 'namespace: o\npatchesStrategicMerge:\n- ../base/sa.yaml\n', 'base/sa.yaml': account('a', undefined, 'r') },
      'o',
    ],
    [
      'its own where a kustomization above, which does not list it, sets the same',
      { 'kustomization.yaml': 'namespace: own\nresources: [x.yaml]\n', 'base/sa.yaml': account('a', 'own', 'r') },
      'own',
    ],
    [
      'unknown where a kustomization above, which does not list it, sets another',
      { 'kustomization.yaml': 'namespace: k\nresources: [x.yaml]\n', 'base/sa.yaml': account('a', 'own', 'r') },
      undefined,
    ],
    [
      'its own far from a kustomization',
      {
        'o/kustomization.yaml': 'namespace: o\nresources: [other.yaml]\n',
        'base/sa.yaml': account('a', 'own', 'r'),
        'o/sa.yaml': account('a', 'own', 'r'),
      },
      'own',
    ],
    [
      'that of a cluster in pod-roles.yaml',
      { 'pod-roles.yaml': 'clusters: [{name: c, paths: [base], namespace: cluster-ns}]', 'base/sa.yaml': account('a', undefined, 'r') },
      'cluster-ns',
    ],
    [
      'unknown where two clusters differ',
      {
        'pod-roles.yaml': 'clusters: [{name: c, paths: [base], namespace: x}, {name: d, paths: ["**"]}]',
        'base/sa.yaml': account('a', undefined, 'r'),
      },
      undefined,
    ],
    [
      'known through kustomizations that take each other',
      { ...base, 'x/kustomization.yaml': 'namespace: x\nresources: [../base, ../y]\n', 'y/kustomization.yaml': 'resources: [../x]\n' },
      'x',
    ],
  ])('is %s', (_, files, expected) => {
    expect(namespaceOf(files, 'base/sa.yaml')).toBe(expected);
  });

  it('is unknown in a patch beside a kustomization that sets another', () => {
    expect(
      namespaceOf({ 'o/kustomization.yaml': 'namespace: o\nresources: [../b]\n', 'o/sa.yaml': account('a', 'own', 'r') }, 'o/sa.yaml'),
    ).toBeUndefined();
  });

  it('survives a tower of kustomizations', () => {
    const files: Record<string, string> = { 'k0/sa.yaml': account('a', 'own', 'r'), 'k0/kustomization.yaml': 'resources: [sa.yaml]\n' };
    for (let i = 1; i < 400; i++) files[`k${i}/kustomization.yaml`] = `resources: [../k${i - 1}]\n`;
    expect(() => namespaceOf(files, 'k0/sa.yaml')).not.toThrow();
  });

  it('survives kustomizations that all take each other', () => {
    const files: Record<string, string> = { 'k0/sa.yaml': account('a', 'own', 'r') };
    for (let i = 0; i < 40; i++)
      files[`k${i}/kustomization.yaml`] = `resources: [sa.yaml, ${Array.from({ length: 40 }, (_, j) => `../k${j}`).join(', ')}]\n`;
    expect(() => namespaceOf(files, 'k0/sa.yaml')).not.toThrow();
  });
});

describe('the name of an account', () => {
  const nameIn = (files: Record<string, string>, path: string) => {
    const workspace = workspaceOf(files);
    return workspace.wiring.chainOf(accountIn(workspace, path))?.name;
  };
  const sa = account('a', 'n', 'r');

  it.each<[string, string, string | undefined]>([
    ['is its own', 'resources: [sa.yaml]\n', 'a'],
    ['has the prefix', 'namePrefix: x-\nresources: [sa.yaml]\n', 'x-a'],
    ['has prefix and suffix', 'namePrefix: x-\nnameSuffix: -y\nresources: [sa.yaml]\n', 'x-a-y'],
    ['is unknown with a prefix and a plugin', 'namePrefix: x-\ntransformers: [t.yaml]\nresources: [sa.yaml]\n', undefined],
    ['is unknown with a suffix of a variable', 'nameSuffix: ${X}\nresources: [sa.yaml]\n', undefined],
    ['is its own as a patch', 'patches: [{path: sa.yaml}]\n', 'a'],
    ['counts for nothing as a patch with a target', 'patches: [{path: sa.yaml, target: {kind: ServiceAccount}}]\n', undefined],
    ['is unknown beside a kustomization with a prefix that does not list it', 'namePrefix: x-\nresources: [y.yaml]\n', undefined],
  ])('%s', (_, text, expected) => {
    expect(nameIn({ 'app/kustomization.yaml': text, 'app/sa.yaml': sa }, 'app/sa.yaml')).toBe(expected);
  });

  it('and its namespace, in a patch within a kustomization, are of that build', () => {
    const patch =
      'apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: a\n      annotations:\n        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/r\n';
    const text = `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: k\nresources: [../base]\npatches:\n- patch: |\n    ${patch}`;
    const workspace = workspaceOf({ 'o/kustomization.yaml': text });
    const chain = workspace.wiring.chainOf(accountIn(workspace, 'o/kustomization.yaml'));
    expect([chain?.namespace, chain?.name]).toEqual(['k', 'a']);
  });
});

describe('workloads and accounts', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['join in one namespace', { 'k8s/sa.yaml': account('a', 'n', 'r'), 'app/deploy.yaml': deployment('a', 'n') }, ['k8s/sa.yaml#a']],
    ['do not join across namespaces', { 'k8s/sa.yaml': account('a', 'n', 'r'), 'app/deploy.yaml': deployment('a', 'm') }, []],
    ['do not join by part of a name', { 'k8s/sa.yaml': account('a', 'n', 'r'), 'app/deploy.yaml': deployment('aa', 'n') }, []],
    [
      'join in one folder without namespaces',
      { 'app/sa.yaml': account('a', undefined, 'r'), 'app/deploy.yaml': deployment('a', undefined) },
      ['app/sa.yaml#a'],
    ],
    [
      'do not join across folders without namespaces',
      { 'k8s/sa.yaml': account('a', undefined, 'r'), 'app/deploy.yaml': deployment('a', undefined) },
      [],
    ],
    [
      'do not join where only one namespace is known',
      { 'app/sa.yaml': account('a', 'n', 'r'), 'app/deploy.yaml': deployment('a', undefined) },
      [],
    ],
    ['do not join across environments', { 'dev/sa.yaml': account('a', 'n', 'r'), 'prod/deploy.yaml': deployment('a', 'n') }, []],
    [
      'join through a kustomization',
      {
        'app/kustomization.yaml': 'namespace: k\nresources: [sa.yaml, deploy.yaml]\n',
        'app/sa.yaml': account('a', 'n', 'r'),
        'app/deploy.yaml': deployment('a', undefined),
      },
      ['app/sa.yaml#a'],
    ],
    [
      'join a base with each overlay',
      {
        'base/deploy.yaml': deployment('a', 'n'),
        'overlays/dev/sa.yaml': account('a', 'n', 'r'),
        'overlays/prod/sa.yaml': account('a', 'n', 's'),
      },
      ['overlays/dev/sa.yaml#a', 'overlays/prod/sa.yaml#a'],
    ],
    [
      'join by the same expression in one chart',
      {
        'c/templates/sa.yaml': account('{{ .Values.sa }}', undefined, 'r'),
        'c/templates/deploy.yaml': deployment('"{{ .Values.sa }}"', undefined),
      },
      ['c/templates/sa.yaml#undefined'],
    ],
    [
      'take the account default where none is named',
      { 'k8s/sa.yaml': account('default', 'n', 'r'), 'k8s/deploy.yaml': deployment('', 'n') },
      ['k8s/sa.yaml#default'],
    ],
  ])('%s', (_, files, expected) => {
    expect(Object.values(joinsOf(workspaceOf(files)))).toEqual([expected]);
  });
});
