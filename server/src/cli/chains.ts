import type { WorkspaceView } from '../core/features/workspaceView';
import type { ChainCounts } from './formats/report';

/** How the chains of some workspaces come out: the closing line of `check` tells "right" from "not looked at" by it. */
export function countChains(views: readonly Pick<WorkspaceView, 'wiring' | 'verdict'>[]): ChainCounts {
  const counts = { checked: 0, admitted: 0, refused: 0, unknown: 0, withoutPolicy: 0 };
  for (const view of views) {
    for (const chain of view.wiring.chains()) {
      // An annotation that is no role's ARN has its own finding, and no chain to check.
      if (!chain.roleArn) continue;
      counts.checked++;
      const decision = view.verdict(chain)?.decision;
      if (decision === 'allowed') counts.admitted++;
      else if (decision === 'denied') counts.refused++;
      else counts.unknown++;
      if (decision === undefined) counts.withoutPolicy++;
    }
  }
  return counts;
}
