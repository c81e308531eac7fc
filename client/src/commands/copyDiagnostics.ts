import { homedir } from 'node:os';
import { env, UIKind, version as vscodeVersion, window, workspace } from 'vscode';
import { diagnosticsText } from '../diagnosticsText';
import type { Services } from '../services';
import { section } from '../settings';

/** Puts a report for an issue on the clipboard: versions, settings, what was read and skipped, and the log, without secrets. */
export async function copyDiagnostics({ context, status, aws, recorded }: Services): Promise<void> {
  const manifest = context.extension.packageJSON as Manifest;
  const where = env.uiKind === UIKind.Web ? 'web' : 'desktop';
  const text = diagnosticsText({
    versions: [
      `${manifest.name} ${manifest.version}`,
      `VS Code ${vscodeVersion}, ${where}${env.remoteName === undefined ? '' : `, remote: ${env.remoteName}`}`,
      `${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
    ],
    trusted: workspace.isTrusted,
    settings: changedSettings(Object.keys(manifest.contributes.configuration.properties)),
    status: status.current,
    aws: aws.state?.source ?? 'off',
    log: recorded.recent,
    home: homedir(),
  });
  await env.clipboard.writeText(text);
  window.setStatusBarMessage('$(check) Pod Roles: diagnostics copied', 5000);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, unknown>> } };
}

/** Of our settings those that somebody set. */
function changedSettings(names: readonly string[]): Record<string, unknown> {
  const settings = workspace.getConfiguration();
  const changed: Record<string, unknown> = {};
  for (const name of names.filter((each) => each.startsWith(`${section}.`))) {
    const { workspaceFolderValue, workspaceValue, globalValue } = settings.inspect(name) ?? {};
    const value: unknown = workspaceFolderValue ?? workspaceValue ?? globalValue;
    if (value !== undefined) changed[name] = value;
  }
  return changed;
}
