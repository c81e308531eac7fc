import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editorSession } from './support/session';
import { answer, rows, step } from './support/wizard';
import { until, waitFor } from './support/workbench';

const examples = resolve(import.meta.dirname, '../../examples');
const files = Object.fromEntries(
  readdirSync(examples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [join(parentPath, name).slice(examples.length + 1), readFileSync(join(parentPath, name), 'utf8')]),
);

describe('the examples, with their snapshot and without an account', () => {
  const session = editorSession(files);

  it('hover shows what the role may do', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('k8s/service-accounts.yaml');
    await waitFor(
      () => workbench.lenses(),
      (lenses) => lenses.some((text) => text.startsWith('✓ Can assume reports-role')),
      'the lens says yes',
    );
    await workbench.goTo(workspace.find('k8s/service-accounts.yaml', 'role/reports-role'));
    const hover = await waitFor(
      () => workbench.hover(),
      (text) => text.includes('Permissions'),
      'the permissions are shown',
    );
    expect(hover).toMatch(/snapshot/i);
    await workbench.screenshot('examples-hover');
    await workbench.press('Escape');
  });

  it('Fetch Cluster OIDC ID answers from the snapshot and asks nobody', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Fetch Cluster OIDC ID');
    const shown = await waitFor(
      () => rows(workbench),
      (all) => all.length > 2,
      'the result is shown',
    );
    expect(shown.join('\n')).toContain('copy the issuer');
    expect(shown.join('\n')).toContain('Copy the provider ARN');
    expect(await workbench.page.locator('.monaco-dialog-box').count()).toBe(0);
    await workbench.press('Escape');
  });

  it('Show Access Map says who can become what', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Show Access Map');
    await waitFor(
      () => workbench.viewText(),
      (text) => text.includes('✗ demo-namespace/demo-sa') && text.includes('Deployment api-deployment'),
      'the map is shown',
    );
    await workbench.screenshot('access-map');
  });

  it('the wizard goes back with its answers kept, and writes files only', async () => {
    const { workbench, workspace } = session;
    await workbench.run('Pod Roles: Generate Role and ServiceAccount');
    await step(workbench, /\(1\/6\)/);
    await answer(workbench);
    await step(workbench, /\(2\/6\)/);
    await answer(workbench);
    await step(workbench, /\(3\/6\)/);
    await waitFor(
      () => rows(workbench),
      (all) => all.some((row) => row.includes('New…')),
      'the accounts are offered',
    );
    await answer(workbench, 'New…');
    await step(workbench, /\(3\/6\)/);
    await waitFor(
      () => workbench.quickInput().getAttribute('placeholder'),
      (text) => text?.includes('namespace') ?? false,
      'the namespace is asked',
    );
    await answer(workbench, 'Not A Namespace');
    await waitFor(
      () => workbench.page.locator('.quick-input-message').textContent(),
      (text) => /namespace/i.test(text ?? ''),
      'the name is refused as it is typed',
    );
    await answer(workbench, 'shop');
    await waitFor(
      () => workbench.quickInput().getAttribute('placeholder'),
      (text) => text?.includes('account') ?? false,
      'the name is asked',
    );
    await answer(workbench, 'cart');
    await step(workbench, /\(4\/6\)/);
    await workbench.page.locator('.quick-input-titlebar .codicon-quick-input-back').click();
    await step(workbench, /\(3\/6\)/);
    await answer(workbench, 'New…');
    await waitFor(
      () => workbench.quickInput().inputValue(),
      (text) => text === 'shop',
      'the namespace is kept',
    );
    await answer(workbench);
    await waitFor(
      () => workbench.quickInput().inputValue(),
      (text) => text === 'cart',
      'the name is kept',
    );
    await answer(workbench);
    await step(workbench, /\(4\/6\)/);
    await waitFor(
      () => workbench.quickInput().inputValue(),
      (text) => text === 'shop-cart',
      'a role name is proposed',
    );
    await answer(workbench);
    await step(workbench, /\(5\/6\)/);
    await answer(workbench);
    await step(workbench, /\(6\/6\)/);
    await answer(workbench);
    await step(workbench, /look through the preview/);
    const choices = await rows(workbench);
    expect(choices[0]).toMatch(/^Write \d files/);
    expect(choices.join('\n')).not.toContain('call');
    await answer(workbench);
    const trust = join(workspace.folder, 'iam/shop-cart/trust-policy.json');
    await until(() => Promise.resolve(existsSync(trust)), 'the trust policy is written');
    expect(workspace.read('iam/shop-cart/trust-policy.json')).toContain('system:serviceaccount:shop:cart');
    await waitFor(
      () => workbench.lenses(),
      (lenses) => lenses.some((text) => text.startsWith("✗ Can't assume shop-cart: the role doesn't exist")),
      'files alone make no role, and the lens says so',
    );
    await workbench.screenshot('examples-wizard-done');
  });
});
