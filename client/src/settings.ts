import { workspace } from 'vscode';

/** The section of the user's settings that is ours. */
export const section = 'podRoles';

/**
 * The settings as the server takes them at its start; later changes reach it as
 * `workspace/didChangeConfiguration`. Defaults are those of package.json.
 */
export function readSettings(): Record<string, unknown> {
  const settings = workspace.getConfiguration(section);
  return {
    rules: settings.get('rules'),
    exclude: settings.get('exclude'),
    codeLens: settings.get('codeLens'),
    trustPolicyQuota: settings.get('trustPolicyQuota'),
    maxFileSize: settings.get('maxFileSize'),
  };
}
