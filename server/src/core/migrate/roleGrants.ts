import type { TrustPolicyFact } from '../model/facts';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';

/** What the files' associations give an account by the role of a policy: also one whose folder tells no common deployment. */
export function grantsOfRole(
  wiring: Pick<Wiring, 'grantsTo'>,
  policy: TrustPolicyFact,
  namespace: string | undefined,
  name: string | undefined,
): Grant[] {
  if (namespace === undefined || name === undefined) return [];
  return wiring.grantsTo(policy).filter((grant) => grant.namespace === namespace && grant.serviceAccount === name);
}
