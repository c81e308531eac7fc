import type { TrustPolicyFact } from '../model/facts';
import { policiesOf } from '../trust/access';
import type { WebIdentityRequest } from '../trust/verdict';
import type { Tie } from '../wiring/chain';
import { isPartlyKnown, type ReferredRole } from '../wiring/roleReferences';
import { isWeak } from '../wiring/tie';
import type { Wiring } from '../wiring/wiring';
import { irsaAdmissions, naming, podStatements, type Named } from './admissions';
import { countPodProviders } from './clusters';
import type { Move, RolePolicy } from './move';

/** The role's trust policy, if it is known which it is: nothing is changed on a guess. */
export function policyOf(ties: readonly Tie[], reference: ReferredRole | undefined, { aws }: Pick<Wiring, 'aws'>): RolePolicy {
  const unknown = (because: string): RolePolicy => ({ kind: 'unknown', because, facts: [] });
  if (reference && isPartlyKnown(reference))
    return unknown(
      reference.unmade > 0
        ? `No file that was read makes the role ${reference.written}.`
        : reference.unread > 0
          ? `The trust policy of ${reference.written} can't be read in the files.`
          : `${reference.written} may be another role, too.`,
    );
  const candidates = policiesOf({ ties });
  const [first] = candidates;
  if (!first)
    return unknown(
      `The role's trust policy is in none of the files${aws ? ' and not in the AWS data' : ''}. Name its file under roles: in pod-roles.yaml, or read it from AWS or from a snapshot.`,
    );
  if (isWeak(first))
    return unknown(`It isn't certain that a trust policy in the files is the role's. Name its file under roles: in pod-roles.yaml.`);
  const places = new Set(candidates.map(({ policy: { doc, span } }) => `${doc.uri} ${doc.index} ${span.start}`));
  if (places.size > 1)
    return unknown(`${places.size} trust policies may be the role's. Name the one that is under roles: in pod-roles.yaml.`);
  const facts = candidates.map(({ policy }) => policy) as [TrustPolicyFact, ...TrustPolicyFact[]];
  return { kind: first.kind === 'aws' ? 'aws' : kindOf(facts[0]), facts };
}

/** A role that a tool makes with its trust policy, which no text of it can change, but for a module's call. */
export function kindOf(fact: TrustPolicyFact): 'made' | 'file' {
  return fact.made && fact.policy.form !== 'hcl-module' ? 'made' : 'file';
}

/** What a policy says of an account: what allows its token, and its statements for Pod Identity. */
export function statementsOf(
  { facts: [fact] }: RolePolicy,
  request: WebIdentityRequest,
  named: Named | undefined,
): Pick<Move, 'admissions' | 'pods' | 'providers' | 'ownProviders'> {
  if (!fact) return { admissions: [], pods: [], providers: 0, ownProviders: 0 };
  return {
    admissions: irsaAdmissions(fact.policy, request, named),
    pods: podStatements(fact.policy),
    providers: countPodProviders(fact),
    ownProviders: countPodProviders(naming(fact, named)),
  };
}

/** The part of a policy that names an account. */
export function ownPart({ facts: [fact] }: RolePolicy, named: Named | undefined): TrustPolicyFact | undefined {
  return fact && naming(fact, named);
}
