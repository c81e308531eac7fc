import { readSettings } from '../../server/src/core/config/readSettings';
import { defaultSettings } from '../../server/src/core/config/settings';
import type { Finding, Fix } from '../../server/src/core/rules/rule';
import { readSnapshot } from '../../server/src/core/snapshot/read';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { setHclParser } from '../../server/src/core/syntax/hcl/parser';
import { Workspace, type WorkspaceOptions } from '../../server/src/core/workspace/workspace';
import { loadHcl } from '../../server/src/hcl/load';
import { applyEdits, type FileEdit, type Fixture, type Mark } from './fixture';

setHclParser(await loadHcl());

const root = 'file:///workspace';

export const uriOf = (path: string): string => `${root}/${path}`;
export const pathOf = (uri: string): string => uri.slice(root.length + 1);

/** The file of a fixture that tells what AWS knows. */
const snapshotName = 'pod-roles.snapshot.json';

/** A workspace with settings taken from a `pod-roles.yaml` among the files, AWS from a `pod-roles.snapshot.json`; `fill` puts the others in. */
function workspaceOf(
  files: ReadonlyMap<string, string>,
  options: WorkspaceOptions,
  fill: (workspace: Workspace, uri: string, text: string) => void,
): Workspace {
  const errors: string[] = [];
  const workspace = new Workspace({ ...options, log: (message: string) => errors.push(message) });
  // As every front does, also where there is no pod-roles.yaml: folders of tests are told by their path below the base.
  workspace.configure({ ...defaultSettings, base: root });
  for (const [path, text] of files) {
    if (path === 'pod-roles.yaml') {
      const { settings, problems } = readSettings(text, uriOf(path));
      if (problems.length > 0) throw new Error(`pod-roles.yaml: ${JSON.stringify(problems)}`);
      workspace.configure(settings);
    }
  }
  const snapshot = files.get(snapshotName);
  if (snapshot !== undefined) {
    const { facts, problems, label } = readSnapshot(snapshot);
    if (!facts || problems.length > 0) throw new Error(`${snapshotName}: ${problems.join(' ')}`);
    workspace.setAws(new AwsIndex(facts, { kind: 'snapshot', label }));
  }
  for (const [path, text] of files) if (path !== snapshotName) fill(workspace, uriOf(path), text);
  for (const path of files.keys()) workspace.check(uriOf(path));
  if (errors.length > 0) throw new Error(`the engine logged: ${errors.join('; ')}`);
  return workspace;
}

/** A workspace with all files open. */
export function openWorkspace(files: ReadonlyMap<string, string>): Workspace {
  return workspaceOf(files, {}, (workspace, uri, text) => workspace.open(uri, text));
}

/** A workspace with all files on the disk, as the command line reads them; `textOf` gives a file's text again. */
export function closedWorkspace(files: ReadonlyMap<string, string>, textOf: (uri: string) => string | undefined): Workspace {
  const again = (uri: string) => {
    const text = textOf(uri);
    return text === undefined ? undefined : { text };
  };
  return workspaceOf(files, { textOf: again }, (workspace, uri, text) => workspace.load(uri, text));
}

/** All findings of the workspace, file by file in the fixture's order. */
export function findingsOf(workspace: Workspace, files: Iterable<string>): Finding[] {
  return [...files].flatMap((path) => [...workspace.check(uriOf(path))]);
}

export function markOf(finding: Finding): Mark {
  const { doc, span } = finding.at;
  return { path: pathOf(doc.uri), rule: finding.rule, level: finding.level, start: doc.start + span.start, end: doc.start + span.end };
}

/** The workspace's files after a fix. */
export function applyFix(files: ReadonlyMap<string, string>, fix: Fix): Map<string, string> {
  const edits = new Map<string, FileEdit[]>();
  for (const { doc, span, newText } of fix.edits) {
    const path = pathOf(doc.uri);
    const list = edits.get(path) ?? [];
    list.push({ start: doc.start + span.start, end: doc.start + span.end, newText });
    edits.set(path, list);
  }
  const after = new Map(files);
  for (const [path, list] of edits) after.set(path, applyEdits(files.get(path) ?? '', list));
  return after;
}

/** Whether a finding is among those that a fixture compares. */
export function compared(fixture: Fixture, rule: string): boolean {
  return fixture.only.length === 0 || fixture.only.includes(rule);
}
