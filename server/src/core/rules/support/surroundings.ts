import { encloses } from '../../text/span';
import { literal } from '../../text/texts';
import { annotationPrefix } from '../../model/annotations';
import type { AnnotationFact, Fact, ServiceAccountFact, WorkloadFact } from '../../model/facts';
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
  annotation: AnnotationFact,
  kind: K,
  context: RuleContext,
): (K extends 'workload' ? WorkloadFact : ServiceAccountFact) | undefined {
  const objects = objectsIn(context.wiring.factsIn(annotation.doc)).get(kind);
  if (!objects) return undefined;
  const { facts, ends } = objects;
  // The last that begins before it and ends behind it is the innermost; none further up ends behind it where the largest end does not.
  for (let i = lastFrom(facts, annotation.span.start); i >= 0 && ends[i]! >= annotation.span.end; i--) {
    if (encloses(facts[i]!.span, annotation.span)) return facts[i] as ReturnType<typeof around<K>>;
  }
  return undefined;
}

/** Objects of one kind by where they begin, and the largest end up to each. */
interface Objects {
  readonly facts: (ServiceAccountFact | WorkloadFact)[];
  readonly ends: number[];
}

const known = new WeakMap<readonly Fact[], ReadonlyMap<Fact['kind'], Objects>>();

function objectsIn(facts: readonly Fact[]): ReadonlyMap<Fact['kind'], Objects> {
  const found = known.get(facts);
  if (found) return found;
  const objects = new Map<Fact['kind'], Objects>();
  for (const fact of facts) {
    if (fact.kind !== 'serviceAccount' && fact.kind !== 'workload') continue;
    const own = objects.get(fact.kind);
    if (own) own.facts.push(fact);
    else objects.set(fact.kind, { facts: [fact], ends: [] });
  }
  for (const own of objects.values()) {
    own.facts.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
    let largest = -1;
    for (const { span } of own.facts) own.ends.push((largest = Math.max(largest, span.end)));
  }
  known.set(facts, objects);
  return objects;
}

/** The index of the last fact that begins at or before an offset, by halving; -1 for none. */
function lastFrom(facts: readonly Fact[], offset: number): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (facts[middle]!.span.start > offset) high = middle;
    else low = middle + 1;
  }
  return low - 1;
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
