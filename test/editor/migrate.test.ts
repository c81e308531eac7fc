import { describe, expect, it } from 'vitest';
import { manifest, movingFiles, terraform, trust } from '../support/movingFiles';
import { editorSession } from './support/session';
import { restricted, until, waitFor } from './support/workbench';

const command = 'Pod Roles: Migrate to EKS Pod Identity';

describe('Migrate to EKS Pod Identity', () => {
  const session = editorSession(movingFiles);
  const press = async (selector: string) => {
    await session.workbench.view().locator(selector).click();
  };
  const text = () => session.workbench.viewText();
  const shows = (part: string | RegExp, what: string) =>
    waitFor(text, (now) => (typeof part === 'string' ? now.includes(part) : part.test(now)), what);

  it('plans, expands as one change that one undo takes back, and contracts', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile(manifest);
    await workbench.run(command);
    await shows(/Service accounts \(2\).*shop\/cart → cart-role.*shop\/orders → orders-role/, 'the plan is there');
    await workbench.screenshot('migrate-plan');

    // Nothing can be previewed before an account is picked.
    expect(await workbench.view().locator('#expand').isDisabled()).toBe(true);
    await press('#pick-all');
    await shows('2 service accounts selected.', 'the accounts are picked');
    await press('#expand');
    await shows('Expand: preview for 2 service accounts', 'the step is shown');
    await until(async () => (await workbench.activeTab()).startsWith('Expand 2 service accounts'), 'the changes are shown');
    await workbench.screenshot('migrate-preview');
    // Until it is applied, no file is touched.
    for (const path of [trust, terraform, manifest] as const) expect(workspace.read(path)).toBe(movingFiles[path]);

    await press('#apply');
    await shows('Expand: 2 service accounts changed in the files', 'the step is applied');
    await until(async () => workspace.read(trust).includes('pods.eks.amazonaws.com'), 'the trust policy is changed');
    await until(async () => workspace.read(terraform).includes('aws_eks_pod_identity_association'), 'the association is there');
    // GitHub's statement stays, and so does that of IRSA.
    expect(workspace.read(trust)).toContain('repo:example/shop:ref:refs/heads/main');
    expect(workspace.read(trust)).toContain('system:serviceaccount:shop:orders');
    await shows(/shop\/cart → cart-role.*can move moving/, 'the plan follows the files');
    expect(await text()).toContain('What to deploy next');
    expect(await text()).toContain('aws eks create-pod-identity-association');
    await workbench.screenshot('migrate-applied');

    await workbench.openFile(terraform);
    await until(
      async () =>
        (await workbench.lenses()).some((lens) => lens.includes('Can assume cart-role (moving: EKS Pod Identity overrides IRSA)')),
      'the lens says that the account is moving',
    );
    await workbench.press('Control+z');
    await workbench.saveAll();
    await until(
      async () => workspace.read(trust) === movingFiles[trust] && workspace.read(terraform) === movingFiles[terraform],
      'one undo takes both back',
    );

    await workbench.run(command);
    await shows(/shop\/cart → cart-role.*can move not started/, 'the plan is that of before');
    // What was undone is not told as done.
    await waitFor(text, (now) => !now.includes('changed in the files'), 'the step is gone');
    await press('#expand');
    await shows('Expand: preview for 2 service accounts', 'the step is shown again');
    await press('#apply');
    await shows('changed in the files', 'the step is applied again');
    await until(async () => workspace.read(terraform).includes('aws_eks_pod_identity_association'), 'the files are changed again');
    await shows(/can move moving/, 'the plan follows');

    await workbench.view().locator('#scope').selectOption('account shop/cart');
    await shows(/Service accounts \(1\)/, 'one account is shown');
    await press('#contract');
    await shows('Contract: preview for 1 service account', 'the second step is shown');
    await workbench.screenshot('migrate-contract');
    await press('#apply');
    await shows('Contract: 1 service account changed in the files', 'the second step is applied');
    await until(async () => !workspace.read(terraform).includes('Federated'), 'the OIDC statement is gone');
    expect(workspace.read(terraform)).not.toContain('eks.amazonaws.com/role-arn');
    await shows(/shop\/cart → cart-role.*done/, 'the account is done');
  });

  it('is not applied to a file that was changed since the preview', async () => {
    const { workbench, workspace } = session;
    await workbench.view().locator('#scope').selectOption('account shop/orders');
    await press('#close');
    await shows('1 service account selected.', 'the other account is picked');
    await press('#undo');
    await shows('Undo: preview for 1 service account', 'the step is shown');
    await workbench.openFile(trust);
    await workbench.goTo({ line: 1, column: 2 });
    await workbench.type('\n  "Id": "mine",');
    await workbench.view().locator('#apply').click();
    await shows('The files changed since the preview, so nothing was applied.', 'nothing is applied');
    await press('#apply');
    await shows('Undo: 1 service account changed in the files', 'what is shown anew is applied');
    // VS Code saves what a change of several files touches; this one is of a single file, which a deploy would not have yet.
    await shows(`Not saved yet: ${trust}.`, 'the file that is not saved is named');
    await press('#save');
    await waitFor(text, (now) => !now.includes('Not saved yet'), 'it is saved');
    await until(async () => !workspace.read(trust).includes('pods.eks.amazonaws.com'), 'the step is taken back');
    expect(workspace.read(trust)).toContain('"Id": "mine"');
  });

  it('reads well at 400 px, and by keyboard', async () => {
    const { workbench } = session;
    await workbench.page.setViewportSize({ width: 1147, height: 900 });
    await workbench.view().locator('#scope').selectOption('');
    await workbench.view().locator('#scope').focus();
    await workbench.screenshot('migrate-narrow');
    const overflow = await workbench
      .view()
      .locator('html')
      .evaluate(
        (page) =>
          (page as unknown as { scrollWidth: number; clientWidth: number }).scrollWidth -
          (page as unknown as { clientWidth: number }).clientWidth,
      );
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('comes back when the window is reloaded', async () => {
    const { workbench } = session;
    await workbench.view().locator('#scope').selectOption('account shop/orders');
    await shows(/Service accounts \(1\)/, 'one account is shown');
    await workbench.saveAll();
    await workbench.run(command);
    await workbench.reload();
    await shows(/Service accounts \(1\).*shop\/orders → orders-role/, 'the same is shown again');
  });
});

describe('in Restricted Mode', () => {
  const session = editorSession(movingFiles, { ...restricted, 'workbench.colorTheme': 'Default Light Modern' });

  it('opens for the account whose annotation the code action is on', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile(manifest);
    await workbench.goTo(workspace.find(manifest, 'role-arn'));
    await until(async () => (await workbench.lenses()).some((lens) => lens.includes('Can assume orders-role')), 'the server is there');
    await workbench.applyCodeAction('Migrate shop/orders to EKS Pod Identity…');
    const text = await waitFor(
      () => workbench.viewText(),
      (now) => now.includes('1 service account selected.'),
      'the account is picked',
    );
    expect(text).toContain('Service accounts (1)');
    await workbench.view().locator('#expand').click();
    await waitFor(
      () => workbench.viewText(),
      (now) => now.includes('Expand: preview for 1 service account'),
      'the step is shown',
    );
    await workbench.screenshot('migrate-light');
    expect(workspace.read(trust)).toBe(movingFiles[trust]);
  });
});
