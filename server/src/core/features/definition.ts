import { parseSubject } from '../model/subject';
import type { ServiceAccountFact } from '../model/facts';
import type { Place } from '../syntax/sourceFile';
import { literal } from '../text/texts';
import { targetAt, type Target } from './target';
import type { WorkspaceView } from './workspaceView';

/**
 * One step down the chain: workload → service account → trust policy → (subjects back to) service accounts.
 * @param offset UTF-16, from the file's start.
 */
export function definitionAt(view: WorkspaceView, uri: string, offset: number): { origin: Place; targets: Place[] } | undefined {
  const target = targetAt(view, uri, offset);
  if (!target) return undefined;
  const targets = definitionsOf(view, target);
  return targets.length > 0 ? { origin: target.place, targets } : undefined;
}

function definitionsOf(view: WorkspaceView, target: Target): Place[] {
  const { wiring } = view;
  switch (target.kind) {
    case 'workload-account':
      return wiring.accountsOf(target.workload).map(accountPlace);
    case 'annotation-value': {
      const chain =
        target.account && target.fact === target.account.roleArn ? wiring.chainOf(target.account) : chainOfAnnotation(view, target);
      return (chain?.ties ?? []).map((tie) => ({ doc: tie.policy.doc, span: tie.policy.roleName?.span ?? tie.policy.policy.span }));
    }
    case 'condition-value': {
      const subject = parseSubject(target.value);
      const [namespace, name] = [literal(subject?.namespace), literal(subject?.name)];
      if (namespace === undefined || name === undefined) return [];
      return wiring
        .accountsNamed(name, namespace)
        .filter((a) => wiring.together(a.doc.uri, target.policy.doc.uri))
        .map(accountPlace);
    }
    case 'role-name':
    case 'role-arn': {
      const fact = target.fact;
      return [...wiring.policies()]
        .filter((p) => p.doc === fact.doc && p.roleName?.span.start === target.text.span.start)
        .map((p) => ({ doc: p.doc, span: p.policy.span }));
    }
    default:
      return [];
  }
}

function chainOfAnnotation(view: WorkspaceView, target: Extract<Target, { kind: 'annotation-key' | 'annotation-value' }>) {
  const account = target.account;
  if (!account || account.roleArn?.key.span.start !== target.fact.key.span.start) return undefined;
  return view.wiring.chainOf(account);
}

/** Where an account is named; its head where it has no name of its own. */
export function accountPlace(account: ServiceAccountFact): Place {
  return { doc: account.doc, span: account.name?.span ?? account.head };
}
