import type { TextDocumentPositionParams } from 'vscode-languageserver/node';
import type { Session } from '../session';

/** The offset of a position in an open file (UTF-16, from its start); undefined for a file that is not open. */
export function offsetAt(session: Session, { textDocument, position }: TextDocumentPositionParams): number | undefined {
  return session.documents.get(textDocument.uri)?.offsetAt(position);
}
