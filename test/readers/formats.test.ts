import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { documentGlobs } from '../../protocol/documents';
import { documentationGlob } from '../../server/src/core/documents/documentation/kinds';
import { alwaysMatters, isReadableName, isReadWhole, readableGlobs, readableNames } from '../../server/src/core/readers/fileNames';
import type { Format } from '../../server/src/core/readers/reader';
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

  it('the editor is told of every name that is read', () => {
    expect(documentGlobs).toEqual([...readableGlobs, documentationGlob]);
  });

  it('a format that is added to the registry is walked, watched and opened by the names that it says', () => {
    const added: Format = {
      id: 'added',
      files: { endings: ['bicep', 'x.pkl'], names: ['rolefile', 'rolefile.lock'], matter: true, whole: true },
    };
    const names = readableNames([...formats, added]);
    const selected = (path: string): boolean => names.globs.some((glob) => picomatch.isMatch(path, glob, { dot: true }));
    for (const path of ['a/main.bicep', 'a/b.x.pkl', 'a/rolefile', 'rolefile.lock']) {
      // Walking and watching ask this (host/candidates.ts), the editor's selector takes the globs.
      expect([names.isReadable(path), names.isReadWhole(path), selected(path)], path).toEqual([true, true, true]);
      expect(isReadableName(path)).toBe(false);
    }
    expect(['a/rolefile', 'main.bicep'].map((path) => names.alwaysMatters(path))).toEqual([true, false]);
    for (const path of ['a.yaml', 'a.json.j2', 'main.tf', 'k/kustomization'])
      expect([names.isReadable(path), selected(path)]).toEqual([true, true]);
    for (const path of ['b.pkl', 'a/rolefile.x', 'bicep']) expect([names.isReadable(path), selected(path)], path).toEqual([false, false]);
  });
});
