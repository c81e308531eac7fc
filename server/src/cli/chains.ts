import { accessesOf } from '../core/features/accesses';
import { byEksctlLast } from '../core/features/grantee';
import type { WorkspaceView } from '../core/features/workspaceView';
import { accessByGrant } from '../core/trust/access';
import type { ChainCounts } from './formats/report';

/**
 * How the service accounts of some workspaces come out, one for each overlay: the closing line of `check` tells "right"
 * from "not looked at" by it.
 */
export function countChains(views: readonly Pick<WorkspaceView, 'wiring' | 'access'>[]): ChainCounts {
  const counts = { checked: 0, admitted: 0, refused: 0, unknown: 0, withoutPolicy: 0 };
  for (const view of views) {
    const told = new Set<unknown>();
    const count = ({ decision, fault, grant }: ReturnType<typeof view.access>): void => {
      if (grant?.association) told.add(grant.association);
      counts.checked++;
      if (decision === 'allowed') counts.admitted++;
      else if (decision === 'denied') counts.refused++;
      else counts.unknown++;
      if (fault === 'no-policy') counts.withoutPolicy++;
    };
    for (const account of byEksctlLast(view.wiring.accounts())) {
      const own = view.wiring.chainsFor(account);
      for (const { access, chain } of accessesOf(view, account)) {
        // The account is another one of the files, which the association's eksctl entry doesn't make again.
        if (account.eksctl === 'association' && access.grant?.association && told.has(access.grant.association)) continue;
        for (const grant of [...(chain?.perhapsOverriddenBy ?? []), ...(chain?.passedBy ?? [])]) told.add(grant.association);
        if (!chain || own.includes(chain)) count(access);
      }
    }
    for (const grant of view.wiring.grants()) if (!told.has(grant.association)) count(accessByGrant(grant, view.wiring.aws));
  }
  return counts;
}
