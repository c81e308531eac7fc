import { explainPage, explainText, type ExplainDocument } from '../../core/features/explain';
import type { Place } from '../../core/syntax/sourceFile';
import type { Decision } from '../../core/trust/verdict';
import type { Console } from '../console';

/** A place as the command line shows it: relative path, line and column from 1. */
export type Locate = (place: Place) => { readonly path: string; readonly line: number; readonly column: number } | undefined;

/** The exit code of a decision: contract.md. */
export const exitCodes: Readonly<Record<Decision, number>> = { allowed: 0, denied: 1, unknown: 3 };

/** The page for people. `--quiet` leaves the question and its answer. */
export function page(document: ExplainDocument, locate: Locate, { paint, quiet }: Pick<Console, 'paint' | 'quiet'>): string {
  if (quiet) return `${document.title} ${document.answer}\n`;
  const text = explainText(
    explainPage(document, (place) => {
      const at = locate(place);
      return at && { label: `${at.path}:${at.line}`, uri: place.doc.uri, line: at.line - 1, character: at.column - 1 };
    }),
  );
  return text.replace(/^✓/gm, paint.good('✓')).replace(/^✗/gm, paint.error('✗')).replace(/^\?/gm, paint.warning('?'));
}

/** The same for scripts: contract.md, "explain". */
export function toJson(document: ExplainDocument, locate: Locate): object {
  return {
    decision: document.decision,
    ...(document.mechanism ? { mechanism: document.mechanism } : {}),
    ...(document.mechanisms
      ? {
          moving: document.mechanisms.moving,
          mechanisms: document.mechanisms.answers.map(({ place: at, ...rest }) => ({ ...rest, ...(at ? { place: locate(at) } : {}) })),
        }
      : {}),
    ...(document.role === undefined ? {} : { role: document.role }),
    ...(document.overlays ? { overlays: document.overlays } : {}),
    reasons: document.reasons.map((step) => {
      const at = step.span && document.policy && locate({ doc: document.policy.doc, span: step.span });
      return {
        ...(step.statement === undefined ? {} : { statement: step.statement }),
        element: step.element,
        ...(step.operator === undefined ? {} : { operator: step.operator }),
        ...(step.key === undefined ? {} : { key: step.key }),
        matched: step.matched,
        message: step.message,
        ...(at ? { line: at.line, column: at.column } : {}),
      };
    }),
    ...(document.error === undefined ? {} : { error: document.error }),
    ...(document.assumptions.length > 0 ? { assumptions: document.assumptions } : {}),
  };
}
