import { Uri, window } from 'vscode';
import type { MigrateTarget } from '../../../protocol/migrate';
import type { Services } from '../services';

/**
 * Opens the plan of the move from IRSA to EKS Pod Identity. Takes the place from a code action (`{uri, position}`) or a menu
 * (the file's Uri): then it is for the service account there; else it is for all.
 */
export async function migrateToEksPodIdentity({ migrate }: Services, target?: unknown): Promise<void> {
  await migrate.open(isTarget(target) ? target : target instanceof Uri ? cursor(target) : undefined);
}

function isTarget(value: unknown): value is MigrateTarget {
  return typeof value === 'object' && value !== null && typeof (value as MigrateTarget).uri === 'string';
}

/** The cursor counts where the file is the active one. */
function cursor(resource: Uri): MigrateTarget {
  const editor = window.activeTextEditor;
  if (resource.toString() !== editor?.document.uri.toString()) return { uri: resource.toString() };
  const { line, character } = editor.selection.active;
  return { uri: resource.toString(), position: { line, character } };
}
