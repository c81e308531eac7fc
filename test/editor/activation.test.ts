import { expect, it } from 'vitest';
import { articleFiles, mended } from './support/article';
import { editorSession } from './support/session';
import { waitFor } from './support/workbench';

const session = editorSession(articleFiles(mended));

it('the packed extension starts with the first manifest and says how many files it knows', async () => {
  await session.workbench.openFile('k8s/sa.yaml');
  await waitFor(
    () => session.workbench.status(),
    (text) => text.includes('Pod Roles: 3 files'),
    'the status item counts the files',
  );
});

it('nothing pops up at the start', async () => {
  expect(await session.workbench.notifications()).toEqual([]);
});
