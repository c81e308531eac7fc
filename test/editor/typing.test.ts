import { describe, expect, it } from 'vitest';
import { articleFiles, mended } from './support/article';
import { editorSession } from './support/session';
import { trusted, until, waitFor } from './support/workbench';

/** As a user has it who changed nothing: lists open while typing, and Enter takes what is marked. */
const untouched = {
  ...trusted,
  'editor.quickSuggestions': { other: 'on', comments: 'off', strings: 'on' },
  'editor.suggestOnTriggerCharacters': true,
  'editor.acceptSuggestionOnEnter': 'on',
  // Words of other files are VS Code's own offer, and Enter takes them.
  'editor.wordBasedSuggestions': 'off',
};
/** An editor that saves by itself shows no tab as dirty, so that the file tells when it is saved. */
const saved = { timeout: 10_000 };
const suggestions = '.suggest-widget.visible .monaco-list-row';

describe('typing', () => {
  const session = editorSession(
    {
      ...articleFiles(mended),
      'k8s/typed.yaml': '',
      'k8s/empty.yaml': '',
      'docker-compose.yml': '',
      'k8s/annotate.yaml':
        'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa\n  namespace: demo-namespace\n  annotations:\n    ',
      'iam/new/trust.json': '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "" }] }\n',
    },
    untouched,
  );
  const rows = () =>
    session.workbench.page.locator(suggestions).evaluateAll((nodes) => nodes.map((row) => row.getAttribute('aria-label') ?? ''));

  it('a kind and Enter makes a new line and nothing else', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('k8s/sa.yaml');
    await waitFor(
      () => workbench.status(),
      (text) => /Pod Roles: 4 files/.test(text),
      'the folder is read',
    );
    await workbench.openFile('k8s/typed.yaml');
    await workbench.page.keyboard.type('kind: ServiceAccount', { delay: 40 });
    await workbench.page.waitForTimeout(1500);
    await workbench.press('Enter');
    await workbench.page.keyboard.type('metadata:', { delay: 40 });
    await workbench.press('Escape');
    await workbench.saveAll();
    await expect.poll(() => workspace.read('k8s/typed.yaml'), saved).toBe('kind: ServiceAccount\nmetadata:');
  });

  it('an empty manifest offers whole documents, filled in with what the workspace knows', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('k8s/empty.yaml');
    const labels = await workbench.completions();
    expect(labels[0]).toContain('ServiceAccount with an IAM role');
    await workbench.screenshot('shapes in an empty manifest');
    await workbench.press('Enter');
    await until(async () => (await workbench.visibleText()).includes('namespace: demo-namespace'), 'the shape is written');
    await workbench.press('Escape', 'Escape');
    await workbench.saveAll();
    await expect.poll(() => workspace.read('k8s/empty.yaml'), saved).toContain('role-arn: arn:aws:iam::481516234212:role/<ROLE_NAME>');
    await workbench.run('File: Revert File');
  });

  it('a compose file offers nothing of ours', async () => {
    const { workbench } = session;
    await workbench.openFile('docker-compose.yml');
    await workbench.press('Control+Space');
    await workbench.page.waitForTimeout(1500);
    expect((await rows()).join('\n')).not.toMatch(/ServiceAccount|IAM role|Pod Identity/);
    await workbench.press('Escape');
  });

  it('the annotation is written without a made-up role, and the list of roles opens by itself', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('k8s/annotate.yaml');
    await workbench.goTo({ line: 7, column: 5 });
    const keys = await workbench.completions();
    expect(keys[0]).toContain('eks.amazonaws.com/role-arn');
    await workbench.press('Enter');
    const roles = await waitFor(rows, (labels) => labels.some((label) => label.includes('demo-role')), 'the roles are listed');
    await workbench.screenshot('roles after the annotation');
    expect(roles[0]).toMatch(/^demo-role/);
    expect(await workbench.page.locator(suggestions).first().textContent()).toContain('✓ allows this service account');
    expect(roles.join('\n')).toContain('Create a role…');
    expect(roles.join('\n')).not.toContain('111122223333');
    await workbench.press('Enter');
    await workbench.saveAll();
    await expect
      .poll(() => workspace.read('k8s/annotate.yaml'), saved)
      .toMatch(/\n {4}eks\.amazonaws\.com\/role-arn: arn:aws:iam::481516234212:role\/demo-role$/);
  });

  it('an action of a trust policy is offered once, what a pod needs first', async () => {
    const { workbench, workspace } = session;
    await workbench.openFile('iam/new/trust.json');
    const { line, column } = workspace.find('iam/new/trust.json', '"Action": ""');
    await workbench.goTo({ line, column: column + '"Action": "'.length });
    const actions = (await workbench.completions()).filter((label) => label.includes('sts:'));
    await workbench.screenshot('actions of a trust policy');
    expect(actions[0]).toContain('sts:AssumeRoleWithWebIdentity');
    expect(new Set(actions.map((label) => /sts:\w+/.exec(label)![0])).size).toBe(actions.length);
    await workbench.press('Escape');
    await workbench.run('File: Revert File');
  });
});

describe('the palette and the menu', () => {
  const role =
    'resource "aws_iam_role" "x" {\n  name = "x"\n  assume_role_policy = jsonencode({\n    Version = "2012-10-17"\n    Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::481516234212:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F" } }]\n  })\n}\n';
  const session = editorSession({
    ...articleFiles(mended),
    'tf/main.tf': role,
    'notes.yaml': 'shopping:\n  - milk\n',
    'docker-compose.yml': 'services: {}\n',
  });

  /** Whether the palette lists a command. It draws no more rows than fit, so each is looked for by its name. */
  async function isOffered(command: string): Promise<boolean> {
    const { workbench } = session;
    await workbench.press('Escape', 'F1');
    await workbench.quickInput().fill(`>${command}`);
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    const labels = await waitFor(
      () => rows.evaluateAll((nodes) => nodes.map((row) => row.getAttribute('aria-label') ?? '')),
      (all) => all.length > 0 && all.length < 10,
      'the palette has looked for the command',
    );
    await workbench.press('Escape');
    return labels.some((label) => label.replace(/,.*/, '') === command);
  }

  it.each([
    ['tf/main.tf', true],
    ['k8s/sa.yaml', true],
    ['notes.yaml', false],
    ['docker-compose.yml', false],
  ])('%s: %s', async (path, concerns) => {
    const { workbench } = session;
    await workbench.openFile(path);
    await waitFor(
      () => isOffered('Pod Roles: Explain Access'),
      (found) => found === concerns,
      `Explain Access is ${concerns ? '' : 'not '}offered`,
    );
    expect(await isOffered('Pod Roles: Show Role Permissions')).toBe(concerns);
    await workbench.press('Shift+F10');
    const menu = workbench.page.locator('.context-view .monaco-menu');
    await menu.waitFor();
    const text = (await menu.textContent()) ?? '';
    await workbench.screenshot(`menu of ${path}`);
    expect(text.includes('Pod Roles')).toBe(concerns);
    await workbench.press('Escape');
  });
});

describe('the log', () => {
  const session = editorSession(articleFiles(mended));

  it('tells a story, and a wanted restart is no error', async () => {
    const { workbench } = session;
    await workbench.openFile('k8s/sa.yaml');
    await waitFor(
      () => workbench.status(),
      (text) => /Pod Roles: 3 files/.test(text),
      'the folder is read',
    );
    await workbench.run('Pod Roles: Restart Language Server');
    await waitFor(
      () => workbench.status(),
      (text) => /Pod Roles: 3 files/.test(text),
      'the folder is read again',
    );
    await workbench.run('Pod Roles: Show Log');
    await workbench.run('View: Toggle Maximized Panel');
    const output = workbench.page.locator('.panel .view-lines, .part.panel .view-lines').first();
    const text = await waitFor(
      async () => (await output.locator('.view-line').allTextContents()).join('\n').replaceAll('\u00a0', ' '),
      (all) => /Restarting the language server[^]*Indexed 3 files/.test(all),
      'the log tells of the restart',
    );
    await workbench.screenshot('the log');
    expect(text).toMatch(/pod-roles \d+\.\d+\.\d+, VS Code/);
    expect(text).toMatch(/Language server \d+\.\d+\.\d+, Node\.js/);
    expect(text).not.toMatch(/\[error\]|\[warning\]/);
  });
});
