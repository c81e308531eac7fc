import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { articleFiles, mistake } from './support/article';
import { editorSession } from './support/session';
import { until, waitFor, type Workbench } from './support/workbench';

const trust = 'iam/demo-role/trust.json';

/** Waits until the view on the screen says something. */
function viewSays(workbench: Workbench, part: string): Promise<string> {
  return waitFor(
    () => workbench.viewText(),
    (text) => text.includes(part),
    `the view says "${part}"`,
  );
}

/** The labels of the Roles tree, from top to bottom. */
function treeRows(workbench: Workbench): Promise<string[]> {
  return workbench.page
    .locator('.split-view-view', { hasText: 'Pod Roles' })
    .last()
    .locator('.monaco-list-row')
    .evaluateAll((nodes) => nodes.map((row) => row.getAttribute('aria-label') ?? ''));
}

/** Closes the pages of rules: a view is looked for in the last webview. */
async function closePreviews(workbench: Workbench): Promise<void> {
  await until(async () => {
    if (!(await workbench.activeTab()).includes('Preview')) return true;
    await workbench.run('View: Close Editor');
    return false;
  }, 'no page of a rule is open');
}

describe('the views of the article', () => {
  const session = editorSession(articleFiles(mistake));

  it('Explain Access opens beside the file: verdict, chain, what fails, and the rest folded', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('k8s/sa.yaml');
    await workbench.goTo(workspace.find('k8s/sa.yaml', 'demo-sa'));
    await waitFor(
      () => workbench.lenses(),
      (lenses) => lenses.some((text) => text.startsWith("✗ Can't assume demo-role")),
      'the lens says no',
    );
    await workbench.run('Pod Roles: Explain Access');
    const text = await viewSays(workbench, 'Can demo-namespace/demo-sa assume demo-role? No.');
    expect(text).toContain('Deployment api-deployment');
    expect(text).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    const view = workbench.view();
    expect(await view.locator('#matching').evaluate((details) => details.hasAttribute('open'))).toBe(false);
    expect(await view.locator('#announcement').textContent()).toBe('Can demo-namespace/demo-sa assume demo-role? No.');
    await workbench.screenshot('views-explain');
  });

  it('a place opens in the column of the editor, by keyboard', async () => {
    const { workbench } = session;
    const link = workbench.view().locator('nav a', { hasText: 'deploy.yaml' });
    await link.focus();
    await workbench.press('Enter');
    await until(async () => (await workbench.activeTab()).startsWith('deploy.yaml'), 'the file opens');
    const tabs = await workbench.page
      .locator('.editor-group-container')
      .evaluateAll((groups) =>
        groups.map((group) => [...group.querySelectorAll('.tab')].map((tab) => tab.getAttribute('aria-label') ?? '')),
      );
    expect(tabs).toHaveLength(2);
    expect(tabs[0]!.some((label) => label.startsWith('deploy.yaml'))).toBe(true);
    expect(tabs[1]).toHaveLength(1);
  });

  it('reads well in 400 pixels', async () => {
    const { workbench } = session;
    await workbench.page.setViewportSize({ width: 820, height: 900 });
    await workbench.page.waitForTimeout(500);
    await workbench.screenshot('views-explain-narrow');
    const wide = await workbench
      .view()
      .locator('html')
      .evaluate((html) => [html.scrollWidth, html.clientWidth]);
    await workbench.page.setViewportSize({ width: 1400, height: 900 });
    expect(wide[0]).toBeLessThanOrEqual(wide[1] as number);
  });

  it('follows the text, and what is unfolded stays so', async () => {
    const { workbench, workspace } = session;
    await workbench.view().locator('#matching > summary').click();
    // A file opens where the focus is.
    await workbench.run('View: Focus First Editor Group');
    await workbench.openFile(trust);
    const { line, column } = workspace.find(trust, ':aud');
    await workbench.goTo({ line, column: column + 1 });
    await workbench.type('x');
    await viewSays(workbench, ':xaud');
    expect(
      await workbench
        .view()
        .locator('#matching')
        .evaluate((details) => details.hasAttribute('open')),
    ).toBe(true);
    await workbench.press('Backspace');
    await viewSays(workbench, 'Use :sub for the subject');
  });

  it('the rule of a fix opens as a page of the editor', async () => {
    const { workbench } = session;
    const link = workbench.view().locator('a[data-act="rule"]').first();
    await link.focus();
    await workbench.press('Enter');
    await until(async () => (await workbench.activeTab()).includes('Preview subject-under-audience-key.md'), 'the preview opens');
    await workbench.page.waitForTimeout(1500);
    await workbench.screenshot('views-rule');
    await closePreviews(workbench);
  });

  it('so does the code of a problem', async () => {
    const { workbench } = session;
    await waitFor(
      () => workbench.problems(),
      (found) => found.length > 0,
      'the problem is listed',
    );
    await workbench.page.locator('.markers-panel a', { hasText: 'subject-under-audience-key' }).first().click();
    await until(async () => (await workbench.activeTab()).includes('Preview subject-under-audience-key.md'), 'the preview opens');
    await workbench.page.waitForTimeout(1500);
    await closePreviews(workbench);
  });

  it('survives a restart of the server', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Restart Language Server');
    await viewSays(workbench, 'Can demo-namespace/demo-sa assume demo-role? No.');
  });

  it('comes back when the window is reloaded', async () => {
    const { workbench } = session;
    await workbench.saveAll();
    await workbench.reload();
    await viewSays(workbench, 'Can demo-namespace/demo-sa assume demo-role? No.');
  });

  it('the Roles tree lists what fails, and explains it', async () => {
    const { workbench } = session;
    await workbench.run('Explorer: Focus on Pod Roles View');
    const labels = await waitFor(
      () => treeRows(workbench),
      (found) => found.some((label) => label.includes('demo-namespace/demo-sa')),
      'the tree has its rows',
    );
    await workbench.screenshot('views-tree');
    expect(labels.slice(0, 3)).toEqual([
      expect.stringContaining("Can't assume (1)"),
      expect.stringContaining('demo-role'),
      expect.stringContaining("demo-namespace/demo-sa, can't assume"),
    ]);
  });

  it('a fix is a button, and the verdict follows', async () => {
    const { workbench } = session;
    const button = workbench.view().locator('button', { hasText: /^\s*Use :sub for the subject\s*$/ });
    await button.focus();
    await workbench.press('Enter');
    await viewSays(workbench, 'Can demo-namespace/demo-sa assume demo-role? Yes.');
    expect(
      await workbench
        .view()
        .locator('html')
        .evaluate((html) => html.scrollTop),
    ).toBe(0);
    await waitFor(
      () => treeRows(workbench),
      (labels) => labels[0]?.startsWith('Can assume (1)') === true,
      'the tree follows',
    );
    await workbench.screenshot('views-explain-allowed');
    await workbench.saveAll();
    await until(() => Promise.resolve(session.workspace.read(trust).includes(':sub"')), 'the file is saved');
  });

  it('the Access Map is drawn, filters, and leads to the place', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Show Access Map');
    const view = workbench.view();
    await view.locator('#map svg').waitFor();
    await workbench.screenshot('views-map');
    await view.locator('#filter-text').fill('nothing-like-it');
    await viewSays(workbench, 'Nothing matches.');
    await view.locator('#filter-text').fill('demo-sa');
    const node = view.locator('[data-node]', { hasText: 'api-deployment' });
    await node.focus();
    await workbench.press('ArrowRight', 'Enter');
    await until(async () => (await workbench.activeTab()).startsWith('sa.yaml'), 'the service account opens');
  });
});

describe('the views of the examples', () => {
  const folder = resolve(import.meta.dirname, '../../examples');
  const session = editorSession(
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length + 1), readFileSync(join(parentPath, name), 'utf8')]),
    ),
  );

  it('Show Role Permissions is a table that filters', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('k8s/service-accounts.yaml');
    await waitFor(
      () => workbench.lenses(),
      (lenses) => lenses.some((text) => text.startsWith('✓ Can assume')),
      'the lens says yes',
    );
    await workbench.goTo(workspace.find('k8s/service-accounts.yaml', 'role/demo-role'));
    await workbench.run('Pod Roles: Show Role Permissions');
    await viewSays(workbench, 'Permissions of demo-role');
    await workbench.screenshot('views-permissions');
    const view = workbench.view();
    const rows = () => view.locator('#grants tbody tr:visible').count();
    const all = await rows();
    await view.locator('#filter-level').selectOption('write');
    const writes = await rows();
    expect(writes).toBeGreaterThan(0);
    expect(writes).toBeLessThan(all);
    await view.locator('#filter-text').fill('zzzz');
    expect(await rows()).toBe(0);
    await view
      .locator('#grants a')
      .first()
      .evaluate((link) => link.closest('table')!.hasAttribute('id'));
  });

  it('the map shows what roles may do', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Show Access Map');
    await workbench.view().locator('#map svg').waitFor();
    expect(await workbench.viewText()).toContain('Permissions');
    await workbench.view().locator('#group-by').selectOption('namespace');
    await workbench.screenshot('views-map-examples');
  });
});
