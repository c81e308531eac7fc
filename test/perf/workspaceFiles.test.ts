import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { toUri } from '../../server/src/host/paths';
import type { Diagnostics } from '../../server/src/lsp/diagnostics';
import { FileUris } from '../../server/src/lsp/fileUris';
import type { Session } from '../../server/src/lsp/session';
import type { StatusReporter } from '../../server/src/lsp/status';
import { WorkspaceFiles } from '../../server/src/lsp/workspaceFiles';

let root = '';
const roots: string[] = [];
beforeEach(() => void roots.push((root = mkdtempSync(join(tmpdir(), 'pod-roles-files-')))));
afterAll(() => roots.forEach((each) => rmSync(each, { recursive: true, force: true })));

const account = (name: string) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/${name}
`;

function started() {
  const workspace = new Workspace();
  const told = { changes: 0 };
  const session = {
    workspace,
    documents: new Map(),
    uris: new FileUris(),
    can: { watchFiles: false },
    log: {
      crash: (_: string, error: unknown) => {
        throw error;
      },
      info: () => undefined,
      scanned: () => undefined,
    },
  } as unknown as Session;
  const status = { setBusy: () => undefined, setFiles: () => undefined } as unknown as StatusReporter;
  const files = new WorkspaceFiles(session, { workspaceChanged: () => void told.changes++ } as unknown as Diagnostics, status, [
    toUri(root),
  ]);
  return { workspace, files, told };
}

test('another branch: each file is read once, and what follows is told once', async () => {
  const { workspace, files, told } = started();
  await files.start();
  const uris = Array.from({ length: 600 }, (_, i) => {
    writeFileSync(join(root, `${i}.yaml`), account(`a${i}`));
    return toUri(join(root, `${i}.yaml`));
  });
  const before = { read: files.filesRead, told: told.changes };
  // Editors send them in several messages, and the same file in more than one.
  await Promise.all([0, 200, 400, 0].map((from) => files.changed(uris.slice(from, from + 200))));
  expect(files.filesRead - before.read).toBe(600);
  expect(told.changes - before.told).toBe(1);
  expect([...workspace.checkable()]).toHaveLength(600);
});

test('what is on disk counts, whatever was told before', async () => {
  const { workspace, files } = started();
  writeFileSync(join(root, 'a.yaml'), account('a'));
  await files.start();
  const uri = toUri(join(root, 'a.yaml'));
  const first = files.changed([uri]);
  rmSync(join(root, 'a.yaml'));
  await Promise.all([first, files.changed([uri])]);
  expect([...workspace.checkable()]).toEqual([]);
});

test('a long file is read in many steps, and as it is in one', () => {
  const text = Array.from({ length: 2000 }, (_, i) => account(`a${i}`)).join('---\n');
  const [inSteps, atOnce] = [new Workspace(), new Workspace()];
  const steps = [...inSteps.loading('file:///long.yaml', text)].length;
  atOnce.load('file:///long.yaml', text);
  expect(steps).toBeGreaterThan(10);
  expect(inSteps.wiring.facts('file:///long.yaml')).toEqual(atOnce.wiring.facts('file:///long.yaml'));
});

test('a file that the editor opens while it is read belongs to the editor', () => {
  const text = Array.from({ length: 2000 }, (_, i) => account(`a${i}`)).join('---\n');
  const workspace = new Workspace();
  const steps = workspace.loading('file:///long.yaml', text);
  steps.next();
  workspace.open('file:///long.yaml', account('mine'));
  while (!steps.next().done);
  expect([...workspace.wiring.accounts()].map(({ name }) => name?.value)).toEqual(['mine']);
});

test('a file over the limit is passed over, and why is said', async () => {
  const { workspace, files } = started();
  writeFileSync(join(root, 'large.yaml'), account('a') + '#'.repeat(3 * 1024 * 1024));
  writeFileSync(join(root, 'small.yaml'), account('b'));
  files.setLimits([], undefined, 1024 * 1024);
  await files.start();
  expect(workspace.skipped()).toEqual([{ uri: toUri(join(root, 'large.yaml')), reason: 'too large: 3.0 MB, the limit is 1.0 MB' }]);
  expect([...workspace.checkable()]).toEqual([toUri(join(root, 'small.yaml'))]);
});
