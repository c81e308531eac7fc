import type { WorkspaceView } from '../workspaceView';
import { completionContext } from './context';
import type { Completion } from './item';
import { completers } from './registry';
import { skeletonItems } from './skeletons';

/** Proposals at an offset of a file (UTF-16, from the file's start); undefined where there is nothing to say. */
export function completionAt(view: WorkspaceView, uri: string, offset: number): Completion | undefined {
  const at = view.documentAt(uri, offset);
  if (!at) return undefined;
  const { document, offset: local } = at;
  if (document.syntax === 'json' && /^[\s{}]*$/.test(document.text) && document.text.length < 200) {
    return { doc: document.ref, span: { start: 0, end: document.text.length }, items: skeletonItems(view) };
  }
  const context = completionContext(document, local);
  if (!context) return undefined;
  const items = completers.flatMap((complete) => complete(view, context));
  return items.length > 0 ? { doc: document.ref, span: context.span, items } : undefined;
}
