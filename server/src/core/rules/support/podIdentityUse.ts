import type { WorkloadFact } from '../../model/facts';
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
