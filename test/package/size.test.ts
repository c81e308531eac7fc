import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';

const dist = resolve(import.meta.dirname, '../../dist');
const temporary = mkdtempSync(join(tmpdir(), 'pod-roles-size-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** The files of dist/ that a program reads until it ends. */
function filesRead(program: string, ...args: string[]): string[] {
  const hook = join(temporary, 'hook.cjs');
  writeFileSync(hook, "process.on('exit', () => require('node:fs').writeSync(2, JSON.stringify(Object.keys(require.cache))));");
  const { stderr } = spawnSync(process.execPath, ['--require', hook, join(dist, program), ...args], { input: '', encoding: 'utf8' });
  return (JSON.parse(stderr.slice(stderr.lastIndexOf('['))) as string[])
    .filter((path) => path.startsWith(dist))
    .map((path) => path.slice(dist.length + 1));
}

it('the server starts from its launcher and one file, at most 1.05 MiB together', () => {
  const files = filesRead('server.js', '--stdio');
  expect(files).toEqual(['server.js', 'server-main.js']);
  expect(files.reduce((sum, name) => sum + statSync(join(dist, name)).size, 0)).toBeLessThanOrEqual(1.05 * 1024 * 1024);
});

it('the command line starts from its launcher and one file', () => {
  expect(filesRead('cli.js', 'check', temporary)).toEqual(['cli.js', 'cli-main.js']);
  expect(filesRead('cli.js', 'rules')).toEqual(['cli.js', 'cli-main.js']);
});

it('the engine of Diagnose an Error is a file of its own, read when somebody asks', () => {
  expect(filesRead('cli.js', 'diagnose', '--in', temporary)).toEqual(['cli.js', 'cli-main.js', 'diagnose.js']);
});

it('the comparison of trust policies is a file of its own, read when something has to be proven', () => {
  const pair =
    '--role-name a --namespace a --service-account a --account 111122223333 --issuer oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E';
  expect(filesRead('cli.js', 'generate', ...pair.split(' '), '--policy-arn', 'arn:aws:iam::aws:policy/ReadOnlyAccess')).toEqual([
    'cli.js',
    'cli-main.js',
    'compare.js',
  ]);
  // More than half of it is the evaluator, by which each witness is checked.
  expect(statSync(join(dist, 'compare.js')).size).toBeLessThan(100_000);
});

it('the client of CloudTrail is a file of its own, read only when it is asked for', () => {
  expect(filesRead('cli.js', 'diagnose', '--in', temporary, '--cloudtrail')).toEqual([
    'cli.js',
    'cli-main.js',
    'diagnose.js',
    'cloudtrail.js',
    'aws.js',
  ]);
});

describe('a large library is read when something needs it, and only then', () => {
  const simple =
    'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/a\n';
  test.each([
    ['a manifest that the simple reader reads', 'sa.yaml', simple, []],
    ['a manifest with an anchor', 'sa.yaml', `x: &x 1\n${simple}`, ['yaml.js']],
    [
      'Terraform with YAML that the simple reader leaves',
      'main.tf',
      'resource "helm_release" "a" {\n  name = "a"\n  values = [<<-EOT\n    x: &x 1\n    serviceAccount:\n      annotations:\n        eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/a\n  EOT\n  ]\n}\n',
      ['hcl.js', 'yaml.js'],
    ],
    ['Terraform', 'main.tf', 'resource "aws_iam_role" "a" {\n  name = "a"\n  assume_role_policy = "{}"\n}\n', ['hcl.js']],
    [
      'a plan of Terraform',
      'plan.json',
      '{"format_version":"1.2","resource_changes":[{"address":"aws_iam_role.a","mode":"managed","type":"aws_iam_role","name":"a","change":{"actions":["create"],"after":{"name":"a"}}}]}',
      ['plan.js'],
    ],
  ])('%s', (_, name, text, more) => {
    const folder = mkdtempSync(join(temporary, 'w-'));
    writeFileSync(join(folder, name), text);
    expect(filesRead('cli.js', 'check', folder)).toEqual(['cli.js', 'cli-main.js', ...more]);
  });
});
