import type { Position } from 'vscode-languageserver/node';
import { forNotification } from '../../core/text/visible';
import { explainPage, explainText } from '../../core/features/explain';
import { explainAt } from '../../core/features/explainAt';
import { explainRequest, type ExplainParams, type ExplainResult } from '../../../../protocol/explain';
import { placesOf } from '../places';
import { guard, type Session } from '../session';

/** podRoles/explain: the trace of one chain, with its places and fixes. */
export function registerExplain(session: Session): void {
  const failed = { message: 'Internal error: the trace could not be made. See the log.' };
  session.connection.onRequest(
    explainRequest,
    guard<ExplainParams, ExplainResult>(session, 'podRoles/explain', failed, ({ uri, position }) => {
      const { workspace, documents } = session;
      const offset = position && (documents.get(uri)?.offsetAt(position) ?? closedOffset(session, uri, position));
      const document = explainAt(workspace.viewOf(uri), uri, offset);
      if ('problem' in document) return { message: forNotification(document.problem) };
      const page = explainPage(document, placesOf(workspace));
      const fixes = page.fixes.map((fix) => {
        const version = fix.place && documents.get(fix.place.uri)?.version;
        return version === undefined ? fix : { ...fix, version };
      });
      return { ...page, fixes, text: explainText(page) };
    }),
  );
}

/** A place in a file that is not open: its text is not kept, but what it defines is. The innermost definition around the place. */
export function closedOffset({ workspace }: Session, uri: string, { line, character }: Position): number | undefined {
  let found: number | undefined;
  for (const { doc, span } of workspace.viewOf(uri).wiring.facts(uri)) {
    const [start, end] = [workspace.position(doc, span.start), workspace.position(doc, span.end)];
    if (!start || !end) continue;
    const isBefore = line < start.line || (line === start.line && character < start.character);
    const isAfter = line > end.line || (line === end.line && character > end.character);
    if (!isBefore && !isAfter) found = Math.max(found ?? 0, doc.start + span.start);
  }
  return found;
}
