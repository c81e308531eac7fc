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
      const offset = position && documents.get(uri)?.offsetAt(position);
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
