import { literal } from '../../text/texts';
import { shownRoleName } from '../../trust/roleText';
import type { WorkspaceView } from '../workspaceView';
import { child, textOf, type CompletionContext } from './context';
import { asValue, type Item } from './item';

/** Service accounts for a workload's `serviceAccountName`: those of its namespace first, those with a role marked. */
export function accountItems(view: WorkspaceView, context: CompletionContext): readonly Item[] {
  const field = context.path[context.path.length - 1];
  if (context.at !== 'value' || (field !== 'serviceAccountName' && field !== 'serviceAccount' && field !== 'taskServiceAccountName'))
    return [];
  const owner = context.maps.find((map) => textOf(map, 'kind') !== undefined);
  if (!owner) return [];
  const metadata = child(owner, 'metadata');
  const namespace = metadata?.kind === 'map' ? textOf(metadata, 'namespace') : undefined;
  const items = new Map<string, Item>();
  for (const account of view.wiring.accounts()) {
    const name = literal(account.name);
    if (name === undefined || !view.wiring.together(context.doc.uri, account.doc.uri)) continue;
    const its = view.wiring.namespaceOf(account);
    const elsewhere = namespace !== undefined && its !== undefined && its !== namespace;
    const near = account.doc.uri === context.doc.uri ? 0 : folder(account.doc.uri) === folder(context.doc.uri) ? 1 : 2;
    const rank = (elsewhere ? 100 : 0) + near * 10 + (account.roleArn ? 0 : 1);
    const before = items.get(name);
    if (before && before.rank <= rank) continue;
    const role = account.roleArn?.value;
    const notes = [
      its ? `namespace ${its}` : undefined,
      role && role.value !== '' ? shownRoleName(role).replace(/^(?!role )/, 'role ') : 'no role',
      elsewhere ? 'another namespace' : undefined,
    ];
    items.set(name, { label: name, kind: 'account', insert: asValue(context, name), rank, detail: notes.filter(Boolean).join(' · ') });
  }
  return [...items.values()];
}

function folder(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}
