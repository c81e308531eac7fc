import type { Chain } from '../wiring/chain';
import type { MigrationHost } from './port';

/**
 * Whether eksctl creates a service account in the cluster by an entry of `iam.serviceAccounts`, and no manifest defines it:
 * without the entry nothing creates it. Source: eksctl pkg/kubernetes/serviceaccount.go.
 */
export function isByEksctlAlone({ account, namespace, name }: Chain, { view }: Pick<MigrationHost, 'view'>): boolean {
  if (account.eksctl !== 'entry') return false;
  if (namespace === undefined || name === undefined) return true;
  return !view.wiring.accountsNamed(name, namespace).some((each) => each.eksctl === undefined);
}

/** Whether an association of eksctl creates the account: `createServiceAccount: true`. */
export function isCreatedByAssociation({ namespace, name }: Chain, { view }: Pick<MigrationHost, 'view'>): boolean {
  if (namespace === undefined || name === undefined) return false;
  return view.wiring.accountsNamed(name, namespace).some((each) => each.eksctl === 'association');
}
