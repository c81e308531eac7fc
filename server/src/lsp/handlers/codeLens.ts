import type { CodeLens, CodeLensParams } from 'vscode-languageserver/node';
import { lensesOf } from '../../core/features/codeLens';
import { toLocation, toRange } from '../convert';
import { guard, type Session } from '../session';

/** textDocument/codeLens */
export function registerCodeLens(session: Session): void {
  session.connection.onCodeLens(
    guard<CodeLensParams, CodeLens[]>(session, 'textDocument/codeLens', [], ({ textDocument: { uri } }) => {
      if (!session.codeLens) return [];
      const { workspace, can } = session;
      return lensesOf(workspace, uri).map((lens) => {
        const range = toRange(workspace, lens.at.doc, lens.at.span);
        if (!can.podRolesCommands) return { range, command: { title: lens.title, command: '' } };
        const command =
          lens.action === 'explain'
            ? { title: lens.title, command: 'podRoles.explainAccess', arguments: [{ uri, position: range.start }] }
            : {
                title: lens.title,
                command: 'podRoles.showReferences',
                arguments: [uri, range.start, lens.places.map((place) => toLocation(workspace, place))],
              };
        return { range, command };
      });
    }),
  );
}
