import { editDistance } from '../../text/nearest';
import { accountOfSubject, type AccountName } from '../../trust/subjects';

export { accountOfSubject, type AccountName };

/** `namespace/name`, as Kubernetes' tools write it. */
export function qualified(account: AccountName): string {
  return `${account.namespace}/${account.name}`;
}

/** Larger distances of names count as this one plus one. */
const furthest = 64;

/** The edit distance of two accounts. If it isn't below `least`, any number that isn't below it either. */
export function distance(a: AccountName, b: AccountName, least = Infinity): number {
  const limit = Math.min(furthest, least - 1);
  if (limit < 0) return least;
  const namespaces = editDistance(a.namespace, b.namespace, limit);
  if (namespaces >= least) return namespaces;
  return namespaces + editDistance(a.name, b.name, Math.min(furthest, least - 1 - namespaces));
}
