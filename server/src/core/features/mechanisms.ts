import type { Access } from '../trust/access';
import type { Decision } from '../trust/verdict';

/** What the mechanisms are called wherever they are shown. */
export const mechanismNames = { irsa: 'IRSA', 'pod-identity': 'EKS Pod Identity' } as const;

/** What the association and the annotation of one account do: the webhook decides at admission. */
export const overridesForNewPods = 'The association overrides the annotation for pods started after it; running pods keep what they have.';

/** Whether an account is between the two steps of a move: an association and an annotation give it the same role, or one made in its place. */
export function isMoving({ decision, other }: Pick<Access, 'decision' | 'other'>): boolean {
  return (
    other?.standing === 'overridden' && (other.sameRole || other.replaces === true) && other.oneAddon !== true && decision === 'allowed'
  );
}

/** What stands behind a verdict in a line where both mechanisms are there: ` (moving: EKS Pod Identity overrides IRSA)`. Empty else. */
export function mechanismNote(access: Pick<Access, 'decision' | 'role' | 'other' | 'mechanism'>): string {
  const { decision, role, other } = access;
  if (!other) return '';
  if (isMoving(access))
    return other.decision === 'denied' ? ' (moving: IRSA no longer works)' : ' (moving: EKS Pod Identity overrides IRSA)';
  if (other.standing === 'overridden')
    return other.sameRole || other.role === role || decision !== 'allowed' ? ' (overrides IRSA)' : ` (overrides ${other.role})`;
  if (other.standing === 'perhaps' || decision !== 'allowed' || other.decision !== 'allowed') return '';
  return other.mechanism === 'pod-identity'
    ? ' (IRSA; the trust policy also allows EKS Pod Identity)'
    : ' (the trust policy also allows IRSA)';
}

const can: Readonly<Record<Decision, string>> = { allowed: 'can assume', denied: "can't assume", unknown: 'may or may not assume' };

/** What the mechanism that isn't in effect would give: a sentence without a mark, since it isn't the account's verdict. */
export function otherInWords({ mechanism, standing, role, decision, reason }: NonNullable<Access['other']>): string {
  const name = mechanismNames[mechanism];
  if (standing === 'policy-only')
    return decision === 'allowed' ? `The trust policy also allows ${name}.` : `The trust policy may also allow ${name}.`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${name} alone: ${can[decision]} ${role}${why}.`;
}

/** Which mechanism is in effect, and how a move goes on or ends: sentences. Empty where only one is there. */
export function mechanismSentences(access: Pick<Access, 'decision' | 'other' | 'mechanism'>): readonly string[] {
  const { decision, other } = access;
  if (!other) return [];
  switch (other.standing) {
    case 'overridden':
      return [overridesForNewPods, ...afterOverride(access, other)];
    case 'perhaps':
      return [
        ...(other.doubt === undefined ? [] : [other.doubt]),
        'If the association applies, it overrides the annotation for pods started after it.',
      ];
    case 'policy-only': {
      const may = other.decision === 'allowed' ? 'allows' : 'may allow';
      if (other.mechanism === 'irsa')
        return [
          `The trust policy also ${may} this service account with IRSA, and no annotation of these files uses that.`,
          ...(decision === 'allowed' ? ['If the move is over, remove the OIDC provider statement from the trust policy.'] : []),
        ];
      return [
        `The trust policy also ${may} this service account with EKS Pod Identity, and no association of these files uses that.`,
        decision === 'allowed'
          ? 'Until there is an association, pods use IRSA.'
          : 'Create the association, or let the trust policy allow the annotation.',
      ];
    }
  }
}

function afterOverride(access: Pick<Access, 'decision' | 'other' | 'mechanism'>, other: NonNullable<Access['other']>): string[] {
  if (isMoving(access))
    return other.decision === 'denied'
      ? [`IRSA no longer works${other.reason === undefined ? '' : `: ${other.reason}`}. To end the move, remove the annotation.`]
      : [
          other.replaces
            ? `To end the move: restart the workloads, remove the annotation, then remove the role ${other.role}.`
            : 'To end the move: restart the workloads, remove the annotation, then remove the OIDC provider statement from the trust policy.',
        ];
  if (other.oneAddon)
    return ['One add-on names both mechanisms: EKS uses the association only, and eksctl rejects it. Keep only one of the two.'];
  if (access.decision === 'denied')
    return other.decision === 'allowed'
      ? ["Running pods that use IRSA keep their access until they restart. Change the association's role, or remove the association."]
      : [];
  if (other.sameRole || other.replaces) return [];
  return [`The annotation names another role, ${other.role}, which new pods don't get.`];
}
