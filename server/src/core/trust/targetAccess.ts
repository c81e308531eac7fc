import { agreedVerdict } from './candidates';
import { judgeRole } from './judge';
import { shownRoleName } from './roleText';
import { targetPermission, type TargetPermission } from './targetPermission';
import type { Decision, Verdict } from './verdict';
import { roleArnProblem } from '../model/roleArnProblem';
import { literal, plain } from '../text/texts';
import type { AwsIndex } from '../wiring/aws';
import type { Grant, TargetRole } from '../wiring/grants';
import type { Tie } from '../wiring/tie';

/** Whether the association's role can assume the target role: the second step of an association with targetRoleArn. */
export interface TargetAccess {
  readonly decision: Decision;
  /** The target role's name as people are shown it. */
  readonly role: string;
  readonly target: TargetRole;
  readonly fault?: 'role-arn' | 'role-missing' | 'permission' | 'no-policy';
  /** What the association's role must be allowed by its own policies; absent where it may need none. */
  readonly permission?: TargetPermission;
  readonly verdict?: Verdict;
  readonly tie?: Tie;
}

/**
 * What the target role's trust policy answers to the association's role, which must be allowed sts:AssumeRole, and
 * sts:TagSession with session tags. That the role's own policies allow both is assumed where AWS doesn't tell them.
 * @param isMissing whether a role of an ARN surely doesn't exist in AWS
 */
export function targetAccess(
  grant: Grant,
  isMissing: (arn: string | undefined) => boolean,
  aws: AwsIndex | undefined,
): TargetAccess | undefined {
  const { target } = grant;
  if (!target) return undefined;
  const [tie] = target.ties;
  const verdict = targetVerdict(grant, target);
  const permission = targetPermission(grant, aws);
  const base = {
    role: shownRoleName(target.role),
    target,
    ...(permission ? { permission } : {}),
    ...(verdict ? { verdict } : {}),
    ...(tie ? { tie } : {}),
  };
  if (roleArnProblem(target.role)) return { ...base, decision: 'denied', fault: 'role-arn' };
  if (isMissing(literal(target.role))) return { ...base, decision: 'denied', fault: 'role-missing' };
  if (permission?.isAllowed === false && verdict?.decision !== 'denied') return { ...base, decision: 'denied', fault: 'permission' };
  if (!verdict) return { ...base, decision: 'unknown', fault: 'no-policy' };
  return { ...base, decision: verdict.decision };
}

function targetVerdict(grant: Grant, target: TargetRole): Verdict | undefined {
  const { role, roleArn, cluster, sessionTagsDisabled, sessionTagsUnknown } = grant;
  const own = literal(roleArn?.account);
  const account = own !== undefined && /^\d{12}$/.test(own) ? own : cluster.account;
  const externalId = target.externalId === undefined ? grant.association?.externalId : plain(target.externalId);
  const association = grant.association?.objectName;
  return agreedVerdict(
    target.ties,
    (policy) =>
      judgeRole(policy, { mechanism: 'role', role, account, externalId, association, sessionTagsDisabled }, sessionTagsUnknown === true),
    target.reference,
  );
}
