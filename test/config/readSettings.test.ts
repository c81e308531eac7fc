import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clusterKeys, overrideKeys, rootKeys, type ConfigKey } from '../../server/src/core/config/keys';
import { readSettings } from '../../server/src/core/config/readSettings';
import { defaultSettings } from '../../server/src/core/config/settings';
import { allRules } from '../../server/src/core/rules/registry';
import { runs } from '../support/runs';

const uri = 'file:///repo/pod-roles.yaml';
const ruleIds = allRules.map((rule) => rule.id);
const read = (text: string) => readSettings(text, uri, { ruleIds });
interface Described {
  description?: string;
  $ref?: string;
}
interface Schema {
  properties: Record<string, Described> & {
    overrides: { items: { properties: Record<string, Described> } };
  };
  definitions: { cluster: { properties: Record<string, Described> }; rules: { description?: string; properties: object } };
}
const schema = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../schemas/pod-roles.schema.json'), 'utf8')) as Schema;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

const full = `
clusters:
  - name: demo-dev
    account: "111122223333"
    region: eu-west-1
    issuer: https://oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E
    paths: [overlays/dev/**, "apps/*/dev"]
    namespace: demo
  - name: demo-prod
    account: 444455556666
    paths: overlays/prod
roles:
  arn:aws:iam::111122223333:role/eks/demo-role: iam/demo-role/trust.json
  other-role: ./iam/other.json
rules:
  audience-condition-missing: off
  subject-too-wide: "error"
ignore:
  - vendor/**
overrides:
  - paths: legacy
    rules: { subject-mismatch: warning }
trustPolicyQuota: 4096
`;

describe('pod-roles.yaml', () => {
  it('is read whole', () => {
    const { settings, problems } = read(full);
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      base: 'file:///repo',
      clusters: [
        {
          name: 'demo-dev',
          account: '111122223333',
          region: 'eu-west-1',
          issuer: 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E',
          paths: ['overlays/dev/**', 'apps/*/dev'],
          namespace: 'demo',
        },
        { name: 'demo-prod', account: '444455556666', paths: ['overlays/prod'] },
      ],
      roles: { 'arn:aws:iam::111122223333:role/eks/demo-role': 'iam/demo-role/trust.json', 'other-role': './iam/other.json' },
      rules: { 'audience-condition-missing': 'off', 'subject-too-wide': 'error' },
      ignore: ['vendor/**'],
      overrides: [{ paths: ['legacy'], rules: { 'subject-mismatch': 'warning' } }],
      trustPolicyQuota: 4096,
    });
  });

  it.each([
    ['empty', ''],
    ['comments alone', '# nothing yet\n'],
    ['a document start', '---\n'],
    ['keys without values', 'clusters:\nroles:\nrules:\nignore:\n'],
  ])('takes a file that is %s', (_, text) => {
    const { settings, problems } = read(text);
    expect(problems).toEqual([]);
    expect(settings).toEqual({ ...defaultSettings, base: 'file:///repo' });
  });

  it('keeps what is right beside what is wrong', () => {
    const { settings, problems } = read('rules:\n  subject-mismatch: loud\n  subject-too-wide: info\n');
    expect(settings.rules).toEqual({ 'subject-too-wide': 'info' });
    expect(problems).toHaveLength(1);
  });

  it('does not let a key reach the prototype', () => {
    const { settings } = readSettings('rules:\n  __proto__: error\n  constructor: info\n', uri);
    expect(Object.getPrototypeOf(settings.rules)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['error']).toBeUndefined();
  });
});

/** A mistake between « and »: where the problem must stand. */
describe('a problem', () => {
  it.each<[string, string, string]>([
    ['an unknown key', '«cluster»:\n  - name: x\n', 'This file has no key "cluster". Did you mean "clusters"?'],
    [
      'a key that is like none',
      '«zzz»: 1\n',
      'This file has no key "zzz". Known keys: clusters, roles, rules, ignore, overrides, trustPolicyQuota, snapshot, documents.',
    ],
    ['a key twice', 'ignore: [a]\n«ignore»: [b]\n', '"ignore" is set twice.'],
    [
      'an unknown key of a cluster',
      'clusters:\n  - name: x\n    «acount»: "111122223333"\n',
      'A cluster has no key "acount". Did you mean "account"?',
    ],
    ['a cluster without a name', 'clusters:\n  - «region: eu-west-1»\n', 'A cluster needs a name.'],
    [
      'a short account',
      'clusters:\n  - name: x\n    account: «"1111"»\n',
      '"account" must be an AWS account id: 12 digits, not the text "1111".',
    ],
    ['a map where a list belongs', 'clusters:\n  «name: x»\n', '"clusters" must be a list of clusters, not a map.'],
    [
      'a level that is none',
      'rules:\n  subject-mismatch: «loud»\n',
      'The level of "subject-mismatch" must be error, warning, info or off, not the text "loud".',
    ],
    [
      'true for a level',
      'rules:\n  subject-mismatch: «true»\n',
      'The level of "subject-mismatch" must be error, warning, info or off, not the boolean true.',
    ],
    [
      'a rule that is none',
      'rules:\n  «subject-missmatch»: off\n',
      'There is no rule "subject-missmatch". Did you mean "subject-mismatch"?',
    ],
    [
      'a role that is none',
      'roles:\n  «arn:aws:iam::111122223333:user/x»: a.json\n',
      '"arn:aws:iam::111122223333:user/x" is neither a role\'s ARN nor a role\'s name.',
    ],
    ['a role with two files', 'roles:\n  x: «[a, b]»\n', '"x" must be a text, not a list.'],
    [
      'a quota that is no number',
      'trustPolicyQuota: «lots»\n',
      '"trustPolicyQuota" must be a number of characters from 1 to 131072, not the text "lots".',
    ],
    ['half an override', 'overrides:\n  - «paths: [a]»\n', 'An override needs "rules".'],
    [
      'a namespace that Kubernetes refuses',
      'clusters:\n  - name: x\n    namespace: «Demo»\n',
      '"namespace" must be a namespace that Kubernetes takes: lower-case letters, digits and "-", not the text "Demo".',
    ],
    ['a list as the whole file', '«- a»\n', 'This file must be a map of keys and values, not a list.'],
    [
      'CRLF and a later line',
      'ignore: [a]\r\nrules:\r\n  subject-mismatch: «loud»\r\n',
      'The level of "subject-mismatch" must be error, warning, info or off, not the text "loud".',
    ],
    ['behind a document start', '# x\n---\n«cluster»: 1\n', 'This file has no key "cluster". Did you mean "clusters"?'],
  ])('%s is said in its place', (_, marked, message) => {
    const start = marked.indexOf('«');
    const text = marked.replace('«', '').replace('»', '');
    const { problems } = read(text);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    const [problem] = problems;
    expect(problem!.span.start).toBe(start);
    expect(problem!.span.end).toBeGreaterThanOrEqual(marked.indexOf('»') - 1);
    const before = text.slice(0, start).split(/\r\n|\n/);
    expect([problem!.line, problem!.column]).toEqual([before.length, before[before.length - 1]!.length + 1]);
  });

  it('of YAML itself has a place too', () => {
    const { problems } = read('rules:\n  a: [1\nb: 2\n');
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]!.line).toBeGreaterThan(0);
    expect(problems[0]!.message).toMatch(/\.$/);
  });

  it('is a second document', () => {
    const { problems } = read('ignore: [a]\n---\nignore: [b]\n');
    expect(problems.map(({ message, line }) => [message, line])).toEqual([
      ['This file can contain only one document; the others are skipped.', 2],
    ]);
  });

  it('comes from any text without a throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `rules:\n  ${s}`),
          fc.json(),
        ),
        (text) => {
          const { problems, settings } = read(text);
          expect(Array.isArray(problems)).toBe(true);
          expect(settings.base).toBe('file:///repo');
        },
      ),
      { numRuns: runs(300) },
    );
  });
});

describe('the schema says the same', () => {
  const agree = (text: string) => {
    const value: unknown = parse(text) ?? null;
    expect({ text, right: read(text).problems.length === 0 }).toEqual({ text, right: validate(value) });
  };

  it.each([
    full,
    '',
    'clusters: []\n',
    'clusters:\n  - name: x\n',
    'clusters:\n  - {name: x, account: 111122223333}\n',
    'clusters:\n  - {name: "5"}\n',
    'roles:\n  demo-role: a.json\n',
    'rules: {subject-mismatch: off}\n',
    'rules: {subject-mismatch: false}\n',
    'ignore: a\n',
    'ignore: [a, b]\n',
    'overrides:\n  - {paths: a, rules: {}}\n',
    'trustPolicyQuota: 8192\n',
    'clusters:\n  - {name: x, issuer: "oidc.example.com:8443/a/b"}\n',
    'overrides:\n',
    'clusters:\n  - {name: x, paths: }\n',
  ])('of a right file: %j', (text) => {
    expect(read(text).problems).toEqual([]);
    agree(text);
  });

  it.each([
    'cluster: []\n',
    'clusters: x\n',
    'clusters: {}\n',
    'clusters:\n  - {}\n',
    'clusters:\n  - {name: ""}\n',
    'clusters:\n  - {name: x, account: 1}\n',
    'clusters:\n  - {name: x, account: "12345678901x"}\n',
    'clusters:\n  - {name: x, region: Europe}\n',
    'clusters:\n  - {name: x, issuer: "a b"}\n',
    'clusters:\n  - {name: x, namespace: A}\n',
    'clusters:\n  - {name: x, paths: {}}\n',
    'clusters:\n  - {name: "a b"}\n',
    'clusters:\n  - {name: x, y: z}\n',
    'roles: []\n',
    'roles:\n  "a b": c\n',
    'roles:\n  a: 1\n',
    'roles:\n  a: ""\n',
    'roles:\n  arn:aws:iam::111122223333:role/: a\n',
    'rules: []\n',
    'rules: {subject-mismatch: 1}\n',
    'rules: {subject-mismatch: loud}\n',
    'rules: {nothing-like-it: off}\n',
    'rules: {subject-mismatch: true}\n',
    'ignore: {}\n',
    'ignore: [1]\n',
    'ignore: [""]\n',
    'overrides: {}\n',
    'overrides: [a]\n',
    'overrides:\n  - {paths: a}\n',
    'overrides:\n  - {rules: {}}\n',
    'overrides:\n  - {paths: a, rules: {}, x: 1}\n',
    'trustPolicyQuota: 0\n',
    'trustPolicyQuota: many\n',
    'trustPolicyQuota: 1.5\n',
    'trustPolicyQuota: 999999\n',
    '[]\n',
    'text\n',
    '5\n',
  ])('of a wrong file: %j', (text) => {
    expect(read(text).problems.length).toBeGreaterThan(0);
    agree(text);
  });

  it('of the keys, and has words for each', () => {
    const { properties, definitions } = schema;
    const words = (keys: readonly ConfigKey[]) => Object.fromEntries(keys.map(({ key, doc }) => [key, doc.replaceAll('`', '')]));
    const described = (of: Record<string, Described>) =>
      Object.fromEntries(
        Object.entries(of).map(([key, { description, $ref }]) => [
          key,
          (description ?? schema.definitions[$ref!.split('/').pop() as 'rules'].description!).replaceAll('`', ''),
        ]),
      );
    expect(described(properties)).toEqual(words(rootKeys));
    expect(described(definitions.cluster.properties)).toEqual(words(clusterKeys));
    expect(described(properties.overrides.items.properties)).toEqual(words(overrideKeys));
    expect(Object.keys(definitions.rules.properties)).toEqual(ruleIds);
  });
});
