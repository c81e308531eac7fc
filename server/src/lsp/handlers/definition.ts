import type { Location, LocationLink } from 'vscode-languageserver/node';
import { definitionAt } from '../../core/features/definition';
import { toLocation } from '../convert';
import { guard, type Session } from '../session';
import { offsetAt } from './at';

/** textDocument/definition */
export function registerDefinition(session: Session): void {
  session.connection.onDefinition(
    guard<Parameters<typeof offsetAt>[1], Location[] | LocationLink[] | null>(session, 'textDocument/definition', null, (params) => {
      const offset = offsetAt(session, params);
      const { uri } = params.textDocument;
      const { workspace } = session;
      // What an example names and no example defines may be a real thing of the workspace.
      const found =
        offset === undefined ? undefined : (definitionAt(workspace.viewOf(uri), uri, offset) ?? definitionAt(workspace, uri, offset));
      return found ? found.targets.map((place) => toLocation(session.workspace, place)) : null;
    }),
  );
}
