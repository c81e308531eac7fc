import { expect, it } from 'vitest';
import { articleFiles, trustPolicy } from './support/article';
import { editorSession } from './support/session';
import { until, waitFor } from './support/workbench';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const trust = 'iam/demo-role/trust.json';
const session = editorSession({
  ...articleFiles(''),
  [trust]: trustPolicy(`"${issuer}:aud": "sts.amazonaws.com",\n          "${issuer}:sub": "system:serviceaccount:demo-namespace:demo-sa"`),
  'k8s/new.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: new-sa\n  namespace: demo-namespace\n  annotations:\n    \n',
});

it('hover on the role says whom it admits, and why', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile('k8s/sa.yaml');
  await waitFor(
    () => workbench.lenses(),
    (lenses) => lenses.some((text) => text.startsWith('✓')),
    'the files are read',
  );
  await workbench.goTo(workspace.find('k8s/sa.yaml', 'demo-role'));
  const text = await workbench.hover();
  expect(text).toContain('demo-role');
  expect(text).toContain('demo-namespace/demo-sa');
  await workbench.press('Escape');
});

it('F12 leads from the workload to its account', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile('k8s/deploy.yaml');
  await workbench.goTo(workspace.find('k8s/deploy.yaml', 'demo-sa'));
  await workbench.press('F12');
  await until(async () => (await workbench.activeTab()).startsWith('sa.yaml'), 'the account opens');
});

it('F12 leads from the annotation to the trust policy', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile('k8s/sa.yaml');
  await workbench.goTo(workspace.find('k8s/sa.yaml', 'demo-role'));
  await workbench.press('F12');
  await until(async () => (await workbench.activeTab()).startsWith('trust.json'), 'the policy opens');
});

it("completion offers the annotation keys, and the workspace's role with its verdict", async () => {
  const { workbench } = session;
  await workbench.openFile('k8s/new.yaml');
  await workbench.goTo({ line: 7, column: 5 });
  const keys = await workbench.completions();
  expect(keys.join('\n')).toContain('eks.amazonaws.com/role-arn');
  await workbench.press('Escape');
  await workbench.type('eks.amazonaws.com/role-arn: ');
  const values = await workbench.completions();
  expect(values.join('\n')).toContain('demo-role');
  await workbench.press('Escape');
  await workbench.run('File: Revert File');
});

it('F2 renames the account in manifests and trust policy at once', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile('k8s/sa.yaml');
  await workbench.goTo(workspace.find('k8s/sa.yaml', 'demo-sa'));
  await workbench.press('F2');
  const box = workbench.page.locator('.rename-box input');
  await box.waitFor();
  await box.fill('api-sa');
  await workbench.press('Enter');
  await box.waitFor({ state: 'hidden' });
  await until(async () => (await workbench.visibleText()).includes('name: api-sa'), 'the name is changed');
  await workbench.saveAll();
  await until(async () => workspace.read('k8s/sa.yaml').includes('name: api-sa'), 'the account is saved');
  await until(async () => workspace.read('k8s/deploy.yaml').includes('serviceAccountName: api-sa'), 'the workload follows');
  await until(async () => workspace.read(trust).includes(':demo-namespace:api-sa"'), 'the subject follows');
  await waitFor(
    () => workbench.lenses(),
    (lenses) => lenses.some((text) => text.startsWith('✓')),
    'the role still admits it',
  );
});
