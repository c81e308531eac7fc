import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import { literal } from '../text/texts';
import { accessByGrant, asksForRole, type Access } from '../trust/access';
import { exceptionWords } from '../trust/platforms';
import type { Decision } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { grantsOfAccount } from './grantee';
import { isMoving, mechanismNote } from './mechanisms';
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

/**
 * What becomes of the accounts that use the role of a trust policy: by their annotations, and by associations. An account whose
 * annotation is overridden by an association with the same role comes once.
 */
export function accessesTo(view: View, policy: TrustPolicyFact): AccountAccess[] {
  const chains = view.wiring.chainsOf(policy).filter(asksForRole);
  const overridden = chains.filter(({ overriddenBy, ties }) => overriddenBy && ties[0]?.policy === policy);
  const both = (grant: Grant): AccountAccess => {
    const access = accessByGrant(grant, view.wiring.aws);
    const chain = grant.association && overridden.find(({ overriddenBy }) => overriddenBy!.association === grant.association);
    const { other } = chain ? view.access(chain) : {};
    return other ? { chain: chain!, access: { ...access, other } } : { access };
  };
  return [
    ...chains.filter(({ overriddenBy }) => !overriddenBy).map((chain) => ({ chain, access: view.access(chain) })),
    ...view.wiring.grantsTo(policy).map(both),
    // AWS has the association, no file.
    ...overridden
      .filter(({ overriddenBy }) => !overriddenBy!.association && overriddenBy!.ties[0]?.policy === policy)
      .map((chain) => ({ chain, access: view.access(chain) })),
  ].sort(byUrgency);
}

/** The accounts whose annotation asks for a trust policy's role, while an association gives them another one. */
export function overriddenElsewhere(view: View, policy: TrustPolicyFact): AccountAccess[] {
  return view.wiring
    .chainsOf(policy)
    .filter(({ overriddenBy, ties }) => overriddenBy && ties[0]?.policy === policy)
    .map((chain) => ({ chain, access: view.access(chain) }))
    .filter(({ access }) => access.other?.sameRole === false);
}

/** One verdict in a line, and that an account is moving: `✓ Can assume demo-role`, `✗ Can't assume demo-role: subject doesn't match`, `? demo-role: trust policy not found`. */
export function accessLine(access: Access): string {
  const { decision, role, reason, mechanism, exceptions, target } = access;
  const what = `${role}${mechanism === 'pod-identity' && !isMoving(access) ? ' by Pod Identity' : ''}${target ? `, then ${target.role}` : ''}`;
  const note = mechanismNote(access);
  switch (decision) {
    case 'allowed':
      return `✓ Can assume ${what}${exceptions ? `, except ${exceptionWords(exceptions)}` : ''}${note}`;
    case 'denied':
      return `✗ Can't assume ${what}${reason === undefined ? '' : `: ${reason}`}${note}`;
    case 'unknown':
      return `? ${what}${reason === undefined ? '' : `: ${reason}`}${note}`;
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
