import { DidChangeConfigurationNotification, DidChangeWorkspaceFoldersNotification } from '../library';
import { activeFileNotification } from '../protocol';
import type { Session } from '../session';
import type { Parts } from './parts';

/** What changes outside of the editor's buffers: files on disk, folders, settings, the file in front. */
export function registerFiles(session: Session, { files, settings, status }: Parts): void {
  const { connection, log } = session;
  // Notifications have no answer that could carry a failure: it is logged, and nothing else stops.
  const behind = (name: string, work: () => Promise<unknown>): void => {
    void work().catch((error: unknown) => log.crash(name, error));
  };
  const configChanged = (changes: readonly { readonly uri: string }[]): void => {
    const config = changes.find(({ uri }) => settings.isConfig(uri));
    if (config) settings.fileChanged(config.uri);
  };
  // What the editor itself does is told at once; the watcher tells it again, later.
  connection.onDidChangeWatchedFiles(({ changes }) => {
    behind('reading changed files', () => files.changed(changes));
    configChanged(changes);
    if (changes.some(({ uri }) => session.aws?.isSnapshot(uri))) session.aws?.settingsChanged();
  });
  connection.workspace.onDidRenameFiles(({ files: renamed }) => behind('reading renamed files', async () => {
    for (const { oldUri, newUri } of renamed) await files.renamed(oldUri, newUri);
    configChanged(renamed.flatMap(({ oldUri, newUri }) => [{ uri: oldUri }, { uri: newUri }]));
  }));
  connection.workspace.onDidDeleteFiles(({ files: gone }) => {
    for (const { uri } of gone) files.removed(uri);
    configChanged(gone);
  });
  connection.workspace.onDidCreateFiles(({ files: made }) => behind('reading new files', async () => {
    for (const { uri } of made) await files.added(uri);
    configChanged(made);
  }));
  // Not `connection.workspace.onDidChangeWorkspaceFolders`: asked for here, it registers with the client before
  // `initialize` is answered, which the client refuses. The server's capabilities ask for these events already.
  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => behind('reading new folders', async () => {
    files.removeFolders(removed.map((folder) => folder.uri));
    files.addFolders(added.map((folder) => folder.uri));
    await settings.reload();
    await files.scan();
  }));
  connection.onNotification(DidChangeConfigurationNotification.type, () => behind('reading the settings', () => settings.reload()));
  connection.onNotification(activeFileNotification, ({ uri }) => status.setActive(uri ?? undefined));
}
