import type { ServiceAccountFact } from '../../model/facts';
import type { Span } from '../../text/span';
import type { Grant } from '../../wiring/grants';
import type { RuleContext } from '../rule';

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
