import { expect, it } from 'vitest';
import { articleFiles, mistake } from './support/article';
import { editorSession } from './support/session';
import { waitFor } from './support/workbench';

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
  const text = await waitFor(
    () => workbench.viewText(),
    (found) => found.includes('Can demo-namespace/demo-sa assume demo-role? No.'),
    'the view has its verdict',
  );
  await workbench.screenshot('views-explain');
  expect(text).toContain('Deployment api-deployment');
  expect(text).toContain('trust.json:');
});

it('the Roles tree lists what fails first', async () => {
  const { workbench } = session;
  await workbench.run('Explorer: Focus on Pod Roles View');
  const rows = await waitFor(
    () => workbench.page.locator('.pane-body .monaco-list-row').evaluateAll((nodes) => nodes.map((row) => row.getAttribute('aria-label') ?? '')),
    (found) => found.some((label) => label.includes('demo-namespace/demo-sa')),
    'the tree has its rows',
  );
  await workbench.screenshot('views-tree');
  expect(rows.filter((row) => /assume|demo/.test(row))).toEqual([]);
});

it('draws the map', async () => {
  const { workbench } = session;
  await workbench.run('Pod Roles: Show Access Map');
  await workbench.view().locator('#map svg').waitFor();
  await workbench.screenshot('views-map');
});
