import type { Place } from '../../syntax/sourceFile';
import { targetAt } from '../target';
import type { LinkOptions } from '../markdown';
import type { WorkspaceView } from '../workspaceView';
import { hoverParts } from './registry';

/** A hover: Markdown, and the text that it is about. */
export interface Hover {
  readonly at: Place;
  readonly markdown: string;
}

/** What to say of the text at an offset of a file (UTF-16, from the file's start). */
export function hoverAt(view: WorkspaceView, uri: string, offset: number, options: LinkOptions = {}): Hover | undefined {
  const target = targetAt(view, uri, offset);
  if (!target) return undefined;
  const sections = hoverParts
    .map((part) => part(view, target, options))
    .filter((text): text is string => text !== undefined && text !== '');
  return sections.length > 0 ? { at: target.place, markdown: sections.join('\n\n---\n\n') } : undefined;
}
