import type { Location, ReferenceParams } from 'vscode-languageserver/node';
import { referencesAt } from '../../core/features/references';
import { toLocation } from '../convert';
import { guard, type Session } from '../session';
import { offsetAt } from './at';

/** textDocument/references */
export function registerReferences(session: Session): void {
  session.connection.onReferences(
    guard<ReferenceParams, Location[]>(session, 'textDocument/references', [], (params) => {
      const offset = offsetAt(session, params);
      if (offset === undefined) return [];
      const places = referencesAt(
        session.workspace.viewOf(params.textDocument.uri),
        params.textDocument.uri,
        offset,
        params.context.includeDeclaration,
      );
      return places.map((place) => toLocation(session.workspace, place));
    }),
  );
}
