import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { articleFiles, mended } from './support/article';
import { Workbench, waitFor } from './support/workbench';
import { TestWorkspace } from './support/workspace';

let workspace: TestWorkspace;
let workbench: Workbench;

beforeAll(async () => {
  workspace = new TestWorkspace(articleFiles(mended));
  workbench = await Workbench.open(workspace.folder);
});

afterAll(async () => {
  await workbench?.close();
  workspace?.dispose();
});

it('the packed extension starts with the first manifest and says how many files it knows', async () => {
  onTestFailed(({ task }) => workbench.screenshot(task.name));
  await workbench.openFile('k8s/sa.yaml');
  const status = await waitFor(() => workbench.status(), (text) => /Pod Roles: 3 files/.test(text), 'the status item counts the files');
  expect(status).toContain('Pod Roles: 3 files');
});

it('no error pops up at the start', async () => {
  expect(await workbench.notifications()).toEqual([]);
});
