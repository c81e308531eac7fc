import { describe, expect, it } from 'vitest';
import { accounts, annotations, only, read, workloads } from './support';

const role = 'arn:aws:iam::111122223333:role/demo-role';
const account = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: ${role}
    eks.amazonaws.com/audience: sts.amazonaws.com
    eks.amazonaws.com/token-expiration: "3600"
    eks.amazonaws.com/sts-regional-endpoints: "true"
    other.example/role: kept out
`;

describe('service accounts', () => {
  it('carry their names and annotations', () => {
    const [fact] = only(read(account), 'serviceAccount');
    expect(fact).toMatchObject({ origin: 'manifest', name: { value: 'demo-sa' }, namespace: { value: 'demo-namespace' }, open: false });
    expect(fact?.roleArn?.value?.value).toBe(role);
    expect(fact?.audience?.value?.value).toBe('sts.amazonaws.com');
    expect(fact?.tokenExpiration?.value?.value).toBe('3600');
    expect(fact?.stsRegionalEndpoints?.value?.value).toBe('true');
    expect(account.slice(fact!.head.start, fact!.head.end)).toBe('kind: ServiceAccount');
    expect(account.slice(fact!.roleArn!.valueSpan.start, fact!.roleArn!.valueSpan.end)).toBe(role);
    expect(annotations(account)).toHaveLength(4);
  });

  it('are the same with CRLF, a BOM, quotes and comments', () => {
    const strange = `\ufeff# note\r\n${account.replace(role, `'${role}' # why`).replaceAll('\n', '\r\n')}`;
    expect(accounts(strange)).toEqual([`manifest demo-namespace/demo-sa ${role}`]);
    const fact = only(read(strange), 'serviceAccount')[0]!;
    const { span } = fact.roleArn!.value!;
    expect(strange.slice(span.start, span.end)).toBe(role);
  });

  it('stand in JSON, alone, in Lists, in typed lists and in arrays', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'a', namespace: 'b', annotations: { 'eks.amazonaws.com/role-arn': role } },
    };
    const { kind: _, apiVersion: __, ...bare } = object;
    const expected = [`manifest b/a ${role}`];
    expect(accounts(JSON.stringify(object), 'a.json')).toEqual(expected);
    expect(accounts(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [object] }, null, 2), 'a.json')).toEqual(expected);
    expect(accounts(JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccountList', items: [bare] }), 'a.json')).toEqual(expected);
    expect(accounts(JSON.stringify([object, object]), 'a.json')).toEqual([...expected, ...expected]);
  });

  it("are no other group's kind of that name", () => {
    expect(accounts(account.replace('apiVersion: v1', 'apiVersion: iam.example.io/v1'))).toEqual([]);
    expect(accounts(account.replace('apiVersion: v1\n', ''))).toHaveLength(1);
    expect(accounts(account.replace('apiVersion: v1', 'apiVersion: {{ include "api" . }}'))).toHaveLength(1);
  });

  it('keep what a template hides unknown', () => {
    const text = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "chart.name" . }}
  namespace: {{ .Release.Namespace }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
`;
    const [fact] = only(read(text, 'templates/sa.yaml'), 'serviceAccount');
    expect(fact?.open).toBe(true);
    expect(fact?.roleArn).toBeUndefined();
    expect(fact?.name?.holes).toHaveLength(1);
    expect(fact?.namespace?.holes).toHaveLength(1);
    expect(fact?.insertAnnotation).toBeUndefined();
  });

  it('share annotations through an anchor; the annotation is told once', () => {
    const text = `kind: ServiceAccount
apiVersion: v1
metadata:
  name: one
  annotations: &shared
    eks.amazonaws.com/role-arn: ${role}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: two
      annotations: &again
        eks.amazonaws.com/role-arn: ${role}
  - apiVersion: v1
    kind: ServiceAccount
    metadata: {name: three, annotations: *again}
  - apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: four
      annotations:
        <<: *again
        other: x
`;
    expect(accounts(text)).toEqual(['one', 'two', 'three', 'four'].map((name) => `manifest ?/${name} ${role}`));
    expect(annotations(text)).toHaveLength(2);
  });

  it('are read from a patch', () => {
    expect(accounts(`kind: ServiceAccount\nmetadata:\n  name: a\n  annotations:\n    eks.amazonaws.com/role-arn: ${role}\n`)).toEqual([
      `manifest ?/a ${role}`,
    ]);
  });
});

describe('the place of an annotation', () => {
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  annotations:
    eks.amazonaws.com/role-arn: on-workload
  labels:
    eks.amazonaws.com/role-arn: in-labels
spec:
  template:
    metadata:
      annotations:
        eks.amazonaws.com/role-arn: on-template
        eks.amazonaws.com/skip-containers: sidecar
      eks.amazonaws.com/role-arn: beside
    spec:
      containers: [{name: a, image: b}]
`;

  it('is told for workloads and templates', () => {
    expect(annotations(deployment)).toEqual([
      'workload eks.amazonaws.com/role-arn=on-workload',
      'other-labels eks.amazonaws.com/role-arn=in-labels',
      'pod-template eks.amazonaws.com/role-arn=on-template',
      'pod-template eks.amazonaws.com/skip-containers=sidecar',
      'beside-annotations eks.amazonaws.com/role-arn=beside',
    ]);
    expect(only(read(deployment), 'workload')[0]?.skipContainers?.value?.value).toBe('sidecar');
  });

  it("is told for a Pod, a CronJob's job, other objects and accounts", () => {
    const annotate = (kind: string, body: string) => annotations(`apiVersion: v1\nkind: ${kind}\n${body}`);
    const mark = 'eks.amazonaws.com/role-arn: x';
    expect(annotate('Pod', `metadata:\n  annotations:\n    ${mark}\n`)).toEqual(['pod-template eks.amazonaws.com/role-arn=x']);
    expect(annotate('ConfigMap', `metadata:\n  annotations:\n    ${mark}\n`)).toEqual(['other-object eks.amazonaws.com/role-arn=x']);
    expect(annotate('ServiceAccount', `metadata:\n  labels:\n    ${mark}\n  ${mark}\n`)).toEqual([
      'service-account-labels eks.amazonaws.com/role-arn=x',
      'beside-annotations eks.amazonaws.com/role-arn=x',
    ]);
    expect(annotate('ServiceAccount', `metadata:\n  name: a\nannotations:\n  ${mark}\n`)).toEqual([
      'beside-annotations eks.amazonaws.com/role-arn=x',
    ]);
    const cron = `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate:\n    metadata:\n      annotations:\n        ${mark}\n`;
    expect(annotations(cron)).toEqual(['workload eks.amazonaws.com/role-arn=x']);
  });

  it.each([
    'eks.amazon.com/role-arn',
    'eks.amazonaws.com/role_arn',
    'eks.amazonaws.com/rolearn',
    'eks.amazonaws.com/role-Arn',
    'iam.amazonaws.com/role',
    'amazonaws.com/role-arn',
    'eks.amazonaws.com/iam-role',
    'role_arn',
    'role-arn',
    'eks.amazonws.com/role-arn',
    'eks.amazonaws.com.role-arn',
    'eks.amazonaws.com/roles-arn',
    'eks.aws.com/role-arn',
    'eks.amazonaws.com/compute-type',
    'eks.amazonaws.com/token-expirations',
  ])('is told for %s, for the rule to judge', (key) => {
    expect(annotations(`# role-arn\n${account.replace('other.example/role', key)}`)).toContain(`service-account ${key}=kept out`);
  });

  it.each([
    'testing.eks.amazonaws.com/serviceAccount/roleArn',
    'external-secrets.io/role-arn',
    'role',
    'service.beta.kubernetes.io/aws-load-balancer-role',
    'iam.gke.io/gcp-service-account',
    'ack.aws.example/role-arn',
    'eks.aws.upbound.io/external-name',
    'vpc.amazonaws.com/pod-eni',
  ])("is not told for %s, which is no one's misspelling", (key) => {
    expect(annotations(account.replace('other.example/role', key))).toHaveLength(4);
  });

  it('knows values that are no strings', () => {
    const text = `kind: ServiceAccount
apiVersion: v1
metadata:
  annotations:
    eks.amazonaws.com/sts-regional-endpoints: true
    eks.amazonaws.com/token-expiration: 3600
    eks.amazonaws.com/audience:
    eks.amazonaws.com/role-arn: [a]
`;
    expect(annotations(text)).toEqual([
      'service-account eks.amazonaws.com/sts-regional-endpoints=true (boolean)',
      'service-account eks.amazonaws.com/token-expiration=3600 (number)',
      expect.stringMatching(/^service-account eks.amazonaws.com\/audience \((missing|null)\)$/),
      'service-account eks.amazonaws.com/role-arn (list)',
    ]);
  });
});

describe('annotations that are no map', () => {
  const broken = (text: string) =>
    only(read(text), 'object').map(
      (fact) => `${fact.objectKind} ${text.slice(fact.brokenAnnotations!.span.start, fact.brokenAnnotations!.span.end)}`,
    );
  const head = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n';

  it('are told for accounts and templates', () => {
    expect(broken(`${head}  annotations:\n    eks.amazonaws.com/role-arn:${role}\n`)).toEqual([
      `ServiceAccount eks.amazonaws.com/role-arn:${role}`,
    ]);
    expect(broken(`apiVersion: v1\nkind: Pod\nmetadata:\n  annotations: "eks.amazonaws.com/role-arn: x"\n`)).toHaveLength(1);
    expect(broken(`${head}  annotations:\n    - eks.amazonaws.com/role-arn: x\n`)).toHaveLength(1);
    expect(
      broken(
        `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      annotations: eks.amazonaws.com/skip-containers:a\n`,
      ),
    ).toHaveLength(1);
    expect(broken(`serviceAccount:\n  annotations:\n    eks.amazonaws.com/role-arn:${role}\n`)).toHaveLength(1);
  });

  it('are told where one entry of a map has no space after its colon', () => {
    const glued = `eks.amazonaws.com/role-arn:${role}`;
    for (const entries of [`    a: b\n    ${glued}\n`, `    ${glued}\n    a: b\n`, `    a: b\n    ${glued}\n    c: d\n`]) {
      const text = `${head}  annotations:\n${entries}  namespace: n\n`;
      expect(broken(text), entries).toEqual([`ServiceAccount ${glued}`]);
      expect(annotations(text)).toEqual([]);
      expect(only(read(text), 'object')[0]?.brokenAnnotations).toMatchObject({ withinMap: true, text: { value: glued } });
    }
    expect(broken(`${head}  annotations:\n    other.example/x:y\n    a: b\n    "eks.amazonaws.com/role-arn:x": b\n`)).toEqual([]);
  });

  it('are not told where a renderer or no one decides', () => {
    for (const value of [
      '',
      ' {}',
      ' null',
      ' ~',
      ' {{ toYaml .Values.a | nindent 4 }}',
      ' ${ANNOTATIONS}',
      ' "{{ annotations }}"',
      ' !include a.yaml',
    ]) {
      expect(broken(`${head}  annotations:${value}\n`), value).toEqual([]);
    }
    expect(broken(`serviceAccount:\n  annotations: ""\n`)).toEqual([]);
  });
});

describe('where an annotation can be added', () => {
  const added = (text: string) => {
    const point = only(read(text), 'serviceAccount')[0]?.insertAnnotation;
    if (!point) return undefined;
    const pad = ' '.repeat(point.indent);
    const lines = point.needsKey ? `\n${pad}annotations:\n${pad}  new: x` : `\n${pad}new: x`;
    return text.slice(0, point.offset) + lines + text.slice(point.offset);
  };
  const head = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n';

  it('is the end of the map, of metadata, or below a bare key', () => {
    expect(added(`${head}  annotations:\n    a: b # note\n  name: a\n`)).toBe(
      `${head}  annotations:\n    a: b # note\n    new: x\n  name: a\n`,
    );
    expect(added(`${head}  name: a # note`)).toBe(`${head}  name: a # note\n  annotations:\n    new: x`);
    expect(added(`${head}  name: a\n  annotations:\n`)).toBe(`${head}  name: a\n  annotations:\n    new: x\n`);
    expect(added(`${head}  name: a\n  annotations:\n    a: |\n      b\n      c\nx: y\n`)).toBe(
      `${head}  name: a\n  annotations:\n    a: |\n      b\n      c\n    new: x\nx: y\n`,
    );
    expect(added(`serviceAccount:\n  name: a\n`)).toBe(`serviceAccount:\n  name: a\n  annotations:\n    new: x\n`);
  });

  it('keeps CRLF lines whole', () => {
    expect(added('apiVersion: v1\r\nkind: ServiceAccount\r\nmetadata:\r\n  name: a\r\n')).toContain(
      '  name: a\n  annotations:\n    new: x\r\n',
    );
  });

  it('is nowhere in flow style, JSON and templates', () => {
    expect(added(`apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n`)).toBeUndefined();
    expect(added(`${head}  annotations: {a: b}\n  name: a\n`)).toBeUndefined();
    expect(added(`${head}  annotations:\n    {{- if .x }}\n    a: b\n    {{- end }}\n  name: a\n`)).toBeUndefined();
    expect(
      only(read('{"kind":"ServiceAccount","apiVersion":"v1","metadata":{"name":"a"}}', 'a.json'), 'serviceAccount')[0]?.insertAnnotation,
    ).toBeUndefined();
  });
});

describe('what is data, schema or pattern', () => {
  it.each([
    [
      'a ConfigMap',
      `apiVersion: v1\nkind: ConfigMap\ndata:\n  sa.yaml: |\n    kind: ServiceAccount\n    metadata: {annotations: {eks.amazonaws.com/role-arn: x}}\n`,
    ],
    [
      'a ConfigMap with a map',
      `apiVersion: v1\nkind: ConfigMap\ndata:\n  serviceAccount:\n    annotations:\n      eks.amazonaws.com/role-arn: x\n`,
    ],
    [
      'a CRD',
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  schema:\n    serviceAccount:\n      annotations:\n        eks.amazonaws.com/role-arn: x\n`,
    ],
    [
      'a webhook',
      `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nwebhooks:\n- serviceAccount: {annotations: {eks.amazonaws.com/role-arn: x}}\n`,
    ],
    [
      'a Kyverno policy',
      `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec:\n  rules:\n  - generate:\n      kind: ServiceAccount\n      apiVersion: v1\n      metadata: {annotations: {eks.amazonaws.com/role-arn: x}}\n`,
    ],
    [
      'managed fields',
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  managedFields:\n  - fieldsV1: {"f:metadata": {"f:annotations": {"eks.amazonaws.com/role-arn": {}}}}\n`,
    ],
  ])('gives no facts: %s', (_, text) => {
    expect(read(text)).toEqual([]);
  });
});

describe('objects in objects', () => {
  it('are read where they stand whole', () => {
    const inner = `apiVersion: v1\n      kind: ServiceAccount\n      metadata: {name: a, namespace: n, annotations: {eks.amazonaws.com/role-arn: ${role}}}`;
    expect(
      accounts(`apiVersion: kubernetes.crossplane.io/v1alpha2\nkind: Object\nspec:\n  forProvider:\n    manifest:\n      ${inner}\n`),
    ).toEqual([`manifest n/a ${role}`]);
    expect(accounts(`extraObjects:\n    - ${inner}\n`)).toEqual([`manifest n/a ${role}`]);
  });

  it("are not seen in a binding's subjects", () => {
    expect(
      read(
        `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nsubjects:\n- kind: ServiceAccount\n  name: a\n  namespace: b\n`,
      ),
    ).toEqual([]);
  });

  it('of unknown kinds tell of pod specs that name an account', () => {
    const text = `apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nmetadata: {name: j, namespace: n}\nspec:\n  replicatedJobs:\n  - template:\n      spec:\n        template:\n          spec:\n            serviceAccountName: runner\n            containers: [{name: a, image: b}]\n`;
    expect(workloads(text)).toEqual(['JobSet n/j runner']);
    expect(
      workloads(
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: j}\nspec: {serviceAccountName: applier}\n',
      ),
    ).toEqual([]);
  });
});
