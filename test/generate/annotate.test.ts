import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotateAccount, type AnnotateOptions } from '../../server/src/core/generate/annotate';
import { addRoleEntry } from '../../server/src/core/generate/roleEntry';
import { pairOf } from './arbitraries';
import { runs } from '../support/runs';

const pair = pairOf();
const uri = 'file:///k8s/accounts.yaml';
const arn = 'arn:aws:iam::111122223333:role/demo-role';
const annotate = (text: string, options?: AnnotateOptions, of = pair) => annotateAccount(uri, text, of, options);
const head = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa\n  namespace: demo-namespace\n';

describe('the annotation is added', () => {
  test.each([
    ['where there are none', `${head}`, `${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n`],
    [
      'below others, comments kept',
      `# a\n${head}  annotations: # b\n      team: x # c\n  # d\nautomountServiceAccountToken: false\n`,
      `# a\n${head}  annotations: # b\n      team: x # c\n      eks.amazonaws.com/role-arn: ${arn}\n  # d\nautomountServiceAccountToken: false\n`,
    ],
    ['without a line break at the end', head.trimEnd(), `${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}`],
    [
      'with CRLF',
      head.replaceAll('\n', '\r\n'),
      `${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n`.replaceAll('\n', '\r\n'),
    ],
    ['under an empty key', `${head}  annotations:\n`, `${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n`],
    [
      'where the key has no value',
      `${head}  annotations:\n    eks.amazonaws.com/role-arn:\n    x: y\n`,
      `${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n    x: y\n`,
    ],
    [
      'where the value is empty',
      `${head}  annotations:\n    eks.amazonaws.com/role-arn: "" # todo\n`,
      `${head}  annotations:\n    eks.amazonaws.com/role-arn: "${arn}" # todo\n`,
    ],
    [
      'in the right document',
      `kind: Namespace\n---\n${head.replace('demo-sa', 'other')}---\n${head}---\nkind: Other\n`,
      `kind: Namespace\n---\n${head.replace('demo-sa', 'other')}---\n${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n---\nkind: Other\n`,
    ],
  ])('%s', (_, before, after) => {
    const result = annotate(before);
    expect(result).toMatchObject({ kind: 'changed', text: after });
    expect(annotate(after)).toEqual({ kind: 'same' });
  });

  test('with its audience', () => {
    expect(annotate(head, {}, pairOf({ audience: 'x' }))).toMatchObject({
      text: `${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n    eks.amazonaws.com/audience: x\n`,
    });
  });

  test("where the namespace is not said, only by the user's word", () => {
    const text = head.replace('  namespace: demo-namespace\n', '');
    expect(annotate(text)).toEqual({ kind: 'absent' });
    expect(annotate(text, { anyNamespace: true })).toMatchObject({ kind: 'changed' });
  });
});

test.each([
  ['another name', head.replace('demo-sa', 'other')],
  ['another namespace', head.replace('demo-namespace', 'x')],
  ['another kind', head.replace('ServiceAccount', 'ConfigMap')],
  ['a template', head.replace('demo-sa', '{{ .Values.name }}')],
  ['nothing', ''],
])('%s is not the account', (_, text) => expect(annotate(text)).toEqual({ kind: 'absent' }));

test("another role is written over by the user's word alone", () => {
  const text = `${head}  annotations:\n    eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/other' # why\n`;
  expect(annotate(text)).toMatchObject({ kind: 'refused', replaceable: true });
  expect(annotate(text, { replace: true })).toMatchObject({ kind: 'changed', text: text.replace('role/other', 'role/demo-role') });
  expect(annotate(`${head}  annotations:\n    eks.amazonaws.com/role-arn: {{ .Values.role }}\n`)).toMatchObject({ kind: 'refused' });
});

test.each([
  ['an annotation that is a map', `${head}  annotations:\n    eks.amazonaws.com/role-arn: {a: b}\n`],
  ['two of them', `${head}---\n${head}`],
])('%s is left to the user', (_, text) => expect(annotate(text)).toMatchObject({ kind: 'refused', replaceable: false }));

test('Pod Identity needs no annotation', () => {
  expect(annotateAccount(uri, head, pairOf({ mechanism: 'pod-identity', issuer: undefined, cluster: 'c', region: 'eu-west-1' }))).toEqual({
    kind: 'same',
  });
});

test('any text gives an answer', () => {
  const line = fc.constantFrom(
    ...head.trim().split('\n'),
    '  annotations:',
    '    eks.amazonaws.com/role-arn:',
    '    a: b',
    '---',
    '# x',
    '',
    '{{- if x }}',
    '- a',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
      const text = lines.join('\n');
      const result = annotate(text);
      if (result.kind === 'changed') expect(annotate(result.text)).toEqual({ kind: 'same' });
    }),
    { numRuns: runs(500) },
  );
});

describe('in braces', () => {
  const key = `"eks.amazonaws.com/role-arn": "${arn}"`;
  const flow = 'apiVersion: v1\nkind: ServiceAccount\n';
  const metadata = { name: 'demo-sa', namespace: 'demo-namespace' };
  const json = (more: object, indent?: number): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, ...more } }, null, indent);
  test.each([
    ['an empty map', `${head}  annotations: {} # none\n`, `${head}  annotations: {${key}} # none\n`],
    ['a map with white space', `${head}  annotations: {  }\nsecrets: []\n`, `${head}  annotations: {${key}}\nsecrets: []\n`],
    ['a map with entries', `${head}  annotations: {a: b}\n`, `${head}  annotations: {a: b, ${key}}\n`],
    [
      'metadata',
      `${flow}metadata: {name: demo-sa, namespace: demo-namespace} # x\n`,
      `${flow}metadata: {name: demo-sa, namespace: demo-namespace, "annotations": {${key}}} # x\n`,
    ],
    ['JSON in one line', json({}), json({}).replace('"demo-namespace"', `"demo-namespace", "annotations": {${key}}`)],
    [
      'JSON over lines',
      json({}, 2),
      json({}, 2).replace('"demo-namespace"', `"demo-namespace",\n    "annotations": {\n      ${key}\n    }`),
    ],
    [
      'JSON with annotations, CRLF',
      json({ annotations: { a: 'b' } }, 2).replaceAll('\n', '\r\n'),
      json({ annotations: { a: 'b' } }, 2)
        .replace('"a": "b"', `"a": "b",\n      ${key}`)
        .replaceAll('\n', '\r\n'),
    ],
    ['JSON with null', json({ annotations: null }), json({ annotations: null }).replace('null', `{${key}}`)],
  ])('%s', (_, before, after) => {
    const name = before.startsWith('{') ? 'file:///k8s/sa.json' : uri;
    expect(annotateAccount(name, before, pair)).toMatchObject({ kind: 'changed', text: after });
    expect(annotateAccount(name, after, pair)).toEqual({ kind: 'same' });
  });
});

test('of accounts with and without a namespace, the one with it is meant', () => {
  const loose = head.replace('  namespace: demo-namespace\n', '');
  expect(annotate(`${loose}---\n${head}`, { anyNamespace: true })).toMatchObject({
    kind: 'changed',
    text: `${loose}---\n${head}  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n`,
  });
});

describe('the role in pod-roles.yaml', () => {
  test.each([
    ['', 'roles:\n  demo-role: iam/t.json\n'],
    ['# ours\nignore: [x]', '# ours\nignore: [x]\n\nroles:\n  demo-role: iam/t.json\n'],
    ['roles:\n', 'roles:\n  demo-role: iam/t.json\n'],
    [
      'roles: # all\n    a: b # x\n\n  # end\nignore: []\n',
      'roles: # all\n    a: b # x\n\n  # end\n    demo-role: iam/t.json\nignore: []\n',
    ],
    ['roles:\r\n  a: b\r\n', 'roles:\r\n  a: b\r\n  demo-role: iam/t.json\r\n'],
  ])('%j', (before, after) => expect(addRoleEntry(before, 'demo-role', 'iam/t.json')).toBe(after));

  test.each([
    'roles: {a: b}\n',
    'roles:\n  demo-role: x.json\n',
    'roles:\n  arn:aws:iam::111122223333:role/demo-role: x.json\n',
    'what: is this\n',
  ])('%j stays', (text) => {
    expect(addRoleEntry(text, 'demo-role', 'iam/t.json')).toBeUndefined();
  });
});
