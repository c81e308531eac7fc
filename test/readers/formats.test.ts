import { describe, expect, it } from 'vitest';
import { alwaysMatters, isReadableName, isReadWhole, watchedNames } from '../../server/src/core/readers/fileNames';
import { mayMatter } from '../../server/src/core/readers/prescan/trigger';
import { formats } from '../../server/src/core/readers/registry';

describe('the formats of the registry', () => {
  it('have ids of their own', () => {
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
  });

  it.each(
    formats.map(
      ({ id, words = [], accountWords = [], wordsBesideAccounts = [] }) =>
        [id, [...words, ...accountWords, ...wordsBesideAccounts]] as const,
    ),
  )('the words of %s are patterns that go together', (_, words) => {
    // A numbered reference would mean another group once the words of all formats are joined.
    for (const word of words) expect([word, /\\\d/.test(word), new RegExp(word, 'im')]).toEqual([word, false, expect.any(RegExp)]);
  });

  it.each([
    'eks.amazonaws.com/role-arn: x',
    'roleARN: x',
    'kind: ServiceAccount',
    'service_account: x',
    'type: AWS::EKS::PodIdentityAssociation',
    'resource "aws_iam_openid_connect_provider" "x" {}',
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'apiVersion: kustomize.toolkit.fluxcd.io/v1',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application',
    '"Action": "sts:AssumeRoleWithWebIdentity"',
    'assume_role_policy = ""',
    'oidc-provider/x',
    '- name: AWS_ACCESS_KEY_ID',
    '# pod-roles-disable-file',
  ])('a text with %j is worth parsing', (text) => {
    expect(mayMatter(text)).toBe(true);
  });

  it.each(['kind: Deployment', 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout', 'Statement: []', 'kind: ConfigMap'])(
    'one with no more than %j is not',
    (text) => {
      expect(mayMatter(text)).toBe(false);
    },
  );
});

describe('names of files', () => {
  it.each([
    ['a/b.yaml', true, false],
    ['b.YML', true, false],
    ['b.json', true, false],
    ['b.jsonc', true, false],
    ['b.yaml.j2', true, false],
    ['b.json.template', true, false],
    ['_helpers.tpl', true, false],
    ['main.tf', true, true],
    ['main.tofu', true, true],
    ['x.tfvars', true, true],
    ['main.tf.json', true, true],
    ['main.tf.j2', false, false],
    ['a/kustomization', true, true],
    ['a\\Kustomization', true, true],
    ['kustomization.yml', true, true],
    ['a/my-kustomization', false, false],
    ['kustomization/a.txt', false, false],
    ['README.md', false, false],
    ['yaml', false, false],
    ['b.yaml.txt', false, false],
  ])('%s is read: %s, whole: %s', (path, isRead, isWhole) => {
    expect([isReadableName(path), isReadWhole(path)]).toEqual([isRead, isWhole]);
  });

  it('a kustomization matters whatever it holds, Terraform does not', () => {
    expect(['kustomization', 'x/kustomization.yaml', 'main.tf'].map(alwaysMatters)).toEqual([true, true, false]);
  });

  it('every name that is read is watched', () => {
    const { endings, names } = watchedNames();
    expect(endings).toEqual(expect.arrayContaining(['yaml', 'yml', 'json', 'jsonc', 'tpl', 'j2', 'tf', 'tofu', 'tfvars']));
    expect(names).toEqual(['kustomization']);
  });
});
