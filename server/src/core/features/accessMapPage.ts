import type { Place } from '../syntax/sourceFile';
import { accessMap, type AccessEntry } from './accessMap';
import { PageText, type Page, type PageTarget } from './permissions/pageText';
import type { WorkspaceView } from './workspaceView';

const marks = { allowed: '✓', denied: '✗', unknown: '?' } as const;

/**
 * Who can become what, as a page: each role with the service accounts that ask for it and the workloads that run as them.
 * @param label how a place is written: its path from the workspace's folder and its line, from 1.
 */
export function accessMapPage(view: WorkspaceView, label: (place: Place) => string): Page {
  const page = new PageText('Access map');
  for (const chain of [...view.wiring.chains()]) if (chain.name) view.readWorkloadsOf?.(chain.name);
  const roles = grouped(accessMap(view), ({ role }) => role);
  if (roles.length === 0) page.line('No service account in this workspace uses a role.');
  for (const [role, entries] of roles) {
    page.line();
    const policy = entries.find((entry) => entry.policy)?.policy;
    page.linked(`${role}${policy ? '  trust policy ' : ''}`, policy ? label(policy) : '', policy && targetOf(view, policy));
    const permissions = entries[0]?.permissions;
    if (permissions) page.line(`    may do: ${permissions.words}`);
    for (const [account, own] of grouped(entries, accountKey)) {
      const [{ decision, account: place, mechanism, overlays, hidden }] = own;
      const notes = [
        ...(mechanism === 'pod-identity' ? ['Pod Identity'] : []),
        ...(overlays ?? []),
        ...(hidden ? ['hidden by an association'] : []),
      ];
      page.linked(
        `  ${marks[decision]} ${account.slice(0, account.indexOf('\n'))}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}  `,
        label(place),
        targetOf(view, place),
      );
      for (const { workload } of own)
        if (workload) page.linked(`      ${workload.kind} ${workload.name}  `, label(workload.at), targetOf(view, workload.at));
    }
  }
  return page.done();
}

/** Name first, so that the order is one that can be read. */
function accountKey({ namespace, serviceAccount, account, mechanism }: AccessEntry): string {
  return `${namespace ?? '?'}/${serviceAccount}\n${account.doc.uri} ${account.doc.start + account.span.start} ${mechanism}`;
}

function targetOf(view: WorkspaceView, { doc, span }: Place): PageTarget {
  const at = view.position(doc, span.start);
  return { uri: doc.uri, ...(at ? { line: at.line, character: at.character } : {}) };
}

/** Groups in the order of their keys; none is empty. */
function grouped(entries: readonly AccessEntry[], keyOf: (entry: AccessEntry) => string): [string, [AccessEntry, ...AccessEntry[]]][] {
  const groups = new Map<string, [AccessEntry, ...AccessEntry[]]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
