import { folderKey } from '../config/paths';
import { parseRoleArn } from '../model/arn';
import type { TrustPolicyFact } from '../model/facts';
import { encloses } from '../text/span';
import { equal, literal, trim } from '../text/texts';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { candidatesOf } from './candidates';

/**
 * Whether an annotation and an association surely name one role: by the same text, by name and account, or since both are tied
 * to the one trust policy. False where that isn't known.
 */
export function isSameRole({ request, ties }: Pick<Chain, 'request' | 'ties'>, grant: Grant): boolean {
  const value = request.value && trim(request.value);
  if (!value) return false;
  const { association, role, roleArn } = grant;
  if (role && equal(role, value) === true) return true;
  const asked = parseRoleArn(value);
  const name = literal(roleArn?.name ?? association?.roleName);
  const askedName = literal(asked?.name);
  if (name !== undefined && askedName !== undefined)
    return name === askedName && (roleArn === undefined || equal(roleArn.account, asked!.account) !== false);
  const [own, theirs] = [onlyPolicy(ties), onlyPolicy(grant.ties)];
  return own !== undefined && own === theirs;
}

/**
 * Whether eksctl makes a role for the annotation and another one for the association, with the same policies: a move from one to the
 * other. Both are in one file, and the account's own.
 */
export function isEksctlPair({ account, ties }: Pick<Chain, 'account' | 'ties'>, grant: Grant): boolean {
  if (account.eksctl !== 'entry' || grant.association?.doc !== account.doc) return false;
  const [own, theirs] = [madeBy(ties), madeBy(grant.ties)];
  return own !== undefined && own === theirs;
}

/**
 * Whether an association's role replaces the role of a trust policy: Terraform modules make both in one deployment, with the same
 * permissions, since the module of the policy takes no further statements. A move from one to the other.
 */
export function isReplacementFor(
  { policy, permissions, deployedBy, doc }: TrustPolicyFact,
  { ties, association }: Pick<Grant, 'ties' | 'association'>,
): boolean {
  const other = onlyPolicy(ties);
  return (
    permissions !== undefined &&
    policy.form === 'hcl-module' &&
    association !== undefined &&
    other?.made === true &&
    other.policy.form === 'hcl-module' &&
    other.permissions === permissions &&
    folderKey(other.doc.uri) === folderKey(doc.uri) &&
    deployedBy?.[0] !== undefined &&
    deployedBy[0] === other.deployedBy?.[0]
  );
}

/** The same for an annotation and an association of one account: of eksctl's two roles, or Terraform's. */
export function isMovingPair(chain: Pick<Chain, 'account' | 'ties'>, grant: Grant): boolean {
  const own = onlyPolicy(chain.ties);
  return isEksctlPair(chain, grant) || (own !== undefined && isReplacementFor(own, grant));
}

function madeBy(ties: Chain['ties']): string | undefined {
  const [first, other] = ties.length === 0 ? [] : candidatesOf(ties);
  return other || !first?.policy.made ? undefined : first.policy.permissions;
}

/** Whether one entry of an EKS add-on asks for the role and has the association. */
export function isOneAddon({ account }: Pick<Chain, 'account'>, { association }: Grant): boolean {
  return (
    association !== undefined && account.addon !== undefined && account.doc === association.doc && encloses(account.span, association.span)
  );
}

function onlyPolicy(ties: Chain['ties']): TrustPolicyFact | undefined {
  const [first, other] = ties.length === 0 ? [] : candidatesOf(ties);
  return other ? undefined : first?.policy;
}
