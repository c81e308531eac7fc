import { shownRoleName } from '../../trust/roleText';
import { associationQuota } from '../limits';
import type { ReasonFinder } from './finder';

/** Associations that are there already. */
export const associationReasons: ReasonFinder = function* ({ move, standing, direction, host }) {
  const { otherRole } = standing;
  if (otherRole && direction === 'to-pod-identity') {
    const { association } = otherRole;
    yield {
      code: 'association-exists',
      effect: 'stops',
      message: `${move.shown} has an association with ${otherRole.role ? shownRoleName(otherRole.role) : 'another role'} already, which overrides the annotation. A service account has one association per cluster; remove one of the two first.`,
      ...(association ? { at: { doc: association.doc, span: association.head } } : {}),
    };
  }
  const { name, account, region } = move.cluster;
  if (direction !== 'to-pod-identity' || standing.associations.length > 0 || name === undefined) return;
  const there = host.view.wiring.aws
    ?.associations()
    .filter((each) => each.clusterName === name && (region === undefined || each.region === region));
  if (there && account !== undefined && there.length >= associationQuota)
    yield {
      code: 'quota',
      effect: 'note',
      message: `The cluster ${name} has ${there.length} associations; EKS's quota was ${associationQuota} per cluster when this was written. Check it in Service Quotas.`,
    };
};
