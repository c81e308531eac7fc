import type { Fact, TrustPolicyFact } from '../../server/src/core/model/facts';
import { only } from './support';

/** The values of `Federated` of a policy. */
export function providers({ policy }: TrustPolicyFact): string[] {
  return policy.statements
    .flatMap((statement) => statement.principal?.kinds ?? [])
    .flatMap((kind) => kind.values.map((value) => value.value));
}

/** `key=value` of every condition on a subject. */
export function subjects({ policy }: TrustPolicyFact): string[] {
  return policy.statements
    .flatMap((statement) => statement.condition?.operators ?? [])
    .flatMap((operator) => operator.keys)
    .filter((key) => key.key.value.endsWith(':sub'))
    .flatMap((key) => key.values.values.map((value) => `${key.key.value}=${value.value}`));
}

/** The names of clusters. */
export function cluster(facts: readonly Fact[]): (string | undefined)[] {
  return only(facts, 'cluster').map((fact) => fact.name?.value);
}

/** `cluster namespace/account role` of every association; `?` for what is not said. */
export function associations(facts: readonly Fact[]): string[] {
  return only(facts, 'podIdentityAssociation').map(
    (fact) =>
      `${fact.clusterName?.value ?? '?'} ${fact.namespace?.value ?? '?'}/${fact.serviceAccount?.value ?? '?'} ${fact.roleArn?.value ?? fact.roleName?.value ?? '?'}`,
  );
}
