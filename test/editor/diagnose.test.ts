import { expect, it } from 'vitest';
import { articleFiles, trustPolicy } from './support/article';
import { editorSession } from './support/session';
import { until } from './support/workbench';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const trust = 'iam/demo-role/trust.json';
const session = editorSession({
  ...articleFiles(''),
  [trust]: trustPolicy(`"${issuer}:aud": "sts.amazonaws.com",\n          "${issuer}:sub": "system:serviceaccount:demo-namespace:demo"`),
});

const denied =
  'An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity';
const secret = 'wJa1rXUtnFEMI7K7MDENGbPxRfiCYPLANTEDKEY9';

/** The page of the view: a frame within the frame that the editor puts around it. */
const view = () => session.workbench.page.frameLocator('iframe.webview').last().frameLocator('iframe').last();

it('Diagnose an Error names the cause, the line and the fix', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile('k8s/sa.yaml');
  await workbench.run('Pod Roles: Diagnose an Error');
  const paste = view().locator('#paste');
  await paste.waitFor({ timeout: 60_000 });
  await paste.fill(`${denied}\nAWS_SECRET_ACCESS_KEY=${secret}`);
  await view().locator('#workload').selectOption('demo-namespace/demo-sa');
  await view().locator('#run').click();
  await until(
    async () => (await view().locator('#answer h2').allTextContents()).join('').startsWith('Cause (certain): '),
    'the answer is there',
  );
  const text = (await view().locator('#answer').textContent()) ?? '';
  expect(text).toContain('demo-namespace/demo-sa');
  expect(text).toContain('trust.json:');
  expect(text).toContain('Secrets were removed');
  expect(text).not.toContain(secret);
  await workbench.screenshot('diagnose-answer');

  await view().locator('[data-action="place"]').first().click();
  await until(async () => (await workbench.activeTab()).startsWith('trust.json'), 'the place opens');

  const before = workspace.read(trust);
  await view().locator('[data-action="fix"]').first().click();
  await until(async () => (await view().locator('#answer h2').allTextContents()).join('').startsWith('Likely: '), 'the fix is applied');
  await workbench.saveAll();
  await until(
    async () => workspace.read(trust) !== before || !workspace.read('k8s/sa.yaml').includes('name: demo-sa'),
    'a file is changed',
  );
});
