import type { Span } from '../../text/span';
import type { DocumentRef } from '../../syntax/sourceFile';
import type { WorkspaceView } from '../workspaceView';
import type { CompletionContext } from './context';
import { escapeSnippet } from './snippet';

/** One proposal. */
export interface Item {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'role' | 'account' | 'snippet' | 'operator' | 'action';
  /** What the word being typed is compared with; absent: the label. */
  readonly filter?: string;
  /** A short remark beside the label: `✓ allows this service account`. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What is written; with `snippet` in the editor's snippet syntax. */
  readonly insert: string;
  readonly snippet?: boolean;
  /** Smaller comes first; equal ranks keep their order. */
  readonly rank: number;
  readonly preselect?: boolean;
  /** What an editor that can does once it is taken: opens the list of what goes there next, or the wizard for a new role. */
  readonly then?: 'suggest' | 'create-role';
}

export interface Completion {
  readonly doc: DocumentRef;
  /** What an item replaces, from the document's start. */
  readonly span: Span;
  readonly items: readonly Item[];
}

/** Gives the proposals of one kind; nothing where it knows nothing. */
export type Completer = (view: WorkspaceView, context: CompletionContext) => readonly Item[];

/** Text as a value of the context's language: quoted where it stands bare in JSON, or YAML would read it otherwise. */
export function asValue(context: CompletionContext, value: string): string {
  if (context.quoted) return value;
  if (context.syntax === 'json') return JSON.stringify(value);
  // YAML: a colon before a space, a leading indicator, or a word that is no string needs quotes.
  const plainIsSafe = /^[A-Za-z_./][^\n]*$/.test(value) && !/: |:$| #/.test(value) && !/^(true|false|null|yes|no|on|off|~)$/i.test(value);
  return plainIsSafe ? value : JSON.stringify(value);
}

/** Text as a key of the context's language, with the colon where none follows. `value` is a snippet of what comes after. */
export function asKey(context: CompletionContext, key: string, value: string): { insert: string; snippet: boolean } {
  if (context.hasColon) return { insert: context.quoted || context.syntax === 'yaml' ? key : JSON.stringify(key), snippet: false };
  // Inside quotes the closing quote already stands after the cursor; then only the name can be written.
  if (context.quoted) return { insert: key, snippet: false };
  const name = escapeSnippet(context.syntax === 'json' ? JSON.stringify(key) : key);
  return { insert: `${name}: ${value}`, snippet: true };
}
