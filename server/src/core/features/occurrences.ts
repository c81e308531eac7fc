import { parseSubject } from '../model/subject';
import type { ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import type { ConditionKey, ListValue } from '../model/policy';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import type { WorkspaceView } from './workspaceView';

/** Every place that names one service account: where it is defined, used and trusted. */
export interface Occurrences {
  readonly accounts: readonly ServiceAccountFact[];
  readonly workloads: readonly WorkloadFact[];
  readonly subjects: readonly SubjectUse[];
}

/** A subject in a trust policy that names the account literally. */
export interface SubjectUse {
  readonly policy: TrustPolicyFact;
  readonly condition: ConditionKey;
  readonly value: ListValue;
  /** The part that is the account's name. */
  readonly name: Text;
  readonly namespace: Text;
}

/** Which account is meant: its name, its namespace where known, and the file it is asked from. */
export interface AccountIdentity {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uri: string;
}

/** The literal subjects of a trust policy, in order. */
export function* subjectsOf(policy: TrustPolicyFact): Generator<SubjectUse> {
  for (const statement of policy.policy.statements) {
    for (const operator of statement.condition?.operators ?? []) {
      for (const condition of operator.keys) {
        for (const value of condition.values.values) {
          const subject = parseSubject(value);
          if (subject) yield { policy, condition, value, name: subject.name, namespace: subject.namespace };
        }
      }
    }
  }
}

/** Collects the places of one account within its deployment. */
export function occurrencesOf(view: Pick<WorkspaceView, 'wiring' | 'readWorkloadsOf'>, identity: AccountIdentity): Occurrences {
  view.readWorkloadsOf?.(identity.name);
  const { wiring } = view;
  const here = (uri: string): boolean => wiring.together(identity.uri, uri);
  const accounts = wiring.accountsNamed(identity.name, identity.namespace).filter((a) => here(a.doc.uri));
  const workloads = new Set<WorkloadFact>(accounts.flatMap((a) => wiring.workloadsOf(a)));
  if (accounts.length === 0) {
    for (const workload of wiring.workloads()) {
      if (literal(workload.serviceAccountName) !== identity.name || !here(workload.doc.uri)) continue;
      if (identity.namespace === undefined || wiring.namespaceOf(workload) === identity.namespace) workloads.add(workload);
    }
  }
  const subjects: SubjectUse[] = [];
  for (const policy of wiring.policies()) {
    if (policy.concerns === 'other' || !here(policy.doc.uri)) continue;
    for (const use of subjectsOf(policy)) {
      if (literal(use.name) === identity.name && identity.namespace !== undefined && literal(use.namespace) === identity.namespace)
        subjects.push(use);
    }
  }
  return { accounts, workloads: [...workloads], subjects };
}
