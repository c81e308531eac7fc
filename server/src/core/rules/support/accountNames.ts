import { editDistance } from '../../text/nearest';
import { accountOfSubject, type AccountName } from '../../trust/subjects';

export { accountOfSubject, type AccountName };

/** `namespace/name`, as Kubernetes' tools write it. */
export function qualified(account: AccountName): string {
  return `${account.namespace}/${account.name}`;
}

/** How two accounts differ, for a message: `the names differ by "-sa"`. */
export function difference(
  own: AccountName,
  other: AccountName,
  sameNamespace = own.namespace === other.namespace,
  sameName = own.name === other.name,
): string {
  if (sameNamespace) return nameDifference(own.name, other.name);
  if (sameName) return `the namespace differs: ${own.namespace} against ${other.namespace}`;
  return 'namespace and name differ';
}

function nameDifference(a: string, b: string): string {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long !== short && long.startsWith(short)) return `the names differ by "${long.slice(short.length)}"`;
  if (long !== short && long.endsWith(short)) return `the names differ by "${long.slice(0, long.length - short.length)}"`;
  return `the name differs: ${a} against ${b}`;
}

/** Differences of names above this count as this and one. */
const furthest = 64;

/** How far two accounts are from each other; a smaller number is nearer. Where it is not less than `least`, any number that is not either. */
export function distance(a: AccountName, b: AccountName, least = Infinity): number {
  const limit = Math.min(furthest, least - 1);
  if (limit < 0) return least;
  const namespaces = editDistance(a.namespace, b.namespace, limit);
  if (namespaces >= least) return namespaces;
  return namespaces + editDistance(a.name, b.name, Math.min(furthest, least - 1 - namespaces));
}
