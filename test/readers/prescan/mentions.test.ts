import { describe, expect, it } from 'vitest';
import { readSourceFile } from '../../../server/src/core/documents/readSourceFile';

const workload = (spec: string, rest = ''): string =>
  `kind: Deployment\nmetadata:\n  name: a\nspec:\n  template:\n    spec:\n${spec}      containers:\n        - name: a\n          image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1\n${rest}`;

function documentOf(text: string): { relevant: boolean; accounts: string[] | undefined; defined: string[] | undefined } {
  const [document] = readSourceFile('file:///repo/a.yaml', text).documents;
  const { accounts } = document!;
  return { relevant: document!.relevant, accounts: accounts && [...accounts.used], defined: accounts && [...accounts.defined] };
}

const plain = (metadata: string, rest = ''): string => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n${metadata}${rest}`;

describe('a document that matters for the accounts that it names alone', () => {
  it.each<[string, string, string[]]>([
    ['by its field', workload('      serviceAccountName: demo-sa\n'), ['demo-sa']],
    ['by the alias', workload('      serviceAccount: "demo-sa" # ours\n'), ['demo-sa']],
    [
      'by a template',
      workload('      serviceAccountName: {{ include "a.serviceAccountName" . }}\n'),
      ['{{ include "a.serviceAccountName" . }}'],
    ],
    ['by no name', workload('      automountServiceAccountToken: false\n'), ['default']],
    ['by two fields', workload('      serviceAccountName: a\n      serviceAccount: b\n'), ['a', 'b']],
    ['beside a comment', workload('      # the service-account of the team\n      serviceAccountName: a\n'), ['a']],
    ['beside an argument', workload('      serviceAccountName: a\n', '          args: [--use-service-account-credentials=true]\n'), ['a']],
  ])('%s', (_, text, accounts) => {
    expect(documentOf(text)).toEqual({ relevant: true, accounts, defined: [] });
  });
});

describe('a document that matters for the accounts that it makes alone', () => {
  it.each<[string, string, string[]]>([
    ['an account', 'kind: ServiceAccount\nmetadata:\n  name: a\n', ['a']],
    [
      'with all that accounts have',
      plain(
        '    namespace: n # ours\n    name: "a.b"\n    labels:\n      name: c\n    annotations:\n      # none\n      example.com/name: d\n',
        'automountServiceAccountToken: false\nimagePullSecrets:\n  - name: e\nsecrets: [{name: f}]\n',
      ),
      ['a.b'],
    ],
    [
      'of a chart',
      plain('  name: {{ include "a.serviceAccountName" . }}\n  labels:\n    {{- include "a.labels" . | nindent 4 }}\n'),
      ['{{ include "a.serviceAccountName" . }}'],
    ],
    ["with Windows' line breaks", plain('  name: a\n  annotations: {}\n').replaceAll('\n', '\r\n'), ['a']],
    ['of the name of a service account', plain('  name: my-service-account\n'), ['my-service-account']],
    ['chart values', 'serviceAccount:\n  create: true\n', ['']],
    [
      'chart values with a name',
      'image: x\nserviceAccount:\n  # the account\n  name: a\n  annotations: {}\n  labels:\n    name: b\nname: c\n',
      ['a'],
    ],
    ['chart values of two accounts', 'web:\n  serviceAccount:\n    name: a\nworker:\n  podServiceAccount:\n    name: ""\n', ['a', '']],
  ])('%s', (_, text, defined) => {
    expect(documentOf(text)).toEqual({ relevant: true, accounts: [], defined });
  });
});

describe('a document in which nothing is for us', () => {
  it.each([
    [
      'a definition',
      `kind: CustomResourceDefinition\nmetadata:\n  name: a\nspec:\n  schema:\n    serviceAccountName:\n      description: set eks.amazonaws.com/role-arn on the service-account\n    serviceAccount:\n      type: object\n`,
    ],
    [
      'a binding',
      `kind: ClusterRoleBinding\nmetadata:\n  name: a\nroleRef:\n  name: my-service-account\nsubjects:\n  - kind: ServiceAccount\n    name: a\n`,
    ],
    [
      'data',
      `kind: ConfigMap\nmetadata:\n  name: a\ndata:\n  sa.yaml: |\n    kind: ServiceAccount\n    metadata:\n      annotations:\n        eks.amazonaws.com/role-arn: x\n`,
    ],
  ])('%s', (_, text) => {
    expect(documentOf(text).relevant).toBe(false);
  });
});

describe('a document that only its tree can tell of', () => {
  it.each([
    ['an account without a name', plain('  generateName: a-\n')],
    ['an account whose metadata is on one line', 'kind: ServiceAccount\nmetadata: {name: a}\n'],
    ['an account with two names', plain('  name: a\n  {{- if .Values.x }}\n  name: b\n')],
    ['an account with merged metadata', plain('  <<: *common\n  name: a\n')],
    ['an account whose name is a variable', plain('  name: ${NAME}\n')],
    ['an account with a list of annotations', plain('  name: a\n  annotations:\n  - b: c\n')],
    ['an account with text for annotations', plain('  name: a\n  annotations: |\n    b: c\n')],
    ['chart values of accounts by name', 'serviceAccount:\n  web:\n    create: true\n'],
    ['chart values with metadata', 'serviceAccount:\n  metadata:\n    name: a\n'],
    ['chart values with a name that is a variable', 'serviceAccount:\n  name: ${NAME}\n'],
    ['chart values on one line', 'serviceAccount: {name: a}\n'],
    ['chart values with a list', 'serviceAccount:\n  - name: a\n'],
    ['a custom resource with an account', 'kind: Thing\nmetadata:\n  name: a\nspec:\n  serviceAccount:\n    name: a\n'],
    ['an object in chart values', 'extra:\n  - apiVersion: v1\n    kind: ServiceAccount\n    metadata: {name: a}\n'],
    ['an account in a list', 'kind: List\nmetadata: {}\nitems:\n  - kind: ServiceAccount\n    metadata: {name: a}\n'],
    ['a name that a variable gives', workload('      serviceAccountName: ${SA}\n')],
    ['a name on the next line', workload('      serviceAccountName:\n        a\n')],
    ['a name behind an anchor', workload('      serviceAccountName: &sa a\n')],
    ['a key of ours', workload('      serviceAccountName: a\n', '  annotations:\n    eks.amazonaws.com/skip-containers: b\n')],
    ['a key that is nearly ours', workload('      serviceAccountName: a\n', '  annotations:\n    eks.amazonws.com/skip-containers: b\n')],
    ['a host alone', workload('      serviceAccountName: a\n', '  annotations:\n    amazonaws.com/audience: b\n')],
    ['credentials', workload('      serviceAccountName: a\n', '          env: [{name: AWS_PROFILE, value: x}]\n')],
    ['a suppression in data', 'kind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: serviceAccountName # pod-roles-disable-line\n'],
    [
      'metadata of a definition',
      'kind: CustomResourceDefinition\nmetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: x\nspec: {serviceAccountName: a}\n',
    ],
    ["an operator's template", 'kind: Cluster\nmetadata:\n  name: a\nspec:\n  serviceAccountTemplate:\n    metadata: {}\n'],
    ['a line too long to look at', workload(`      serviceAccountName: a # ${'x'.repeat(3000)}\n`)],
  ])('%s', (_, text) => {
    expect(documentOf(text)).toEqual({ relevant: true, accounts: undefined, defined: undefined });
  });

  it('is not found by words in a text without end', () => {
    expect(() =>
      documentOf(
        `serviceAccountName: ${'service-account '.repeat(100_000)}\n${'serviceAccountToken: a\n'.repeat(50_000)}${'a'.repeat(1_000_000)}`,
      ),
    ).not.toThrow();
  });
});

describe('the namespace of a workload that is left for later', () => {
  const inNamespace = (metadata: string): string | undefined =>
    readSourceFile('file:///repo/a.yaml', workload('      serviceAccountName: a\n').replace('  name: a\n', metadata)).documents[0]!
      .accounts!.namespace;
  it.each<[string, string, string | undefined]>([
    ['last', '  name: a\n  namespace: n\n', 'n'],
    ['first', '  namespace: n\n  name: a\n', 'n'],
    ['behind labels', '  name: a\n  labels:\n    namespace: no\n\n    b: c\n  namespace: n-1\n', 'n-1'],
    ['not written', '  name: a\n  labels:\n    namespace: no\n', undefined],
    ['a variable', '  name: a\n  namespace: ${NS}\n', undefined],
    ['in a template', '  name: a\n  namespace: {{ .Release.Namespace }}\n', undefined],
    ['behind a comment', '  # ours\n  namespace: n\n', undefined],
    ['of a template alone', '  name: a\nspec2:\n  namespace: no\n', undefined],
  ])('%s', (_, metadata, namespace) => {
    expect(inNamespace(metadata)).toBe(namespace);
  });

  it('is not found by lines without end', () => {
    expect(() => inNamespace(`  name: a\n${'    \n'.repeat(2000)}${'  b: c\n    d\n'.repeat(2000)}`)).not.toThrow();
  });
});
