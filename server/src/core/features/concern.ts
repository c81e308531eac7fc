import type { WorkspaceView } from './workspaceView';

/** Whether the workspace wires any pod to a role: else commands and shapes about it are noise. */
export function knowsPodRoles({ wiring }: WorkspaceView): boolean {
  if (hasWiring({ wiring })) return true;
  for (const _ of wiring.policies()) return true;
  return wiring.settings.clusters.length > 0;
}

/** Whether a service account of the workspace uses a role, by its annotation or by an association. */
export function hasWiring({ wiring }: Pick<WorkspaceView, 'wiring'>): boolean {
  for (const account of wiring.accounts()) if (account.roleArn) return true;
  for (const _ of wiring.grants()) return true;
  return false;
}

/**
 * Whether commands on roles make sense in a file: it has facts, and pods are wired to roles somewhere. A Deployment in a
 * repository that has nothing to do with AWS does not count.
 */
export function concernsPodRoles(view: WorkspaceView, uri: string): boolean {
  return view.wiring.facts(uri).length > 0 && knowsPodRoles(view);
}
