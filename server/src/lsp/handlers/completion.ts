import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type Command,
  type CompletionItem,
  type CompletionList,
  type CompletionParams,
  type Range,
} from '../library';
import { completionAt } from '../../core/features/completion/completion';
import type { Item } from '../../core/features/completion/item';
import { configCompletion } from '../../core/features/configuration/completion';
import { withoutStops } from '../../core/features/completion/snippet';
import { toRange } from '../convert';
import { guard, type Session } from '../session';
import { offsetAt } from './at';
import type { Parts } from './parts';

const kinds: Readonly<Record<Item['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  role: CompletionItemKind.Reference,
  account: CompletionItemKind.Reference,
  action: CompletionItemKind.Event,
  snippet: CompletionItemKind.Snippet,
  operator: CompletionItemKind.Operator,
};

/** textDocument/completion */
export function registerCompletion(session: Session, { settings }: Parts): void {
  session.connection.onCompletion(
    guard<CompletionParams, CompletionList | null>(session, 'textDocument/completion', null, (params) => {
      const offset = offsetAt(session, params);
      if (offset === undefined) return null;
      const { uri } = params.textDocument;
      const { workspace } = session;
      const found =
        completionAt(workspace, uri, offset, workspace.viewOf(uri)) ??
        (settings.isConfig(uri) ? configCompletion(workspace, uri, offset) : undefined);
      if (!found) return null;
      const range = toRange(session.workspace, found.doc, found.span);
      // What only a command does is nothing to offer where the client has no such command.
      const items = found.items.filter(({ kind }) => kind !== 'action' || session.can.podRolesCommands);
      return { isIncomplete: false, items: items.map((item) => toItem(session, item, range)) };
    }),
  );
}

/** What our own client does after an item was taken. */
const commands: Readonly<Record<NonNullable<Item['then']>, Command>> = {
  suggest: { title: 'Show roles', command: 'editor.action.triggerSuggest' },
  'create-role': { title: 'Create a role…', command: 'podRoles.generateRoleAndServiceAccount' },
};

function toItem({ can }: Session, item: Item, range: Range): CompletionItem {
  const snippet = item.snippet === true && can.snippets;
  return {
    label: item.label,
    kind: kinds[item.kind],
    sortText: String(item.rank + 10_000).padStart(6, '0'),
    ...(item.filter === undefined ? {} : { filterText: item.filter }),
    ...(item.detail ? { detail: item.detail } : {}),
    // In each row of the list, where the client has room for it; the whole detail is shown for the chosen one alone.
    ...(item.detail && can.labelDetails ? { labelDetails: { description: item.detail.split(' · ')[0]! } } : {}),
    ...(item.documentation ? { documentation: { kind: MarkupKind.Markdown, value: item.documentation } } : {}),
    ...(item.preselect ? { preselect: true } : {}),
    // What is not said is plain text, filtered by its label: lists of hundreds are half as long without the words.
    ...(snippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(item.then && can.podRolesCommands ? { command: commands[item.then] } : {}),
    textEdit: { range, newText: item.snippet && !snippet ? withoutStops(item.insert) : item.insert },
  };
}
