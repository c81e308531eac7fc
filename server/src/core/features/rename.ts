import { isServiceAccountName } from '../model/subject';
import type { Edit } from '../rules/rule';
import type { Place } from '../syntax/sourceFile';
import type { Text } from '../text/text';
import { literal, replacement } from '../text/texts';
import { occurrencesOf } from './occurrences';
import { accountIdentity } from './references';
import { targetAt, type Target } from './target';
import type { WorkspaceView } from './workspaceView';
import { parseSubject } from '../model/subject';

/** What may be renamed at an offset: the name's place and its text now; undefined where no account is named. */
export function renameRange(view: WorkspaceView, uri: string, offset: number): { place: Place; name: string } | undefined {
  const target = targetAt(view, uri, offset);
  if (!target) return undefined;
  const identity = accountIdentity(view, uri, target);
  const name = nameText(target);
  return identity && name ? { place: { doc: target.place.doc, span: name.span }, name: identity.name } : undefined;
}

/**
 * Renames a service account wherever it is defined, used by workloads and trusted by subjects.
 * @returns the edits, or in a sentence why there are none.
 */
export function renameAt(view: WorkspaceView, uri: string, offset: number, newName: string): { edits: Edit[] } | { problem: string } {
  const target = targetAt(view, uri, offset);
  const identity = target && accountIdentity(view, uri, target);
  if (!identity) return { problem: 'No service account is named here.' };
  if (!isServiceAccountName(newName)) {
    return {
      problem: `Kubernetes rejects "${newName}" as the name of a service account: lowercase letters, digits, "-" and ".", at most 253, starting and ending with a letter or digit.`,
    };
  }
  const found = occurrencesOf(view, identity);
  const edits: Edit[] = [];
  const change = (doc: Edit['doc'], text: Text | undefined): void => {
    // What overlays call otherwise is another name in its file.
    if (text && literal(text) === identity.name) edits.push({ doc, ...replacement(text, 0, text.value.length, newName) });
  };
  for (const account of found.accounts) change(account.doc, account.name);
  for (const workload of found.workloads) change(workload.doc, workload.serviceAccountName);
  for (const subject of found.subjects) change(subject.policy.doc, subject.name);
  return { edits: unique(edits) };
}

function nameText(target: Target): Text | undefined {
  if (target.kind === 'account-name' || target.kind === 'workload-account') return target.text;
  if (target.kind === 'condition-value') return parseSubject(target.value)?.name;
  return undefined;
}

/** An anchor's text is seen through each of its aliases; it is written once. */
function unique(edits: readonly Edit[]): Edit[] {
  const seen = new Set<string>();
  return edits.filter((edit) => {
    const key = `${edit.doc.uri}#${edit.doc.index}:${edit.span.start}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
