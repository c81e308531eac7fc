import type { TrustPolicyFact } from '../model/facts';
import { plain } from '../text/texts';
import { candidatesOf } from '../trust/candidates';
import { isReplacementFor } from '../trust/sameRole';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';
import { namesExactly } from './admissions';

/** The trust policies of roles that may be replaced, by what the roles may do. */
export class ReplacedPolicies {
  private readonly byPermissions = new Map<string, TrustPolicyFact[]>();

  constructor(wiring: Pick<Wiring, 'policies'>) {
    for (const fact of wiring.policies()) {
      if (fact.permissions === undefined || fact.made || fact.policy.form !== 'hcl-module') continue;
      const same = this.byPermissions.get(fact.permissions);
      if (same) same.push(fact);
      else this.byPermissions.set(fact.permissions, [fact]);
    }
  }

  /** Whether an association is the new half of a move whose old role a trust policy of the files names the account for. */
  has(grant: Grant): boolean {
    const permissions = grant.ties.length === 0 ? undefined : candidatesOf(grant.ties)[0]?.policy.permissions;
    const named = { namespace: plain(grant.namespace), name: plain(grant.serviceAccount) };
    return (
      permissions !== undefined &&
      (this.byPermissions.get(permissions) ?? [])
        .slice(0, mostOfSame)
        .some((fact) => isReplacementFor(fact, grant) && namesExactly(fact.policy, named))
    );
  }
}

/** Of many roles with the same policies only the first ones are looked at. */
const mostOfSame = 200;
