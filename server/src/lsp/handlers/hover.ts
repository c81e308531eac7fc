import { MarkupKind, type Hover } from '../library';
import { configHover } from '../../core/features/configuration/hover';
import { hoverAt } from '../../core/features/hover/hover';
import { roleArnAt } from '../../core/features/roleOf';
import { toRange } from '../convert';
import { guard, type Session } from '../session';
import { offsetAt } from './at';
import type { Parts } from './parts';

/** textDocument/hover */
export function registerHover(session: Session, { settings }: Parts): void {
  session.connection.onHover(
    guard(session, 'textDocument/hover', null, async (params): Promise<Hover | null> => {
      const offset = offsetAt(session, params);
      if (offset === undefined) return null;
      const { uri } = params.textDocument;
      const view = session.workspace.viewOf(uri);
      if (session.aws) await session.aws.wantRole(roleArnAt(view, uri, offset));
      const hover = settings.isConfig(uri)
        ? configHover(view, uri, offset)
        : hoverAt(view, uri, offset, { commands: session.can.markdownCommands });
      if (!hover) return null;
      return {
        contents: { kind: MarkupKind.Markdown, value: hover.markdown },
        range: toRange(session.workspace, hover.at.doc, hover.at.span),
      };
    }),
  );
}
