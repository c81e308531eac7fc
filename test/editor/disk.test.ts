import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serviceAccount } from './support/article';
import { editorSession } from './support/session';
import { waitFor } from './support/workbench';

const wrong = serviceAccount.replace(':role/demo-role', ':user/demo-role');
const session = editorSession({ 'k8s/sa.yaml': serviceAccount, 'other/readme.yaml': 'a: 1\n' });
const path = (name: string): string => join(session.workspace.folder, name);
const git = (...args: string[]): void =>
  void execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args], {
    cwd: session.workspace.folder,
    stdio: 'pipe',
  });

/** The files that Problems names for a malformed ARN. */
async function expectProblems(files: readonly string[], what: string): Promise<void> {
  const problems = await waitFor(
    () => session.workbench.problems(),
    (found) => {
      const malformed = found.filter((text) => text.includes('role-arn-malformed'));
      return malformed.length === files.length;
    },
    what,
  );
  expect(problems.filter((text) => text.includes('role-arn-malformed'))).toHaveLength(files.length);
}

it('a file that another program writes is checked again', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile('other/readme.yaml');
  await waitFor(
    () => workbench.status(),
    (text) => /Pod Roles: 1 file/.test(text),
    'the folder is read',
  );
  workspace.write('k8s/sa.yaml', wrong);
  await expectProblems(['k8s/sa.yaml'], 'the change is seen');
  workspace.write('k8s/sa.yaml', serviceAccount);
  await expectProblems([], 'the repair is seen');
});

it('a new folder with files in it is read', async () => {
  mkdirSync(path('new/inner'), { recursive: true });
  session.workspace.write('new/inner/sa.yaml', wrong);
  await expectProblems(['new/inner/sa.yaml'], 'the new folder is read');
});

it('a renamed folder is followed', async () => {
  renameSync(path('new'), path('moved'));
  await waitFor(
    async () => (await session.workbench.page.locator('.markers-panel').textContent()) ?? '',
    (text) => /moved/.test(text) && !/new\/inner/.test(text),
    'the new name is shown',
  );
  await expectProblems(['moved/inner/sa.yaml'], 'it is told once');
});

it('a deleted folder is forgotten, and so are its findings', async () => {
  rmSync(path('moved'), { recursive: true });
  await expectProblems([], 'nothing is left of it');
});

it('another branch is another workspace, and back', async () => {
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'right');
  git('checkout', '-qb', 'wrong');
  for (let i = 0; i < 40; i++) session.workspace.write(`many/${i}.yaml`, wrong.replace('demo-sa', `sa-${i}`));
  session.workspace.write('k8s/sa.yaml', wrong);
  git('add', '-A');
  git('commit', '-qm', 'wrong');
  await waitFor(
    () => session.workbench.status(),
    (text) => /Pod Roles: 41 files/.test(text),
    'the new files are known',
  );
  git('checkout', '-q', 'main');
  await waitFor(
    () => session.workbench.status(),
    (text) => /Pod Roles: 1 file\b/.test(text),
    'the other branch is read',
  );
  await expectProblems([], 'the other branch has no problem');
  git('checkout', '-q', 'wrong');
  await waitFor(
    () => session.workbench.status(),
    (text) => /Pod Roles: 41 files/.test(text),
    'and back',
  );
});

it('what becomes ignored is no longer checked', async () => {
  session.workspace.write('.gitignore', 'many/\nk8s/\n');
  await expectProblems([], 'ignored files have no findings');
});
