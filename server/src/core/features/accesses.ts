import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import { literal } from '../text/texts';
import { accessByGrant, asksForRole, type Access } from '../trust/access';
import { exceptionWords } from '../trust/platforms';
import type { Decision } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { grantsOfAccount } from './grantee';
import type { WorkspaceView } from './workspaceView';

/** A role that an account gets, or should get, and the one verdict on it. */
export interface AccountAccess {
  readonly access: Access;
  /** What the annotation asks for, where there is one; in several overlays one for each. */
  readonly chain?: Chain;
}

/** How decisions are marked wherever they are shown. */
export const marks: Readonly<Record<Decision, string>> = { allowed: '✓', denied: '✗', unknown: '?' };

const order: readonly Decision[] = ['denied', 'unknown', 'allowed'];

/** For sorting: what needs a look comes first. */
export function byUrgency(a: { readonly access: Access }, b: { readonly access: Access }): number {
  return order.indexOf(a.access.decision) - order.indexOf(b.access.decision);
}

type View = Pick<WorkspaceView, 'wiring' | 'access'>;

/**
 * What becomes of an account, what fails first: its annotation in each overlay, or the association that overrides it; for
 * an account without an annotation its associations. Empty where it asks for no role.
 */
export function accessesOf(view: View, account: ServiceAccountFact): AccountAccess[] {
  const chains = view.wiring.chainsThrough(account).filter(asksForRole);
  const found = chains.length > 0 ? chains.map((chain) => ({ chain, access: view.access(chain) })) : grantAccesses(view, account);
  return found.sort(byUrgency);
}

function grantAccesses(view: View, account: ServiceAccountFact): AccountAccess[] {
  if (view.wiring.chainsThrough(account).length > 0) return [];
  return grantsOfAccount(view, account).map((grant) => ({ access: accessByGrant(grant, view.wiring.aws) }));
}

/** What becomes of the accounts that use the role of a trust policy: by their annotations, and by associations. */
export function accessesTo(view: View, policy: TrustPolicyFact): AccountAccess[] {
  const chains = view.wiring.chainsOf(policy).filter((chain) => !chain.overriddenBy && asksForRole(chain));
  return [
    ...chains.map((chain) => ({ chain, access: view.access(chain) })),
    ...view.wiring.grantsTo(policy).map((grant) => ({ access: accessByGrant(grant, view.wiring.aws) })),
  ].sort(byUrgency);
}

/** One verdict in a line: `✓ Can assume demo-role`, `✗ Can't assume demo-role: subject doesn't match`, `? demo-role: trust policy not found`. */
export function accessLine({ decision, role, reason, mechanism, exceptions, target }: Access): string {
  const what = `${role}${mechanism === 'pod-identity' ? ' by Pod Identity' : ''}${target ? `, then ${target.role}` : ''}`;
  switch (decision) {
    case 'allowed':
      return `✓ Can assume ${what}${exceptions ? `, except ${exceptionWords(exceptions)}` : ''}`;
    case 'denied':
      return `✗ Can't assume ${what}${reason === undefined ? '' : `: ${reason}`}`;
    case 'unknown':
      return `? ${what}${reason === undefined ? '' : `: ${reason}`}`;
  }
}

/** `namespace/name` of a chain's account or of an association's, as far as it is known. */
export function accountOf({ chain, access }: AccountAccess): string {
  if (chain) return chainAccount(chain);
  const { namespace, serviceAccount } = access.grant as Grant;
  return `${namespace}/${serviceAccount}`;
}

function chainAccount({ name, namespace, account }: Chain): string {
  const shown = name ?? literal(account.name) ?? 'a service account';
  return namespace === undefined ? shown : `${namespace}/${shown}`;
}
