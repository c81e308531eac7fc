import { explainPage, explainText as asText, type ExplainDocument } from '../../server/src/core/features/explain';
import type { WorkspaceView } from '../../server/src/core/features/workspaceView';
import { pathOf } from '../wiring/build';

export { explainAt } from '../../server/src/core/features/explainAt';

/** The page as text, with places as `path:line`. */
export function explainText(view: WorkspaceView, page: ExplainDocument | { readonly problem: string }): string {
  if ('problem' in page) return page.problem;
  return asText(
    explainPage(page, ({ doc, span }) => {
      const at = view.position(doc, span.start) ?? { line: 0, character: 0 };
      return { label: `${pathOf(doc.uri)}:${at.line + 1}`, uri: doc.uri, ...at };
    }),
  );
}
