import { describe, expect, it } from 'vitest';
import { annotations, only, read, workloads } from './support';
import { podKinds } from '../../server/src/core/readers/kubernetes/podKinds';

/** A document of a kind with something at a path of the table. */
function at(apiVersion: string, kind: string, path: string, leaf: unknown): string {
  const steps = path === '' ? [] : path.split('.').reverse();
  const body = steps.reduce<unknown>(
    (inner, step) => (step.endsWith('[]') ? { [step.slice(0, -2)]: [inner] } : { [step === '*' ? 'Worker' : step]: inner }),
    leaf,
  );
  return JSON.stringify({ apiVersion, kind, metadata: { name: 'n', namespace: 'ns' }, ...(body as object) });
}

describe('every kind of the table', () => {
  for (const row of podKinds) {
    const apiVersion = row.groups[0] === '' ? 'v1' : `${row.groups[0]}/v1`;
    for (const kind of row.kinds) {
      it(`${kind} names its account where the table says`, () => {
        for (const path of row.templates ?? []) {
          const template = {
            metadata: { name: 'n', namespace: 'ns', annotations: { 'eks.amazonaws.com/skip-containers': 'a' } },
            spec: { serviceAccountName: 'sa', containers: [{ name: 'a', image: 'i' }] },
          };
          const text = at(apiVersion, kind, path, template);
          expect(workloads(text, 'a.json'), path).toEqual([`${kind} ns/n sa`]);
          expect(annotations(text, 'a.json'), path).toEqual(['pod-template eks.amazonaws.com/skip-containers=a']);
        }
        for (const path of row.specs ?? []) {
          expect(workloads(at(apiVersion, kind, path, { serviceAccountName: 'sa' }), 'a.json'), path).toEqual([`${kind} ns/n sa`]);
        }
        for (const { at: path, field } of row.accounts ?? []) {
          const text = at(apiVersion, kind, path, { [field]: 'sa' });
          expect(
            only(read(text, 'a.json'), 'workload').map((fact) => `${fact.serviceAccountName?.value} ${fact.field}`),
            path,
          ).toEqual([`sa ${field}`]);
        }
      });
    }
  }
});

const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n${spec}`;
const containers = '  containers: [{name: a, image: i}]\n';

describe('the account of a pod', () => {
  it('is serviceAccountName before its alias, and empty counts as unset', () => {
    expect(workloads(pod(`  serviceAccountName: a\n  serviceAccount: b\n${containers}`))).toEqual(['Pod ?/p a']);
    expect(workloads(pod(`  serviceAccountName: ""\n  serviceAccount: b\n${containers}`))).toEqual(['Pod ?/p b']);
    expect(workloads(pod(`  serviceAccountName: ""\n${containers}`))).toEqual(['Pod ?/p -']);
    expect(workloads(pod(`  serviceAccountName:\n${containers}`))).toEqual(['Pod ?/p -']);
  });

  it('is unknown where a template or a patch leaves it open', () => {
    expect(workloads(pod(`  serviceAccountName: {{ include "sa" . }}\n${containers}`))).toEqual(['Pod ?/p {{ include "sa" . }}']);
    expect(only(read(pod(`  serviceAccountName: {{ include "sa" . }}\n${containers}`)), 'workload')[0]?.open).toBe(true);
    const patch =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p}\nspec:\n  template:\n    spec:\n      # serviceAccountName: in the base\n      containers: [{name: a, env: []}]\n';
    expect(workloads(patch)).toEqual(['Deployment ?/p ?']);
    const conditional = pod(`  {{- if .Values.serviceAccount }}\n  priority: 1\n  {{- end }}\n${containers}`);
    expect(workloads(conditional)).toEqual(['Pod ?/p ?']);
  });

  it('is not told for a Service of the core, nor for kinds that name none', () => {
    expect(workloads('apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {template: {spec: {serviceAccountName: a}}}\n')).toEqual(
      [],
    );
    expect(workloads('kind: Service\nmetadata: {name: s}\nspec: {template: {spec: {serviceAccountName: a}}}\n')).toEqual([]);
    expect(
      workloads(
        'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: s-}\n# serviceAccount\nspec: {templates: []}\n',
      ),
    ).toEqual([]);
  });

  it('of a Workflow is told for the whole and for each template of its own', () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: run-
spec:
  serviceAccountName: all
  templates:
    - name: one
      container: {name: main, env: [{name: AWS_ACCESS_KEY_ID, value: x}]}
    - name: two
      serviceAccountName: special
      script: {image: i, env: [{name: AWS_PROFILE, value: y}]}
`;
    const facts = only(read(text), 'workload');
    expect(facts.map((fact) => fact.serviceAccountName?.value)).toEqual(['all', 'special']);
    expect(facts.map((fact) => fact.containers.flatMap((c) => c.env.map((e) => e.name.value)))).toEqual([
      ['AWS_ACCESS_KEY_ID'],
      ['AWS_PROFILE'],
    ]);
    expect(facts[0]?.name).toBeUndefined();
  });

  it("of a Flink job is not Kubernetes' default where its template names none", () => {
    expect(
      workloads(
        'apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: f}\nspec:\n  serviceAccount: flink\n  podTemplate:\n    spec:\n      containers: [{name: m, image: i}]\n',
      ),
    ).toEqual(['FlinkDeployment ?/f flink']);
  });

  it('is found behind a kind that a template fills in', () => {
    expect(
      workloads(
        'apiVersion: apps/v1\nkind: {{ .Values.kind }}\nmetadata: {name: w}\nspec:\n  template:\n    spec:\n      serviceAccountName: a\n      containers: [{name: m, image: i}]\n',
      ),
    ).toEqual(['Workload ?/w a']);
  });
});

describe('a pod spec', () => {
  it('tells the environment that concerns credentials, and init containers', () => {
    const text = pod(`  serviceAccountName: a
  initContainers:
    - name: init
      image: i
      env: [{name: AWS_ROLE_ARN, value: "arn:aws:iam::111122223333:role/x"}]
  containers:
    - name: main
      image: i
      env:
        - name: AWS_SECRET_ACCESS_KEY
          valueFrom: {secretKeyRef: {name: s, key: k}}
        - name: AWS_REGION
          value: eu-west-1
        - name: AWS_CONTAINER_CREDENTIALS_FULL_URI
          value: http://localhost
        - {name: HOME, value: AWS_PROFILE}
  ephemeralContainers:
    - name: debug
      env: [{name: AWS_PROFILE, value: x}]
`);
    const found = only(read(text), 'workload')[0]!.containers;
    expect(
      found.map(
        (c) =>
          `${c.init ? 'init ' : ''}${c.name?.value}: ${c.env.map((e) => `${e.name.value}=${e.fromSecret ? 'secret' : e.value?.value}`).join(' ')}`,
      ),
    ).toEqual([
      'init init: AWS_ROLE_ARN=arn:aws:iam::111122223333:role/x',
      'main: AWS_SECRET_ACCESS_KEY=secret AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost',
    ]);
    const [entry] = found[1]!.env;
    expect(text.slice(entry!.span.start, entry!.span.end)).toContain('secretKeyRef');
  });

  it('tells tokens of its own, Windows and the label that keeps the webhook away', () => {
    const text = `apiVersion: v1
kind: Pod
metadata:
  name: p
  labels:
    eks.amazonaws.com/skip-pod-identity-webhook: "1"
  annotations:
    eks.amazonaws.com/token-expiration: "600"
spec:
  nodeSelector:
    kubernetes.io/os: windows
  volumes:
    - name: other
      emptyDir: {}
    - name: token
      projected:
        sources:
          - serviceAccountToken: {audience: sts.amazonaws.com, path: token}
  containers: [{name: a, image: i}]
`;
    const [fact] = only(read(text), 'workload');
    expect(fact).toMatchObject({ ownTokenVolume: true, windows: true, skipsWebhook: true, tokenExpiration: { value: { value: '600' } } });
    const plain = only(
      read(pod(`  serviceAccountName: a\n  volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]\n${containers}`)),
      'workload',
    )[0];
    expect(plain).toMatchObject({ ownTokenVolume: false, windows: false, skipsWebhook: false });
  });
});
