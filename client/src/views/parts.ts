import type { ShownPlace } from '../../../protocol/explain';
import { html, type Html } from './html';

/*
 * Pieces that several views show alike. Nothing here needs a running editor.
 */

export type Mark = boolean | null | undefined | 'allowed' | 'denied' | 'unknown';

const shownMarks = {
  good: ['✓', 'matches'],
  bad: ['✗', "doesn't match"],
  open: ['?', 'unknown'],
} as const;

/** ✓, ✗ or ? with a word for screen readers; nothing for what is neither good nor bad. */
export function mark(value: Mark, words?: string): Html {
  if (value === undefined) return html`<span class="mark" aria-hidden="true"></span>`;
  const kind = value === true || value === 'allowed' ? 'good' : value === false || value === 'denied' ? 'bad' : 'open';
  const [sign, word] = shownMarks[kind];
  // A verdict says yes or no in words beside its mark.
  if (typeof value === 'string' && words === undefined) return html`<span class="mark ${kind}" aria-hidden="true">${sign}</span>`;
  return html`<span class="mark ${kind}" role="img" aria-label="${words ?? word}">${sign}</span>`;
}

/** A link to a place, opened by {@link parsePlace} of its value. `key` keeps the focus on it when the page is drawn anew. */
export function place(at: Pick<ShownPlace, 'label' | 'uri' | 'line' | 'character'> | undefined, key?: string): Html | undefined {
  if (!at) return undefined;
  return html`<a
    href="#place"
    class="place"
    ${key === undefined ? undefined : html`data-key="${key}"`}
    data-act="open"
    data-value="${placeValue(at)}"
    >${at.label}</a
  >`;
}

export function placeValue({ uri, line, character }: Pick<ShownPlace, 'uri' | 'line' | 'character'>): string {
  return JSON.stringify([uri, line, character]);
}

/** What a page may open: files of the workspace and AWS's documents. Undefined for anything else that a message holds. */
export function parsePlace(value: string): { readonly uri: string; readonly line: number; readonly character: number } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  const [uri, line, character] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  if (typeof uri !== 'string' || !/^(?:file|untitled|vscode-vfs|pod-roles-aws):/.test(uri)) return undefined;
  return isCount(line) && isCount(character) ? { uri, line, character } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
