import { describe, expect, it } from 'vitest';
import { accounts, annotations, only, read } from './support';

const role = 'arn:aws:iam::111122223333:role/demo-role';
const note = `eks.amazonaws.com/role-arn: ${role}`;

describe('chart values', () => {
  it.each([
    ['serviceAccount', `serviceAccount:\n  create: true\n  name: a\n  annotations:\n    ${note}\n`, [`values ?/a ${role}`]],
    [
      'serviceAccounts by name',
      `serviceAccounts:\n  server:\n    annotations:\n      ${note}\n  alertmanager:\n    name: b\n    annotations: {}\n`,
      [`values ?/? ${role}`, 'values ?/b -'],
    ],
    ['rbac.serviceAccount', `rbac:\n  create: true\n  serviceAccount:\n    annotations:\n      ${note}\n`, [`values ?/? ${role}`]],
    ['rbac.serviceAccountAnnotations', `rbac:\n  serviceAccountAnnotations:\n    ${note}\n`, [`values ?/? ${role}`]],
    ['a component', `controller:\n  deep:\n    serviceAccount:\n      annotations:\n        ${note}\n`, [`values ?/? ${role}`]],
    [
      'several under one',
      `serviceAccount:\n  operator:\n    name: keda\n    annotations:\n      ${note}\n  metrics:\n    annotations: {}\n`,
      [`values ?/keda ${role}`, 'values ?/? -'],
    ],
    [
      'a list',
      `serviceAccounts:\n  - name: a\n    namespace: n\n    annotations:\n      ${note}\n  - name: b\n`,
      [`values n/a ${role}`, 'values ?/b -'],
    ],
    ['text for a template', `server:\n  serviceAccount:\n    annotations: |\n      ${note}\n`, [`values ?/? ${role}`]],
    ['another name of the map', `serviceAccount:\n  name: a\n  customAnnotations:\n    ${note}\n`, [`values ?/a ${role}`]],
    [
      'a parameter of helmfile',
      `releases:\n  - name: r\n    set:\n      - name: serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn\n        value: ${role}\n`,
      [`values ?/? ${role}`],
    ],
    ['an account made elsewhere', 'serviceAccount:\n  create: false\n  name: a\n', []],
    ['a bare name', 'serviceAccount: a\nserviceAccountName: b\n', []],
    [
      'a JSON schema',
      '{"properties": {"serviceAccount": {"properties": {"annotations": {"type": "object"}, "name": {"type": "string"}}}}}',
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(accounts(text, text.startsWith('{') ? 'values.schema.json' : 'values.yaml')).toEqual(expected);
    if (expected.join().includes(role)) expect(annotations(text)).toEqual([`service-account eks.amazonaws.com/role-arn=${role}`]);
  });

  it('lead with the key, whose map takes annotations', () => {
    const text = `server:\n  serviceAccount:\n    annotations:\n      ${note}\n`;
    const [fact] = only(read(text, 'values.yaml'), 'serviceAccount');
    expect(text.slice(fact!.head.start, fact!.head.end)).toBe('serviceAccount');
    expect(fact!.insertAnnotation).toEqual({ offset: text.length - 1, indent: 6, needsKey: false });
  });

  it('leave the place of the annotation open elsewhere', () => {
    expect(annotations(`commonAnnotations:\n  ${note}\n`, 'values.yaml')).toEqual([`unknown eks.amazonaws.com/role-arn=${role}`]);
    expect(annotations(`metadata:\n  annotations:\n    ${note}\n`)).toEqual([`unknown eks.amazonaws.com/role-arn=${role}`]);
    expect(
      annotations(
        `nodeSelector:\n  eks.amazonaws.com/nodegroup: a\n  eks.amazonaws.com/instance-category: b\nrole_arn: c\n`,
        'values.yaml',
      ),
    ).toEqual([]);
  });

  it('pass podAnnotations on to pods', () => {
    expect(annotations(`app:\n  podAnnotations:\n    ${note}\n`, 'values.yaml')).toEqual([
      `pod-template eks.amazonaws.com/role-arn=${role}`,
    ]);
  });

  it('show annotations beside the map and in labels', () => {
    expect(annotations(`serviceAccount:\n  ${note}\n`, 'values.yaml')).toEqual([`beside-annotations eks.amazonaws.com/role-arn=${role}`]);
    expect(annotations(`serviceAccount:\n  labels:\n    ${note}\n`, 'values.yaml')).toEqual([
      `service-account-labels eks.amazonaws.com/role-arn=${role}`,
    ]);
  });

  it('may have a kind that is a setting', () => {
    expect(accounts(`kind: DaemonSet\nserviceAccount:\n  annotations:\n    ${note}\n`, 'values.yaml')).toEqual([`values ?/? ${role}`]);
  });
});

describe('custom resources', () => {
  const object = (spec: string) => `apiVersion: example.io/v1\nkind: Database\nmetadata:\n  name: db\n  namespace: n\nspec:\n${spec}`;

  it.each([
    ['serviceAccountTemplate', `  serviceAccountTemplate:\n    metadata:\n      annotations:\n        ${note}\n`],
    ['serviceAccount', `  serviceAccount:\n    annotations:\n      ${note}\n`],
    [
      'serviceAccount.metadata',
      `  kafka:\n    template:\n      serviceAccount:\n        metadata:\n          annotations:\n            ${note}\n`,
    ],
  ])('make accounts by %s', (_, spec) => {
    expect(accounts(object(spec))).toEqual([`values ?/? ${role}`]);
    expect(annotations(object(spec))).toEqual([`service-account eks.amazonaws.com/role-arn=${role}`]);
  });

  it('only refer to an account by its name', () => {
    expect(read(object('  auth:\n    serviceAccount:\n      name: a\n    serviceAccountRef:\n      name: b\n'))).toEqual([]);
  });
});

describe('releases', () => {
  const values = `serviceAccount:\n            annotations:\n              ${note}\n`;
  const argo = (helm: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\nspec:\n  source:\n    helm:\n${helm}`;

  it.each([
    ['Argo CD, text', argo(`        values: |\n          ${values}`)],
    ['Argo CD, map', argo(`        valuesObject:\n          ${values}`)],
    [
      'Argo CD, parameters',
      argo(
        `        parameters:\n        - name: "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"\n          value: ${role}\n`,
      ),
    ],
    [
      'Argo CD, several sources',
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  sources:\n  - helm:\n        values: |\n          ${values}`,
    ],
    [
      'Argo CD, a set',
      `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  template:\n    spec:\n      source:\n        helm:\n          valuesObject:\n            x: {{ y }}\n            ${values.replaceAll('\n  ', '\n    ')}`,
    ],
    ['Flux', `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r}\nspec:\n        values:\n          ${values}`],
    [
      'k3s',
      `apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {name: r}\nspec:\n        valuesContent: |-\n          ${values}`,
    ],
    [
      'k3s, set',
      `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: r}\nspec:\n  set:\n    serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn: ${role}\n`,
    ],
    ['Crossplane', `apiVersion: helm.crossplane.io/v1beta1\nkind: Release\nspec:\n  forProvider:\n        values:\n          ${values}`],
  ])('%s', (_, text) => {
    expect(accounts(text)).toEqual([`values ?/? ${role}`]);
    const facts = only(read(text), 'annotation');
    expect(facts.map((fact) => `${fact.place} ${fact.key.value}`)).toEqual(['service-account eks.amazonaws.com/role-arn']);
    const { valueSpan, key } = facts[0]!;
    expect(text.slice(valueSpan.start, valueSpan.end)).toBe(role);
    expect(text.slice(key.span.start, key.span.end).replaceAll('\\', '')).toBe('eks.amazonaws.com/role-arn');
  });
});

describe('helmfile', () => {
  it('says the namespace of what the values of a release make', () => {
    const release = (name: string, namespace: string) =>
      `- name: ${name}\n  chart: x/${name}\n${namespace}  values:\n  - serviceAccount:\n      name: ${name}\n      annotations:\n        ${note}\n`;
    expect(accounts(`releases:\n${release('a', '  namespace: one\n')}${release('b', '')}`)).toEqual([
      `values one/a ${role}`,
      `values ?/b ${role}`,
    ]);
    expect(accounts(`releases:\n- serviceAccount:\n    name: c\n    annotations:\n      ${note}\n`)).toEqual([`values ?/c ${role}`]);
  });
});
