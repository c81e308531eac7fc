import { placeLabel } from '../core/features/markdown';
import type { ShowPlace } from '../core/features/explain';
import type { WorkspaceView } from '../core/features/workspaceView';

/** Shows places as the name of their file and their line; undefined for files whose lines are not known. */
export function placesOf(view: WorkspaceView): ShowPlace {
  return ({ doc, span }) => {
    const at = view.position(doc, span.start);
    const end = view.position(doc, span.end);
    return at && { label: placeLabel(doc.uri, at.line), uri: doc.uri, ...at, ...(end ? { end } : {}) };
  };
}
