import { encloses } from '../../text/span';
import { literal } from '../../text/texts';
import { annotationPrefix } from '../../model/annotations';
import type { AnnotationFact, ServiceAccountFact, WorkloadFact } from '../../model/facts';
import type { RuleContext } from '../rule';

/** The name behind `eks.amazonaws.com/`, for a key of the webhook's prefix; undefined for other keys. */
export function shortKey(annotation: AnnotationFact): string | undefined {
  const key = literal(annotation.key);
  return key?.startsWith(annotationPrefix) ? key.slice(annotationPrefix.length) : undefined;
}

/** The account on which the annotation stands. */
export function accountAround(annotation: AnnotationFact, context: RuleContext): ServiceAccountFact | undefined {
  return around(annotation, 'serviceAccount', context);
}

/** The workload, or the pod template's owner, on which the annotation stands. */
export function workloadAround(annotation: AnnotationFact, context: RuleContext): WorkloadFact | undefined {
  return around(annotation, 'workload', context);
}

function around<K extends 'serviceAccount' | 'workload'>(
  annotation: AnnotationFact, kind: K, context: RuleContext,
): (K extends 'workload' ? WorkloadFact : ServiceAccountFact) | undefined {
  let best: ServiceAccountFact | WorkloadFact | undefined;
  for (const fact of context.wiring.factsIn(annotation.doc)) {
    if ((fact.kind !== 'serviceAccount' && fact.kind !== 'workload') || fact.kind !== kind) continue;
    if (!encloses(fact.span, annotation.span)) continue;
    if (!best || encloses(best.span, fact.span)) best = fact;
  }
  return best as ReturnType<typeof around<K>>;
}

/** The accounts of a workload, when every one of them asks for a role; empty otherwise, and when none is known. */
export function roleAccountsOf(workload: WorkloadFact, context: RuleContext): readonly ServiceAccountFact[] {
  const accounts = context.wiring.accountsOf(workload);
  return accounts.every((account) => asksForRole(account)) ? accounts : [];
}

/** True when the account carries `role-arn` with a value that is not surely empty: the webhook ignores an empty one. */
export function asksForRole(account: ServiceAccountFact): boolean {
  const value = account.roleArn?.value;
  return value !== undefined && value.value.trim() !== '';
}

/** `demo-sa`, or undefined where the account's name is not known. */
export function accountName(account: ServiceAccountFact | undefined): string | undefined {
  return literal(account?.name);
}
