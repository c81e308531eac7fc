import type { LinkOptions } from '../markdown';
import type { Target } from '../target';
import type { WorkspaceView } from '../workspaceView';
import { annotationHover } from './annotation';
import { accountHover } from './account';
import { roleHover } from './role';
import { conditionHover } from './condition';
import { statementHover } from './statement';

/** Gives a section of Markdown for the targets it knows. */
export type HoverPart = (view: WorkspaceView, target: Target, options: LinkOptions) => string | undefined;

/** In the order in which they are shown. One file a part, one line here. */
export const hoverParts: readonly HoverPart[] = [roleHover, annotationHover, accountHover, conditionHover, statementHover];
