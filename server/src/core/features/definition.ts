import { parseSubject } from '../model/subject';
import type { ServiceAccountFact } from '../model/facts';
import type { Place } from '../syntax/sourceFile';
import { literal } from '../text/texts';
import { encloses } from '../text/span';
import type { Text } from '../text/text';
import type { Tie } from '../wiring/chain';
import type { ReferredRole } from '../wiring/roleReferences';
import { filledFrom } from './explain/reference';
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
      return [...filledPlaces(target.fact.value), ...rolePlaces(chain?.reference, chain?.ties ?? [])];
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
      if (fact.kind === 'podIdentityAssociation') {
        const grant = target.text === fact.targetRoleArn ? undefined : wiring.grantOf(fact);
        return [...filledPlaces(target.text), ...rolePlaces(grant?.reference, grant?.ties ?? [])];
      }
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

/** The argument in another file that fills a value in. */
function filledPlaces(value: Text | undefined): Place[] {
  return value && filledFrom(value) ? [filledFrom(value)!] : [];
}

/** The roles that a value refers to; else the trust policies that may be its role's, by where they name it. */
function rolePlaces(reference: ReferredRole | undefined, ties: readonly Tie[]): Place[] {
  if (reference && reference.roles.length > 0)
    return reference.roles.map(({ doc, span, name }) => ({
      doc,
      span: name && encloses(span, name.outer) ? name.span : { start: span.start, end: span.start },
    }));
  return ties.map(({ policy }) => ({ doc: policy.doc, span: policy.roleName?.span ?? policy.policy.span }));
}

/** Where an account is named; its head where it has no name of its own. */
export function accountPlace(account: ServiceAccountFact): Place {
  return { doc: account.doc, span: account.name?.span ?? account.head };
}
