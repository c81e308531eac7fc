import type { Place } from '../syntax/sourceFile';
import { literal } from '../text/texts';
import { parseSubject } from '../model/subject';
import { accountPlace } from './definition';
import { occurrencesOf, type AccountIdentity } from './occurrences';
import { targetAt, type Target } from './target';
import type { WorkspaceView } from './workspaceView';

/** The account that the text under the cursor names, from any end of the chain. */
export function accountIdentity(view: WorkspaceView, uri: string, target: Target): AccountIdentity | undefined {
  switch (target.kind) {
    case 'account-name': {
      const name = literal(target.text);
      return name ? { name, namespace: view.wiring.namespaceOf(target.account), uri } : undefined;
    }
    case 'workload-account': {
      const name = literal(target.text);
      if (!name) return undefined;
      const [account] = view.wiring.accountsOf(target.workload);
      return { name, namespace: view.wiring.namespaceOf(account ?? target.workload), uri };
    }
    case 'condition-value': {
      const subject = parseSubject(target.value);
      const name = literal(subject?.name);
      const namespace = literal(subject?.namespace);
      return name && namespace && !/[*?]/.test(name + namespace) ? { name, namespace, uri } : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Every place that the thing under the cursor is used: for an account its definitions, workloads and subjects;
 * for a role ARN the annotations that ask for it; for a trust policy's role the accounts that ask.
 */
export function referencesAt(view: WorkspaceView, uri: string, offset: number, includeDeclaration: boolean): Place[] {
  const target = targetAt(view, uri, offset);
  if (!target) return [];
  const identity = accountIdentity(view, uri, target);
  if (identity) {
    const found = occurrencesOf(view, identity);
    return [
      ...(includeDeclaration ? found.accounts.map(accountPlace) : []),
      ...found.workloads.flatMap((w) => (w.serviceAccountName ? [{ doc: w.doc, span: w.serviceAccountName.span }] : [])),
      ...found.subjects.map((s) => ({ doc: s.policy.doc, span: s.value.span })),
    ];
  }
  if (target.kind === 'annotation-value' && target.fact.value) return usesOfRole(view, target.fact.value.value);
  if (target.kind === 'role-arn') return usesOfRole(view, target.text.value);
  if (target.kind === 'role-name') return usesOfRoleName(view, target.text.value);
  if ('policy' in target) {
    return view.wiring.chainsOf(target.policy).map((chain) => ({ doc: chain.request.doc, span: chain.request.valueSpan }));
  }
  return [];
}

function usesOfRole(view: WorkspaceView, arn: string): Place[] {
  const places: Place[] = [];
  for (const chain of view.wiring.chains()) {
    if (chain.request.value?.value === arn) places.push({ doc: chain.request.doc, span: chain.request.value.span });
  }
  return places;
}

function usesOfRoleName(view: WorkspaceView, name: string): Place[] {
  const places: Place[] = [];
  for (const chain of view.wiring.chains()) {
    if (chain.roleArn && literal(chain.roleArn.name) === name) places.push({ doc: chain.request.doc, span: chain.request.valueSpan });
  }
  return places;
}
