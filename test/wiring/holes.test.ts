import { expect, it } from 'vitest';
import { account, accountIn, deployment, workspaceOf } from './build';

const name = '{{ .Values.name }}-sa';
const own = account(`"${name}"`, '"{{ .Release.Namespace }}"', 'demo-role');
const used = deployment(`"${name}"`, '"{{ .Release.Namespace }}"');

/** The files of the workloads that use the account of a file. */
function workloadsOf(files: Record<string, string>, path: string): string[] {
  const workspace = workspaceOf(files);
  return workspace.wiring.workloadsOf(accountIn(workspace, path)).map(({ doc }) => doc.uri.slice(doc.uri.lastIndexOf('/repo/') + 6));
}

it('a name with a hole means one thing in its folder', () => {
  expect(workloadsOf({ 'a/sa.yaml': own, 'a/deploy.yaml': used }, 'a/sa.yaml')).toEqual(['a/deploy.yaml']);
});

it.each([
  ['beside it', { 'a/sa.yaml': own, 'b/deploy.yaml': used }],
  ['below it', { 'a/sa.yaml': own, 'a/more/deploy.yaml': used }],
  ['above it', { 'a/sa.yaml': own, 'deploy.yaml': used }],
  // The namespace is known and the same: the name alone is in doubt.
  [
    'beside it, in one namespace',
    { 'a/sa.yaml': account(`"${name}"`, 'demo', 'demo-role'), 'b/deploy.yaml': deployment(`"${name}"`, 'demo') },
  ],
])('and something else in a folder %s', (_where, files) => {
  expect(workloadsOf(files as unknown as Record<string, string>, 'a/sa.yaml')).toEqual([]);
});
