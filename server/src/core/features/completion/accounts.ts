import { literal } from '../../text/texts';
import { shownRoleName } from '../../trust/roleText';
import type { WorkspaceView } from '../workspaceView';
import { child, textOf, type CompletionContext } from './context';
import { asKey, asValue, type Item } from './item';

/** Service accounts for a workload's `serviceAccountName`: those of its namespace first, those with a role marked. */
export function accountItems(view: WorkspaceView, context: CompletionContext): readonly Item[] {
  if (context.at === 'key') return fieldItem(view, context);
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

/** The field itself, in the spec of a pod or of a pod template, in a workspace that has service accounts. */
function fieldItem({ wiring }: WorkspaceView, context: CompletionContext): readonly Item[] {
  const above = context.path.slice(0, -1);
  const spec = context.maps[context.maps.length - 1];
  const owner = context.maps.find((map) => textOf(map, 'kind') !== undefined && textOf(map, 'apiVersion') !== undefined);
  if (!owner || !spec || above[above.length - 1] !== 'spec') return [];
  const inTemplate = above[above.length - 2] === 'template';
  if (!inTemplate && !(above.length === 1 && textOf(owner, 'kind') === 'Pod')) return [];
  if (['serviceAccountName', 'serviceAccount'].some((key) => child(spec, key) !== undefined)) return [];
  if (!firstOf(wiring.accounts())) return [];
  const written = asKey(context, 'serviceAccountName', context.syntax === 'json' ? '"$0"' : '$0');
  return [
    {
      label: 'serviceAccountName',
      kind: 'key',
      rank: 0,
      documentation:
        "The service account that the pod runs as, in the pod's own namespace: with it comes the IAM role. Default: `default`.",
      ...written,
      ...(written.snippet ? { then: 'suggest' as const } : {}),
    },
  ];
}

function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

function folder(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}
