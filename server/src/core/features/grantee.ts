import type { ServiceAccountFact } from '../model/facts';
import type { Grant } from '../wiring/grants';
import type { WorkspaceView } from './workspaceView';

/** The roles that associations give an account, whatever builds call it; the same one once. */
export function grantsOfAccount(view: Pick<WorkspaceView, 'wiring'>, account: ServiceAccountFact): Grant[] {
  const found = new Map<string, Grant>();
  for (const { namespace, name } of view.wiring.identitiesOf(account)) {
    for (const grant of view.wiring.grantsOf({ namespace, name, places: [account] })) {
      const at = grant.association
        ? `${grant.association.doc.uri} ${grant.association.doc.index} ${grant.association.head.start}`
        : (grant.role?.value ?? '');
      found.set(`${namespace}/${name} ${at}`, grant);
    }
  }
  return [...found.values()];
}

/** Accounts with those last that an association of eksctl creates where nothing else does: another one of the name is the same. */
export function byEksctlLast(accounts: Iterable<ServiceAccountFact>): ServiceAccountFact[] {
  const all = [...accounts];
  return [...all.filter(({ eksctl }) => eksctl !== 'association'), ...all.filter(({ eksctl }) => eksctl === 'association')];
}
