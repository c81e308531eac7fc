import { DidChangeConfigurationNotification, DidChangeWorkspaceFoldersNotification } from '../library';
import { activeFileNotification } from '../../../../protocol/workspace';
import type { Session } from '../session';
import type { Parts } from './parts';

/** What changes outside of the editor's buffers: files on disk, folders, settings, the file in front. */
export function registerFiles(session: Session, { files, settings, status }: Parts): void {
  const { connection, log } = session;
  // Notifications have no answer that could carry a failure: it is logged, and nothing else stops.
  const behind = (name: string, work: () => Promise<unknown>): void => {
    void work().catch((error: unknown) => log.crash(name, error));
  };
  // What the editor itself does is told at once; the watcher tells it again, later.
  const changed = (uris: readonly string[]): void => {
    behind('reading changed files', () => files.changed(uris));
    for (const uri of uris) settings.fileChanged(uri);
    if (uris.some((uri) => session.aws?.isSnapshot(uri))) session.aws?.settingsChanged();
  };
  connection.onDidChangeWatchedFiles(({ changes }) => changed(changes.map(({ uri }) => uri)));
  connection.workspace.onDidRenameFiles(({ files: renamed }) => changed(renamed.flatMap(({ oldUri, newUri }) => [oldUri, newUri])));
  connection.workspace.onDidDeleteFiles(({ files: gone }) => changed(gone.map(({ uri }) => uri)));
  connection.workspace.onDidCreateFiles(({ files: made }) => changed(made.map(({ uri }) => uri)));
  // Not `connection.workspace.onDidChangeWorkspaceFolders`: asked for here, it registers with the client before
  // `initialize` is answered, which the client refuses. The server's capabilities ask for these events already.
  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) =>
    behind('reading new folders', async () => {
      files.removeFolders(removed.map((folder) => folder.uri));
      files.addFolders(added.map((folder) => folder.uri));
      await settings.reload();
      await files.scan();
    }),
  );
  connection.onNotification(DidChangeConfigurationNotification.type, () => behind('reading the settings', () => settings.reload()));
  connection.onNotification(activeFileNotification, ({ uri }) => status.setActive(uri ?? undefined));
}
