import { describe, expect, it } from 'vitest';
import { articleFiles, mistake } from './support/article';
import { editorSession } from './support/session';
import { restricted, trusted, waitFor } from './support/workbench';

describe('Restricted Mode', () => {
  const session = editorSession(articleFiles(mistake), restricted);

  it('checks as always: nothing that the folder names is run', async () => {
    const { workbench } = session;
    await workbench.openFile('iam/demo-role/trust.json');
    await waitFor(
      () => workbench.problems(),
      (found) => found.some((text) => text.includes('subject-under-audience-key')),
      'the mistake is reported',
    );
    await workbench.page.locator('#workbench\\.parts\\.statusbar', { hasText: 'Restricted Mode' }).waitFor();
  });
});

describe('the status item and the commands', () => {
  const session = editorSession({
    ...articleFiles(mistake),
    'k8s/broken.yaml': 'kind: ServiceAccount\0\0\0\neks.amazonaws.com/role-arn: x\n',
    'notes.yaml': 'shopping:\n  - milk\n',
  });

  it('names the files that were read, and those that were not with the reason', async () => {
    const { workbench } = session;
    await workbench.openFile('k8s/sa.yaml');
    await waitFor(
      () => workbench.status(),
      (text) => /Pod Roles: 3 files, this file is checked/.test(text),
      'the files are counted',
    );
    const list = await workbench.filesOfStatus();
    expect(list.join('\n')).toContain('k8s/sa.yaml');
    expect(list.find((row) => row.includes('k8s/broken.yaml'))).toMatch(/binary/);
    await workbench.press('Escape');
  });

  it('says why a file is not checked', async () => {
    const { workbench } = session;
    await workbench.openFile('notes.yaml');
    await waitFor(
      () => workbench.status(),
      (text) => text.includes('no service accounts, workloads or trust policies'),
      'the status speaks of this file',
    );
  });

  it('Check Workspace counts what it found', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Check Workspace');
    const [message] = await waitFor(
      () => workbench.notifications(),
      (texts) => texts.some((text) => text.includes('1 error')),
      'the result is shown',
    );
    expect(message).toMatch(/1 error.*3 of \d+ files checked/);
    const problems = await waitFor(
      () => workbench.problems(),
      (found) => found.length > 0,
      'files that are not open are in Problems',
    );
    expect(problems.join('\n')).toContain('subject-under-audience-key');
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('Restart Language Server, twice at once, ends with one server that works', async () => {
    const { workbench } = session;
    await workbench.openFile('iam/demo-role/trust.json');
    await workbench.run('Pod Roles: Restart Language Server');
    await workbench.run('Pod Roles: Restart Language Server');
    await waitFor(
      () => workbench.problems(),
      (found) => found.some((text) => text.includes('subject-under-audience-key')),
      'the mistake is reported again',
    );
    await waitFor(
      () => workbench.status(),
      (text) => text.includes('Pod Roles: 3 files'),
      'the files are counted again',
    );
    expect(await workbench.notifications()).toEqual([]);
  });

  it('Show Log opens the log', async () => {
    const { workbench } = session;
    await workbench.run('Pod Roles: Show Log');
    await workbench.page.locator('.panel .composite.title, .part.panel', { hasText: 'Output' }).first().waitFor();
  });
});

describe('a window without a folder', () => {
  const session = editorSession({}, { ...trusted, 'files.defaultLanguage': 'yaml' }, { folder: false });

  it('checks what is typed into an untitled file', async () => {
    const { workbench } = session;
    await workbench.run('File: New Untitled Text File');
    await workbench.type(
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n  annotations:\n    eks.amazonaws.com/role_arn: arn:aws:iam::481516234212:role/x\n',
    );
    await waitFor(
      () => workbench.problems(),
      (found) => found.some((text) => text.includes('annotation-key-misspelt')),
      'the misspelt key is reported',
    );
  });
});
