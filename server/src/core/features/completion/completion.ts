import type { WorkspaceView } from '../workspaceView';
import { completionContext } from './context';
import type { Completion } from './item';
import { completers } from './registry';
import { shapesAt } from './shapes';

/**
 * Proposals at an offset of a file (UTF-16, from the file's start); undefined where there is nothing to say.
 * @param own for documentation: what answers for that file's own examples, whose names come before the workspace's
 */
export function completionAt(view: WorkspaceView, uri: string, offset: number, own: WorkspaceView = view): Completion | undefined {
  const found = proposals(view, uri, offset);
  const more = own === view ? undefined : proposals(own, uri, offset);
  if (!found || !more) return more ?? found;
  const known = new Set(more.items.map(({ insert }) => insert));
  return { ...more, items: [...more.items, ...found.items.filter(({ insert }) => !known.has(insert))] };
}

function proposals(view: WorkspaceView, uri: string, offset: number): Completion | undefined {
  const at = view.documentAt(uri, offset);
  if (!at) return undefined;
  const { document, offset: local } = at;
  const shapes = shapesAt(view, document, local);
  if (shapes) return shapes;
  const context = completionContext(document, local);
  if (!context) return undefined;
  const items = completers.flatMap((complete) => complete(view, context));
  return items.length > 0 ? { doc: document.ref, span: context.span, items } : undefined;
}
