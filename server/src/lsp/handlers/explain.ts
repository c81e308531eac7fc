import { forNotification } from '../../core/text/visible';
import { explainText } from '../../core/features/explain';
import { explainAt } from '../../core/features/explainAt';
import { placeLabel } from '../../core/features/markdown';
import { explainRequest, type ExplainPage, type ExplainParams } from '../../../../protocol/workspace';
import { guard, type Session } from '../session';

/** podRoles/explain: the trace of one chain as a page of plain text, its places as links. */
export function registerExplain(session: Session): void {
  const failed = { message: 'The trace could not be made; the log says why.' };
  session.connection.onRequest(
    explainRequest,
    guard<ExplainParams, ExplainPage | { readonly message: string }>(session, 'podRoles/explain', failed, ({ uri, position }) => {
      const { workspace, documents } = session;
      const offset = position && documents.get(uri)?.offsetAt(position);
      const page = explainAt(workspace.viewOf(uri), uri, offset);
      if ('problem' in page) return { message: forNotification(page.problem) };
      const { text, links } = explainText(page, (place) => {
        const at = workspace.position(place.doc, place.span.start);
        return at && placeLabel(place.doc.uri, at.line);
      });
      return {
        title: page.title,
        text,
        decision: page.decision,
        links: links.map((link) => {
          const at = workspace.position(link.place.doc, link.place.span.start) ?? { line: 0, character: 0 };
          return {
            line: link.line,
            start: link.start,
            end: link.end,
            uri: link.place.doc.uri,
            targetLine: at.line,
            targetCharacter: at.character,
          };
        }),
      };
    }),
  );
}
