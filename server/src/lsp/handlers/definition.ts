import type { Location, LocationLink } from 'vscode-languageserver/node';
import { definitionAt } from '../../core/features/definition';
import { toLocation } from '../convert';
import { guard, type Session } from '../session';
import { offsetAt } from './at';

/** textDocument/definition */
export function registerDefinition(session: Session): void {
  session.connection.onDefinition(guard<Parameters<typeof offsetAt>[1], Location[] | LocationLink[] | null>(session, 'textDocument/definition', null, (params) => {
    const offset = offsetAt(session, params);
    const found = offset === undefined ? undefined : definitionAt(session.workspace, params.textDocument.uri, offset);
    return found ? found.targets.map((place) => toLocation(session.workspace, place)) : null;
  }));
}
