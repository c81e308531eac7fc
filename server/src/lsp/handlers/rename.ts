import { ErrorCodes, ResponseError, type PrepareRenameParams, type RenameParams, type WorkspaceEdit } from '../library';
import { renameAt, renameRange } from '../../core/features/rename';
import { toRange, toWorkspaceEdit } from '../convert';
import { guard, type Session } from '../session';
import { offsetAt } from './at';

/** textDocument/prepareRename and textDocument/rename */
export function registerRename(session: Session): void {
  session.connection.onPrepareRename(
    guard<PrepareRenameParams, { range: ReturnType<typeof toRange>; placeholder: string } | null>(
      session,
      'textDocument/prepareRename',
      null,
      (params) => {
        const offset = offsetAt(session, params);
        const found =
          offset === undefined
            ? undefined
            : renameRange(session.workspace.viewOf(params.textDocument.uri), params.textDocument.uri, offset);
        return found ? { range: toRange(session.workspace, found.place.doc, found.place.span), placeholder: found.name } : null;
      },
    ),
  );
  const rename = guard<RenameParams, WorkspaceEdit | { problem: string } | null>(session, 'textDocument/rename', null, (params) => {
    const offset = offsetAt(session, params);
    if (offset === undefined) return null;
    const result = renameAt(session.workspace.viewOf(params.textDocument.uri), params.textDocument.uri, offset, params.newName);
    return 'edits' in result ? toWorkspaceEdit(session.workspace, result.edits) : result;
  });
  session.connection.onRenameRequest(async (params, token) => {
    const result = await rename(params, token);
    // The protocol's way to tell the user why a name is refused.
    if (result && 'problem' in result) throw new ResponseError(ErrorCodes.InvalidParams, result.problem);
    return result;
  });
}
