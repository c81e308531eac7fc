import type { ServiceAccountFact, WorkloadFact } from '../../model/facts';
import type { Span } from '../../text/span';
import { literal } from '../../text/texts';
import type { Grant } from '../../wiring/grants';
import type { RuleContext } from '../rule';

/**
 * The associations of files and of AWS that surely give the service account of a workload a role; by the account where a
 * file defines it, else by the namespace and name that the workload says.
 */
export function grantsOfWorkload(workload: WorkloadFact, { wiring }: RuleContext): readonly Grant[] {
  const accounts = wiring.accountsOf(workload);
  const grants = accounts.flatMap((account) =>
    wiring.identitiesOf(account).flatMap(({ namespace, name }) => wiring.grantsOf({ namespace, name, places: [account] })),
  );
  const named = literal(workload.serviceAccountName);
  if (accounts.length === 0 && named !== undefined)
    grants.push(...wiring.grantsOf({ namespace: wiring.namespaceOf(workload), name: named, places: [workload] }));
  return grants.filter(({ sure }) => sure);
}

/** The associations that AWS has for an account, and the place of a finding on them. */
export function grantsFromAws(fact: ServiceAccountFact, { wiring }: RuleContext): { readonly grant: Grant; readonly span: Span }[] {
  if (!wiring.aws) return [];
  const chains = wiring.chainsFor(fact);
  const found =
    chains.length > 0
      ? chains.flatMap(({ overriddenBy, request }) =>
          overriddenBy ? [{ grant: overriddenBy, span: request.doc === fact.doc ? request.valueSpan : fact.head }] : [],
        )
      : wiring.chainsThrough(fact).length > 0
        ? []
        : wiring
            .identitiesOf(fact)
            .flatMap((each) => wiring.grantsOf({ namespace: each.namespace, name: each.name, places: [fact] }))
            .map((grant) => ({ grant, span: fact.name?.span ?? fact.head }));
  return found.filter(({ grant }) => !grant.association);
}
