import type { ServiceAccountFact } from '../model/facts';
import type { Chain } from '../wiring/chain';
import type { Grant, Grantee } from '../wiring/grants';
import type { WorkspaceView } from './workspaceView';

/** A chain's account as associations speak of it. */
export function granteeOf({ account, namespace, name, overlays }: Chain): Grantee {
  return { namespace, name, uris: [account.doc.uri, ...(overlays ?? []).map(({ doc }) => doc.uri)] };
}

/** The roles that associations give an account, whatever builds call it; the same one once. */
export function grantsOfAccount(view: Pick<WorkspaceView, 'wiring'>, account: ServiceAccountFact): Grant[] {
  const found = new Map<string, Grant>();
  for (const { namespace, name } of view.wiring.identitiesOf(account)) {
    for (const grant of view.wiring.grantsOf({ namespace, name, uris: [account.doc.uri] })) {
      const at = grant.association ? `${grant.association.doc.uri} ${grant.association.doc.index} ${grant.association.head.start}` : grant.role;
      found.set(`${namespace}/${name} ${at}`, grant);
    }
  }
  return [...found.values()];
}

/** The role of a grant in a word: its name, where its ARN is known. */
export function grantedRole(grant: Grant): string {
  return grant.roleArn?.name.value ?? (grant.role || "the association's role");
}
