import { MarkupKind, type Hover } from 'vscode-languageserver/node';
import { hoverAt } from '../../core/features/hover/hover';
import { toRange } from '../convert';
import { guard, type Session } from '../session';
import { offsetAt } from './at';

/** textDocument/hover */
export function registerHover(session: Session): void {
  session.connection.onHover(guard(session, 'textDocument/hover', null, (params): Hover | null => {
    const offset = offsetAt(session, params);
    const hover = offset === undefined ? undefined : hoverAt(session.workspace, params.textDocument.uri, offset, { commands: session.can.markdownCommands });
    if (!hover) return null;
    return {
      contents: { kind: MarkupKind.Markdown, value: hover.markdown },
      range: toRange(session.workspace, hover.at.doc, hover.at.span),
    };
  }));
}
