import { account, deployment, policy, range, statement, subject, subjects, times, type Shape } from './growthShapes';

const head = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  annotations:\n    eks.amazonaws.com/role-arn: ';

/** YAML and JSON of Kubernetes that repeat something n times. */
export const manifests: Readonly<Record<string, readonly [n: number, shape: Shape]>> = {
  'placeholders in one scalar': [40_000, (n) => ({ 'a.yaml': `${head}"${times(n, () => '{{ x }}')}"\n` })],
  'placeholders in one plain scalar': [40_000, (n) => ({ 'a.yaml': `${head}${times(n, () => '{{ x }}')}\n` })],
  'placeholders of a shell in one scalar': [40_000, (n) => ({ 'a.yaml': `${head}"${times(n, () => '${x}')}"\n` })],
  'placeholders on lines': [40_000, (n) => ({ 'a.yaml': `${head}x\n${times(n, (i) => `    k${i}: {{ x }}\n`)}` })],
  'placeholders in a block scalar': [40_000, (n) => ({ 'a.yaml': `${head}x\n    b: |\n${times(n, () => '      {{ x }}\n')}` })],
  'ifs in one another': [
    20_000,
    (n) => ({ 'a.yaml': `${head}x\n${times(n, () => '    {{ if x }}\n')}${times(n, () => '    {{ end }}\n')}` }),
  ],
  'unclosed ifs': [40_000, (n) => ({ 'a.yaml': `${head}x\n${times(n, () => '    {{- if x }}\n')}` })],
  'unclosed placeholders': [60_000, (n) => ({ 'a.yaml': `${head}"${times(n, () => '{{ ')}"\n` })],
  'unclosed placeholders of a shell': [60_000, (n) => ({ 'a.yaml': `${head}"${times(n, () => '${')}"\n` })],
  documents: [80_000, (n) => ({ 'a.yaml': times(n, (i) => account(`a${i}`, `r${i}`), '---\n') })],
  'small documents': [80_000, (n) => ({ 'a.yaml': times(n, () => 'kind: ServiceAccount\n', '---\n') })],
  'empty documents': [400_000, (n) => ({ 'a.yaml': `${account('a', 'r')}${times(n, () => '---\n')}` })],
  'documents with mistakes': [
    10_000,
    (n) => ({
      'a.yaml': times(n, (i) => `kind: ServiceAccount\nmetadata: {name: a${i}, annotations: {eks.amazonaws.com/role_arn: x}}\n`, '---\n'),
    }),
  ],
  'annotations of one account': [40_000, (n) => ({ 'a.yaml': `${head}x\n${times(n, (i) => `    k${i}: v\n`)}` })],
  'misspelt annotations': [10_000, (n) => ({ 'a.yaml': `${head}x\n${times(n, (i) => `    eks.amazonaws.com/role-arm${i}: v\n`)}` })],
  'the same annotation': [10_000, (n) => ({ 'a.yaml': `${head}x\n${times(n, () => `    eks.amazonaws.com/role-arn: x\n`)}` })],
  'accounts and workloads of one name': [
    2000,
    (n) => ({ 'a.yaml': times(n, (i) => `${account('a', 'r')}---\n${deployment(`d${i}`, 'a')}`, '---\n') }),
  ],
  'workloads of one account': [
    10_000,
    (n) => ({ 'a.yaml': `${account('a', 'r')}---\n${times(n, (i) => deployment(`d${i}`, 'a'), '---\n')}` }),
  ],
  'workloads without an account': [
    10_000,
    (n) => ({ 'a.yaml': `${account('a', 'r')}---\n${times(n, (i) => deployment(`d${i}`, `b${i}`), '---\n')}` }),
  ],
  'workloads whose accounts are in other namespaces': [
    2000,
    (n) => ({ 'a.yaml': times(n, (i) => `${account('a', 'r', `n${i}`)}---\n${deployment(`d${i}`, 'a', `m${i}`)}`, '---\n') }),
  ],
  'accounts in folders': [5000, (n) => Object.fromEntries(range(n).map((i) => [`f${i}/a.yaml`, account('a', 'r', `n${i}`)]))],
  'equal accounts in folders, workloads beside them': [
    3000,
    (n) => Object.fromEntries(range(n).map((i) => [`f${i}/a.yaml`, `${account('a', 'r')}---\n${deployment(`d${i}`, 'a')}`])),
  ],
  containers: [
    20_000,
    (n) => ({
      'a.yaml': `${account('a', 'r')}---\n${deployment('d', 'a').replace('containers: [', `containers: [${times(n, (i) => `{name: c${i}, image: x, env: [{name: AWS_ACCESS_KEY_ID, value: x}]},`)}`)}`,
    }),
  ],
  'env of a container': [
    20_000,
    (n) => ({
      'a.yaml': `${account('a', 'r')}---\n${deployment('d', 'a').replace('image: demo', `image: demo, env: [${times(n, () => '{name: AWS_ROLE_ARN, value: x},')}]`)}`,
    }),
  ],
  'skip-containers that are not there': [
    20_000,
    (n) => ({
      'a.yaml': `${head}x\n---\n${deployment('d', 'a').replace('    spec:', `    metadata: {annotations: {eks.amazonaws.com/skip-containers: "${times(n, (i) => `c${i}`, ',')}"}}\n    spec:`)}`,
    }),
  ],
  'anchors that double': [
    40,
    (n) => ({
      'a.yaml': `a0: &a0 [x, x]\n${times(n, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`)}${account('a', 'r')}    x: *a${n}\n`,
    }),
  ],
  'merge keys that double': [
    40,
    (n) => ({
      'a.yaml': `a0: &a0 {x: y}\n${times(n, (i) => `a${i + 1}: &a${i + 1}\n  b: {<<: *a${i}}\n  c: {<<: [*a${i}, *a${i}]}\n`)}${account('a', 'r')}    <<: *a${n}\n`,
    }),
  ],
  'merge keys in a row': [
    5000,
    (n) => ({
      'a.yaml': `a0: &a0 {x0: y}\n${times(n, (i) => `a${i + 1}: &a${i + 1}\n  <<: *a${i}\n  x${i + 1}: y\n`)}${account('a', 'r')}    <<: *a${n}\n`,
    }),
  ],
  'aliases of one map': [
    20_000,
    (n) => ({ 'a.yaml': `m: &m {${times(200, (i) => `k${i}: v`, ', ')}}\nl:\n${times(n, () => '- *m\n')}${account('a', 'r')}` }),
  ],
  'merges of one annotated account': [
    20_000,
    (n) => ({
      'a.yaml': `apiVersion: v1\nkind: List\nitems:\n- &m\n  apiVersion: v1\n  kind: ServiceAccount\n  metadata: {name: a, namespace: n, annotations: {eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/r}}\n${times(n, () => '- *m\n')}`,
    }),
  ],
  'a cycle of anchors': [1, () => ({ 'a.yaml': `a: &a\n  b: *a\n  <<: *a\n${account('a', 'r')}` })],
  'flow sequences in one another': [100_000, (n) => ({ 'a.yaml': `${account('a', 'r')}    x: ${'['.repeat(n)}${']'.repeat(n)}\n` })],
  'flow maps in one another': [100_000, (n) => ({ 'a.yaml': `${account('a', 'r')}    x: ${'{a: '.repeat(n)}${'}'.repeat(n)}\n` })],
  indents: [4000, (n) => ({ 'a.yaml': `${account('a', 'r')}x:\n${times(n, (i) => `${' '.repeat(i + 1)}a:\n`)}` })],
  'dashes in one another': [50_000, (n) => ({ 'a.yaml': `${account('a', 'r')}x:\n${'- '.repeat(n)}a\n` })],
  'questions in one another': [50_000, (n) => ({ 'a.yaml': `${account('a', 'r')}x:\n  ${'? '.repeat(n)}a\n` })],
  'brackets of JSON': [200_000, (n) => ({ 'a.json': `{"kind": "ServiceAccount", "x": ${'['.repeat(n)}${']'.repeat(n)}}` })],
  'braces of JSON': [200_000, (n) => ({ 'a.json': `{"kind": "ServiceAccount", "x": ${'{"a":'.repeat(n)}1${'}'.repeat(n)}}` })],
  'closers of JSON': [200_000, (n) => ({ 'a.json': `{"kind": "ServiceAccount", "x": ${']'.repeat(n)}${'}'.repeat(n)}}` })],
  'a flow sequence': [200_000, (n) => ({ 'a.yaml': `${account('a', 'r')}    x: [${times(n, () => 'a', ', ')}]\n` })],
  'a long name': [1_000_000, (n) => ({ 'a.yaml': account('a'.repeat(n), 'r'), 'r.trust.json': subjects([subject(`${'a'.repeat(n)}b`)]) })],
  'a long role': [1_000_000, (n) => ({ 'a.yaml': account('a', 'r'.repeat(n)) })],
  'a long value of dashes': [1_000_000, (n) => ({ 'a.yaml': account('-'.repeat(n), '/'.repeat(n)) })],
  'long lines': [5, (n) => ({ 'a.yaml': times(n, () => `${head}${'a '.repeat(500_000)}\n`, '---\n') })],
  'one line of JSON': [
    20_000,
    (n) => ({
      'a.json': `{"apiVersion":"v1","kind":"List","items":[${times(n, (i) => JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `a${i}`, namespace: 'shop', annotations: { 'eks.amazonaws.com/role-arn': `arn:aws:iam::111122223333:role/r${i}` } } }), ',')}]}`,
    }),
  ],
  'one line of JSON with mistakes': [
    10_000,
    (n) => ({
      'a.json': `{"apiVersion":"v1","kind":"List","items":[${times(n, (i) => JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `a${i}`, annotations: { 'eks.amazonaws.com/role_arn': `arn:aws:iam::111122223333:role/r${i}` } } }), ',')}]}`,
    }),
  ],
  'a long list of JSON': [1_000_000, (n) => ({ 'a.json': `{"kind":"ServiceAccount","x":[${'1,'.repeat(n)}1]}` })],
  CRLF: [40_000, (n) => ({ 'a.yaml': `${account('a', 'r')}${times(n, (i) => `    k${i}: v\n`)}`.replaceAll('\n', '\r\n') })],
  'lone CR': [100_000, (n) => ({ 'a.yaml': `${account('a', 'r')}${times(n, (i) => `    k${i}: v\n`)}`.replaceAll('\n', '\r') })],
  comments: [100_000, (n) => ({ 'a.yaml': `${account('a', 'r')}${times(n, () => '    # x\n')}` })],
  suppressions: [
    10_000,
    (n) => ({
      'a.yaml': times(
        n,
        (i) =>
          `# pod-roles-disable-next-line role-arn-malformed\nkind: ServiceAccount\nmetadata: {name: a${i}, annotations: {eks.amazonaws.com/role_arn: x}}\n`,
        '---\n',
      ),
    }),
  ],
  'suppressions of a file': [
    10_000,
    (n) => ({
      'a.yaml': `${times(n, () => '# pod-roles-disable-file role-arn-malformed\n')}${times(n, (i) => `kind: ServiceAccount\nmetadata: {name: a${i}, annotations: {eks.amazonaws.com/role_arn: x}}\n`, '---\n')}`,
    }),
  ],
  'rules of one suppression': [
    20_000,
    (n) => ({ 'a.yaml': `# pod-roles-disable-file ${times(n, (i) => `rule-${i}`, ', ')}\n${account('a', 'r')}` }),
  ],
  'nested lists of objects': [
    100,
    (n) => ({
      'a.yaml': `${times(n, (i) => `${'  '.repeat(2 * i)}kind: List\n${'  '.repeat(2 * i)}items:\n${'  '.repeat(2 * i)}- x: y\n`)}`,
    }),
  ],
  'JSON within JSON': [
    6,
    (n) => ({
      'a.json': range(n)
        .reduce((text) => JSON.stringify({ kind: 'ServiceAccount', AssumeRolePolicyDocument: text, data: text }), policy([statement({})]))
        .slice(0, 15_000_000),
    }),
  ],
  'YAML within YAML': [
    60,
    (n) => ({ 'a.yaml': range(n).reduce((text) => `kind: ConfigMap\ndata:\n  a: |\n${text.replace(/^/gm, '    ')}`, account('a', 'r')) }),
  ],
  'charts of values': [
    10_000,
    (n) => ({
      'values.yaml': times(
        n,
        (i) =>
          `c${i}:\n  serviceAccount:\n    create: true\n    name: a${i}\n    annotations:\n      eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/r\n`,
      ),
    }),
  ],
  'associations of one account': [
    5000,
    (n) => ({
      'a.yaml': `${account('a', 'r')}---\n${times(n, (i) => `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: p${i}}\nspec: {clusterName: c, namespace: shop, serviceAccount: a, roleARN: arn:aws:iam::111122223333:role/r}\n`, '---\n')}`,
    }),
  ],
  'associations in files': [
    3000,
    (n) =>
      Object.fromEntries(
        range(n).map((i) => [
          `p${i}.yaml`,
          `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: p${i}}\nspec: {clusterName: c, namespace: shop, serviceAccount: a, roleARN: arn:aws:iam::111122223333:role/r}\n`,
        ]),
      ),
  ],
  'eksctl accounts': [
    10_000,
    (n) => ({
      'a.yaml': `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1}\niam:\n  withOIDC: true\n  serviceAccounts:\n${times(n, (i) => `  - metadata: {name: a${i}, namespace: shop}\n    attachRoleARN: arn:aws:iam::111122223333:role/r\n`)}`,
    }),
  ],
  'eksctl associations': [
    10_000,
    (n) => ({
      'a.yaml': `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: eu-west-1}\niam:\n  podIdentityAssociations:\n${times(n, () => `  - {namespace: shop, serviceAccountName: a, roleARN: arn:aws:iam::111122223333:role/r}\n`)}`,
    }),
  ],
};
