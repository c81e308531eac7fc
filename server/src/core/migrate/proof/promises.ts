import type { TrustPolicyFact } from '../../model/facts';
import { grantVerdict } from '../../trust/grantVerdict';
import { judge } from '../../trust/judge';
import { isReplacementFor } from '../../trust/sameRole';
import type { Grant } from '../../wiring/grants';
import { namesAccount, podStatements } from '../admissions';
import type { Move } from '../moves';
import type { MigrationView } from '../port';
import { takenByProfiles } from '../reasons/workloads';
import { isReplaced, replacementPolicy } from '../replaced';
import { grantsOfRole } from '../roleGrants';
import { podsAnswer } from '../standing';
import type { Candidate, Part } from '../steps/part';
import type { MigrationReasonCode } from '../types';
import type { PolicyPairs } from './pairs';
import { saysTheSame } from './prove';
import { allowOnly, type effectOf } from './statements';

/** Why a part is not made. */
export interface Failure {
  readonly code: MigrationReasonCode;
  readonly reason: string;
  /** Whether it is only unknown that it can be made; absent: as the code tells. */
  readonly effect?: 'unknown' | 'stops';
}

/** What isn't as the step promises for an account; undefined where all is. */
export function brokenPromise(
  { move, standing }: Candidate,
  part: Part,
  pairs: PolicyPairs,
  view: MigrationView,
  effect: ReturnType<typeof effectOf>,
): string | Failure | undefined {
  const [fact] = move.policy.facts;
  if (move.policy.kind === 'made') return givesIrsaRole(move, view, effect) ? roleForIrsa : undefined;
  if (!fact) return undefined;
  if (part.replaced) return brokenReplacement({ move, standing }, part, pairs, view);
  const isGone = pairs.after(fact) === undefined && isReplaced(move, standing.associations);
  const after = (move.policy.kind === 'aws' ? part.inAws?.after : pairs.after(fact)) ?? fact;
  const irsa = judge(after.policy, move.request).decision;
  switch (effect) {
    case 'add-pods':
    case 'drop-irsa': {
      const grants = grantsOf(move, after, view);
      const [grant] = grants;
      if (isGone || isReplaced(move, standing.associations)) {
        const stays = move.admissions.some(({ wide }) => wide);
        if (!grant) return 'Afterwards no association of it could be read.';
        return !isGone && part.stays === undefined && irsa === 'allowed' && !stays
          ? 'Afterwards the trust policy would still allow it by IRSA.'
          : undefined;
      }
      const pods = podsAnswer(after.policy, move, grant);
      const isNamed = move.named !== undefined && podStatements(after.policy).some((statement) => namesAccount(statement, move.named!));
      if (pods === 'denied' || (pods === 'unknown' && !isNamed && standing.pods !== 'unknown'))
        return 'Afterwards the trust policy would not certainly allow it by EKS Pod Identity.';
      if (effect === 'add-pods' && !grant && part.script.length === 0 && move.namespace !== undefined && move.name !== undefined)
        return 'Afterwards no association of it could be read.';
      const onFargate = effect === 'add-pods' ? fargateFailure(move, grants) : undefined;
      if (onFargate) return onFargate;
      if (effect === 'add-pods') return irsa === 'denied' && standing.irsa !== 'denied' ? 'Afterwards it could no longer assume the role by IRSA.' : undefined; // prettier-ignore
      const stays = move.admissions.some(({ wide }) => wide);
      return irsa === 'allowed' && !stays ? 'Afterwards the trust policy would still allow it by IRSA.' : undefined;
    }
    case 'add-irsa':
    case 'drop-pods':
      return irsa === 'denied' ? 'Afterwards the trust policy would not allow it by IRSA.' : undefined;
  }
}

/** What isn't as promised where another role is made in the place of the account's: that one allows it and nobody else, and this one stays. */
function brokenReplacement(
  { move }: Pick<Candidate, 'move' | 'standing'>,
  { candidates }: Part,
  pairs: PolicyPairs,
  view: MigrationView,
): string | Failure | undefined {
  const [before] = move.policy.facts;
  const after = before && pairs.after(before);
  if (!before || !after || !saysTheSame(before.policy, after.policy))
    return 'Afterwards the trust policy of its role would be another one.';
  const grant = grantsOf(move, undefined, view).find((each) => isReplacementFor(after, each));
  const policy = grant && replacementPolicy({ kind: 'file', facts: [after] }, grant)?.policy;
  if (!grant || !policy) return 'Afterwards no role with the same policies could be read for it.';
  const named = candidates.flatMap((each) => each.move.named ?? []);
  if (policy.open || !allowOnly(policy.statements, policy, named, 'to-pod-identity'))
    return 'Afterwards the new role would not be for these service accounts alone.';
  const isNamed = move.named !== undefined && podStatements(policy).some((statement) => namesAccount(statement, move.named!));
  if (!isNamed || podsAnswer(policy, move, grant) === 'denied')
    return 'Afterwards the new role would not certainly allow it by EKS Pod Identity.';
  return fargateFailure(move, [grant]);
}

function fargateFailure(move: Move, grants: readonly Grant[]): Failure | undefined {
  const found = takenByProfiles(move, grants);
  return found && found.effect !== 'note' ? { code: found.code, reason: found.message, effect: found.effect } : undefined;
}

const roleForIrsa: Failure = {
  code: 'policy-not-editable',
  reason:
    "eksctl makes this role for IRSA, and its trust policy doesn't allow EKS Pod Identity. In the cluster's file, give the service account an association in iam.podIdentityAssociations with the policies of the role's entry in iam.serviceAccounts and with a roleName of its own. When its pods use that role, remove the annotation and the entry.",
};

/** Whether an association would give the very role that a tool makes for IRSA, which EKS rejects. */
function givesIrsaRole(move: Move, view: MigrationView, effect: ReturnType<typeof effectOf>): boolean {
  const [grant] = effect === 'add-pods' || effect === 'drop-irsa' ? grantsOf(move, undefined, view) : [];
  return grant !== undefined && grantVerdict(grant)?.decision === 'denied';
}

/** The grants of a move's account; without one by name, those of its role that may be its own. */
function grantsOf({ namespace, name, account }: Move, policy: TrustPolicyFact | undefined, { wiring }: MigrationView): readonly Grant[] {
  const own = wiring.grantsOf({ namespace, name, places: account ? [account] : [] });
  return own.length > 0 || !policy ? own : grantsOfRole(wiring, policy, namespace, name);
}
