import { describe, expect, it } from 'vitest';
import { accounts, annotations, only, read, workloads } from './support';

const role = 'arn:aws:iam::111122223333:role/demo-role';
const described = (text: string, name: string) =>
  only(read(text, name), 'kustomization').map((fact) => ({
    namespace: fact.namespace?.value,
    prefix: fact.namePrefix?.value,
    suffix: fact.nameSuffix?.value,
    resources: fact.resources.map((text) => text.value),
  }));

describe('a kustomization', () => {
  it('tells what it writes over and what it takes', () => {
    const text = `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: prod\nnamePrefix: a-\nnameSuffix: -b\nresources:\n- ../base\n- sa.yaml\nbases: [old]\ncomponents: [c]\n`;
    expect(described(text, 'x.yaml')).toEqual([
      { namespace: 'prod', prefix: 'a-', suffix: '-b', resources: ['../base', 'sa.yaml', 'old', 'c'] },
    ]);
  });

  it('may be named by its file alone', () => {
    expect(described('namespace: prod\n', 'o/kustomization.yaml')).toEqual([
      { namespace: 'prod', prefix: undefined, suffix: undefined, resources: [] },
    ]);
    expect(described('namespace: prod\n# ServiceAccount\n', 'o/values.yaml')).toEqual([]);
    expect(described('namespace: prod\n', 'o/my-kustomization.yaml')).toEqual([]);
  });

  it("is not Flux's object of that kind", () => {
    expect(
      described(
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: flux-system}\nspec: {targetNamespace: b}\n',
        'o/kustomization.yaml',
      ),
    ).toEqual([]);
  });
});

describe('patches within a kustomization', () => {
  const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';

  it('are read as the objects they mend', () => {
    const patch = `apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: demo-sa\n      annotations:\n        eks.amazonaws.com/role-arn: ${role}\n`;
    expect(accounts(`${head}patches:\n- patch: |\n    ${patch}- path: other.yaml\n`)).toEqual([`manifest ?/demo-sa ${role}`]);
    expect(accounts(`${head}patchesStrategicMerge:\n- |-\n    ${patch}- other.yaml\n`)).toEqual([`manifest ?/demo-sa ${role}`]);
    expect(
      accounts(
        `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec:\n  patches:\n  - patch: |\n    ${patch.replaceAll('\n  ', '\n    ').replace(/^/, '  ')}`,
      ),
    ).toEqual([`manifest ?/demo-sa ${role}`]);
    expect(accounts(`patches:\n- patch: |\n    ${patch}`, 'o/kustomization.yml')).toEqual([`manifest ?/demo-sa ${role}`]);
  });

  it('are read as JSON operations, in their place where the target says it', () => {
    const operations = `- op: add\n      path: /metadata/annotations/eks.amazonaws.com~1role-arn\n      value: ${role}\n`;
    const text = `${head}patches:\n- patch: |-\n    ${operations}  target:\n    kind: ServiceAccount\n    name: demo-sa\n`;
    expect(accounts(text)).toEqual([`manifest ?/demo-sa ${role}`]);
    const [fact] = only(read(text), 'annotation');
    expect(fact).toMatchObject({
      place: 'service-account',
      key: { value: 'eks.amazonaws.com/role-arn' },
      owner: { kind: 'ServiceAccount' },
    });
    expect(text.slice(fact!.key.span.start, fact!.key.span.end)).toBe('eks.amazonaws.com~1role-arn');
    expect(text.slice(fact!.valueSpan.start, fact!.valueSpan.end)).toBe(role);
    expect(accounts(text.replace('name: demo-sa', 'name: .*'))).toEqual([`manifest ?/? ${role}`]);
    expect(annotations(text.replace('kind: ServiceAccount', 'kind: Deployment'))).toEqual([`unknown eks.amazonaws.com/role-arn=${role}`]);
    expect(
      annotations(`- op: replace\n  path: /metadata/annotations/eks.amazonaws.com~1role-arn\n  value: ${role}\n`, 'patch.yaml'),
    ).toEqual([`unknown eks.amazonaws.com/role-arn=${role}`]);
  });

  it('leave files that they name alone', () => {
    expect(workloads(`${head}patches:\n- path: deployment.yaml\n- deployment.yaml\n`)).toEqual([]);
  });
});
