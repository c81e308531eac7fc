import { expect, it } from 'vitest';
import { isTestData } from '../../server/src/core/config/testData';
import { account, trust, uriOf, workspaceOf } from '../wiring/build';

const base = 'file:///work/tests/repo';

it.each([
  'tests/terraform/checks/resource/aws/example_Role/main.tf',
  'test/checks/automountServiceAccountToken/failure.pod.yaml',
  'charts/app/tests/sa_test.yaml',
  'resource_customizations/Role/testdata/healthy.yaml',
  'test/e2e/kuttl/00-install.yaml',
  'e2e/chainsaw/step/sa.yaml',
])('%s is input of a test', (path) => {
  expect(isTestData(`${base}/${path}`, base)).toBe(true);
});

it.each([
  'k8s/sa.yaml', // the workspace itself may stand in a folder of tests
  'envs/test/sa.yaml',
  'test/sa.yaml',
  'overlays/test/app/sa.yaml',
  'contests/sa.yaml',
  'tests.yaml',
])('%s is none', (path) => {
  expect(isTestData(`${base}/${path}`, base)).toBe(false);
  expect(isTestData(`${base}/${path}`, undefined)).toBe(false);
});

it('deploys nothing: no more than infos, and nothing is joined with it', () => {
  const files = {
    'pod-roles.yaml': '{}',
    'tests/sa.yaml': account('app', 'demo', 'app-role').replace(':role/', ':user/'),
    'tests/app-role.json': trust('demo:other'),
    'k8s/sa.yaml': account('app', 'demo', 'app-role'),
  };
  const workspace = workspaceOf(files);
  expect(workspace.check(uriOf('tests/sa.yaml')).map(({ rule, level }) => `${rule}@${level}`)).toEqual(['role-arn-malformed@info']);
  expect(workspace.check(uriOf('k8s/sa.yaml'))).toEqual([]);
  const deployed = workspaceOf({ ...files, 'iam/app-role.json': files['tests/app-role.json'] });
  expect(deployed.check(uriOf('k8s/sa.yaml')).map(({ rule }) => rule)).toEqual(['subject-mismatch']);
});
