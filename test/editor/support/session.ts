import { afterAll, beforeAll, beforeEach } from 'vitest';
import { Workbench } from './workbench';
import { TestWorkspace } from './workspace';

/** One window for the tests of a file or block. A test that fails leaves a picture of the screen. */
export function editorSession(files: Readonly<Record<string, string>>, settings?: object, { folder = true } = {}) {
  const session = {} as { workspace: TestWorkspace; workbench: Workbench };

  beforeAll(async () => {
    session.workspace = new TestWorkspace(files);
    session.workbench = await Workbench.open(folder ? session.workspace.folder : undefined, settings);
  });

  beforeEach(({ task, onTestFailed }) => {
    onTestFailed(() => session.workbench?.screenshot(task.name));
  });

  afterAll(async () => {
    await session.workbench?.close();
    session.workspace?.dispose();
  });

  return session;
}
