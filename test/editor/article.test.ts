import { expect, it } from 'vitest';
import { articleFiles, mended, mistake, trustPolicy } from './support/article';
import { editorSession } from './support/session';
import { waitFor } from './support/workbench';

// The story by which the project is judged: the article's mistake is typed, explained, mended and proven.
const trust = 'iam/demo-role/trust.json';
const session = editorSession({ ...articleFiles(mistake), [trust]: trustPolicy('') });

it('typing the mistake gives one diagnostic that says what the pod would print', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile(trust);
  const line = workspace.find(trust, '"StringLike": {').line + 1;
  await workbench.goTo({ line, column: 11 });
  await workbench.type(mistake);

  const problems = await waitFor(
    () => workbench.problems(),
    // While the text is typed, that of the half of it may be there for a moment.
    (found) => found.length === 1 && found[0]!.includes('subject-under-audience-key'),
    'the problem is reported, alone',
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity');
  expect(problems[0]).toContain('subject-under-audience-key');
  await workbench.saveAll();
});

it('the lens on the account says that the role refuses it', async () => {
  const { workbench } = session;
  await workbench.openFile('k8s/sa.yaml');
  await waitFor(
    () => workbench.lenses(),
    (lenses) => lenses.some((text) => text.startsWith("✗ Can't assume demo-role")),
    'the lens says no',
  );
});

it('one key press turns it into :sub', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile(trust);
  const { line, column } = workspace.find(trust, ':aud');
  await workbench.goTo({ line, column: column + 1 });
  await workbench.applyCodeAction('Use :sub for the subject');
  await waitFor(
    () => workbench.problems(),
    (found) => !found.some((text) => text.startsWith('Error')),
    'the error is gone',
  );
  await workbench.saveAll();
  await expect.poll(() => workspace.read(trust), { timeout: 10_000 }).toBe(trustPolicy(mended));
});

it('the lens then says that the role admits the account', async () => {
  const { workbench } = session;
  await workbench.openFile('k8s/sa.yaml');
  await waitFor(
    () => workbench.lenses(),
    (lenses) => lenses.some((text) => text.startsWith('✓ Can assume demo-role')),
    'the lens says yes',
  );
});

it('Explain Access shows each condition met, with links to the lines', async () => {
  const { workbench, workspace } = session;
  await workbench.openFile('k8s/sa.yaml');
  await workbench.goTo(workspace.find('k8s/sa.yaml', 'demo-sa'));
  await workbench.run('Pod Roles: Explain Access');
  const page = await waitFor(
    () => workbench.viewText(),
    (text) => text.includes('Can demo-namespace/demo-sa assume demo-role?'),
    'the view has its verdict',
  );
  expect(page).toContain('Yes.');
  expect(page).toContain('api-deployment');
  expect(page).not.toContain('✗');
  await workbench.view().locator('#matching > summary').click();
  expect(await workbench.viewText()).toMatch(/StringLike +…:sub/);
  expect(
    await workbench
      .view()
      .locator('a', { hasText: /^trust\.json:\d+$/ })
      .count(),
  ).toBeGreaterThan(1);
});

it('undo brings the mistake and its diagnostic back', async () => {
  const { workbench } = session;
  await workbench.openFile(trust);
  await workbench.press('Control+z');
  await waitFor(
    () => workbench.problems(),
    (found) => found.some((text) => text.startsWith('Error')),
    'the problem is back',
  );
});
