import { describe, expect, it } from 'vitest';
import { readSettings } from '../../server/src/core/config/readSettings';
import { configCompletion } from '../../server/src/core/features/configuration/completion';
import { configHover } from '../../server/src/core/features/configuration/hover';
import { allRules } from '../../server/src/core/rules/registry';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { cursor } from '../support/marked';

const uri = 'file:///w/pod-roles.yaml';
const account = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/app-role
`;
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F4268';
const trust = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::481516234212:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:demo:app' } },
    },
  ],
});

function at(marked: string): { workspace: Workspace; offset: number; text: string } {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  const text = marked.replace(cursor, '');
  workspace.open('file:///w/k8s/app/sa.yaml', account);
  workspace.open('file:///w/iam/app/trust.json', trust);
  workspace.open(uri, text);
  return { workspace, offset: marked.indexOf(cursor), text };
}

function labels(marked: string): string[] {
  const { workspace, offset } = at(marked);
  return [...(configCompletion(workspace, uri, offset)?.items ?? [])].sort((a, b) => a.rank - b.rank).map(({ label }) => label);
}

/** The file after an item is taken, in snippet syntax. */
function taken(marked: string, label: string): string {
  const { workspace, offset, text } = at(marked);
  const { doc, span, items } = configCompletion(workspace, uri, offset)!;
  const { insert } = items.find((item) => item.label === label)!;
  return text.slice(0, doc.start + span.start) + insert + text.slice(doc.start + span.end);
}

const rootLabels = ['clusters', 'roles', 'rules', 'ignore', 'overrides', 'trustPolicyQuota', 'snapshot', 'documents'];
const clusterLabels = ['name', 'account', 'region', 'issuer', 'paths', 'namespace'];
const levels = ['off', 'info', 'warning', 'error'];
const ids = allRules.map(({ id }) => id);

describe('completion in pod-roles.yaml', () => {
  it.each<[string, string, string[]]>([
    ['a key begun at the top', 'documents: true\nc‸', rootLabels.filter((key) => key !== 'documents')],
    ['an empty line at the top', 'rules: {}\n‸\n', rootLabels.filter((key) => key !== 'rules')],
    ['the first key of a cluster', 'clusters:\n  - ‸\n', clusterLabels],
    ['another key of a cluster', 'clusters:\n  - name: dev\n    ‸\n', clusterLabels.slice(1)],
    ['the first key of an override', 'overrides:\n  - ‸\n', ['paths', 'rules']],
    ['a rule', 'rules:\n  ‸\n', ids],
    ['a second rule', 'rules:\n  subject-mismatch: off\n  sub‸\n', ids.filter((id) => id !== 'subject-mismatch')],
    ['a rule of an override', 'overrides:\n  - paths: [a]\n    rules:\n      ‸\n', ids],
    ['a level', 'rules:\n  subject-mismatch: ‸\n', levels],
    ['a level of an override', 'overrides:\n  - paths: [a]\n    rules:\n      subject-mismatch: w‸\n', levels],
    ['a role', 'roles:\n  ‸\n', ['arn:aws:iam::481516234212:role/app-role']],
    ['the file of a role', 'roles:\n  app-role: ‸\n', ['iam/app/trust.json']],
    ['an ignored folder', 'ignore:\n  - ‸\n', ['iam/**', 'iam/app/**', 'k8s/**', 'k8s/app/**']],
    ['another folder', 'clusters:\n  - name: a\n    paths:\n      - k8s/**\n      - ‸\n', ['iam/**', 'iam/app/**', 'k8s/app/**']],
    ["a cluster's account", 'clusters:\n  - name: a\n    account: ‸\n', ['481516234212']],
    ["a cluster's issuer", 'clusters:\n  - name: a\n    issuer: ‸\n', [issuer]],
    ["a cluster's region", 'clusters:\n  - name: a\n    region: ‸\n', ['eu-west-1']],
    ["a cluster's namespace", 'clusters:\n  - name: a\n    namespace: ‸\n', ['demo']],
    ['whether documents are checked', 'documents: ‸\n', ['true', 'false']],
    ['nothing in a comment', '# ru‸\nrules: {}\n', []],
    ['nothing for a name that only the user knows', 'trustPolicyQuota: ‸\n', []],
    ['nothing below a key that is none of the file', 'other:\n  ‸\n', []],
  ])('proposes %s', (_, marked, expected) => expect(labels(marked)).toEqual(expected));

  it.each([
    ['clusters', 'c‸', 'clusters:\n  - $0'],
    ['snapshot', 's‸', 'snapshot: $0'],
    ['paths', 'clusters:\n  - name: a\n    p‸', 'clusters:\n  - name: a\n    paths:\n      - $0'],
    ['481516234212', 'clusters:\n  - name: a\n    account: ‸\n', 'clusters:\n  - name: a\n    account: "481516234212"\n'],
    ['off', 'rules:\n  subject-mismatch: ‸\n', 'rules:\n  subject-mismatch: off\n'],
  ])('writes %s as the file needs it', (label, marked, expected) => expect(taken(marked, label)).toBe(expected));

  it('writes what it reads', () => {
    const text = taken('rules:\n  subj‸\n', 'subject-mismatch').replace(/\$\{1\|(\w+),.*\|\}/, '$1');
    expect(readSettings(text, uri, { ruleIds: ids })).toMatchObject({ settings: { rules: { 'subject-mismatch': 'off' } }, problems: [] });
  });
});

describe('hover in pod-roles.yaml', () => {
  const hover = (marked: string): string | undefined => {
    const { workspace, offset } = at(marked);
    return configHover(workspace, uri, offset)?.markdown;
  };
  it.each([
    ['a key', 'ign‸ore: [a]\n', 'Globs of files that are not checked'],
    ['a key of a cluster', 'clusters:\n  - name: a\n    iss‸uer: x\n', "The cluster's OIDC issuer"],
    ['a rule', 'rules:\n  subject-mis‸match: off\n', 'Default level: `error`'],
    ['a rule of an override', 'overrides:\n  - paths: [a]\n    rules: { subject-mis‸match: off }\n', 'Default level: `error`'],
  ])('says what %s is for', (_, marked, words) => expect(hover(marked)).toContain(words));
  it.each([
    ['a value', 'snapshot: a‸b\n'],
    ['a key that is unknown', 'oth‸er: 1\n'],
    ['a rule that is unknown', 'rules:\n  oth‸er: off\n'],
    ['a role', 'roles:\n  ru‸les: a\n'],
  ])('says nothing of %s', (_, marked) => expect(hover(marked)).toBeUndefined());
});

describe('a fix in pod-roles.yaml', () => {
  const fixed = (text: string): string | undefined => {
    const fix = readSettings(text, uri, { ruleIds: ids }).problems[0]?.fix;
    return fix && text.slice(0, fix.span.start) + fix.newText + text.slice(fix.span.end);
  };
  it.each([
    ['a key', 'rule:\n  subject-mismatch: off\n', 'rules:\n  subject-mismatch: off\n'],
    ['a rule', '---\nrules:\n  subject-mismach: off\n', '---\nrules:\n  subject-mismatch: off\n'],
    ['a quoted rule', 'rules: {"subject-mismach": off}\n', 'rules: {"subject-mismatch": off}\n'],
    ['a level', 'rules:\n  subject-mismatch: Warnin\n', 'rules:\n  subject-mismatch: warning\n'],
    ['a key of a cluster', 'clusters:\n  - name: a\n    path: [b]\n', 'clusters:\n  - name: a\n    paths: [b]\n'],
  ])('corrects %s', (_, text, expected) => expect(fixed(text)).toBe(expected));
  it.each([
    ['a key that is there already', 'rules: {}\nrule: {}\n'],
    ['a rule like no other', 'rules:\n  xyz: off\n'],
    ['a level that is a number', 'rules:\n  subject-mismatch: 3\n'],
  ])('is not offered for %s', (_, text) => {
    expect(readSettings(text, uri, { ruleIds: ids }).problems).toHaveLength(1);
    expect(fixed(text)).toBeUndefined();
  });
});

describe('files that pod-roles.yaml names', () => {
  const problems = (text: string) =>
    readSettings(text, uri, { exists: (path) => path === 'iam/there.json' }).problems.map(({ message, line }) => `${line} ${message}`);
  it('must exist', () => {
    expect(problems('roles:\n  a: iam/there.json\n  b: iam/gone.json\nsnapshot: gone\n')).toEqual([
      '3 The file "iam/gone.json" doesn\'t exist.',
      '4 The file "gone" doesn\'t exist.',
    ]);
  });
  it('are not looked for where nobody can', () => {
    expect(readSettings('roles:\n  b: iam/gone.json\nsnapshot: gone\n', uri).problems).toEqual([]);
  });
});
