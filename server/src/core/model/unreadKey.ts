import { annotationKeys, annotationPrefix, otherPrefixKeys } from './annotations';
import { meantKey } from './meantKey';

/** Hosts that are written before an invented key. */
const hosts = new Set([
  annotationPrefix.slice(0, -1),
  'pods.eks.amazonaws.com',
  'pod-identity.eks.amazonaws.com',
  'podidentity.eks.amazonaws.com',
  'eks-auth.amazonaws.com',
  'eks.amazon.com',
  'eks.aws.amazon.com',
  'eks.aws.com',
]);
/** Names of associations without "pod identity" in them, squeezed to letters. */
const associationName = /^(?:eks)?(?:identity)?association(?:rolearn|role|arn|id|name)?$/;
/** No invention is longer; longer keys are not looked at. */
const longest = 120;

/**
 * True for a key that was invented for EKS Pod Identity and is read by nothing: `eks.amazonaws.com/pod-identity-association`
 * and its like. Never one of the webhook's keys or nearly one, and no other real key under the prefix. Sources:
 * aws/containers-roadmap#2291 and #2292, where they were asked for; amazon-eks-pod-identity-webhook, which reads none of them.
 * @param isLabel the webhook itself labels pods with `eks.amazonaws.com/pod-identity`; as an annotation it is an invention
 */
export function isUnreadKey(key: string, isLabel = false): boolean {
  const slash = key.indexOf('/');
  if (slash < 0 || key.length > longest || !hosts.has(key.slice(0, slash).toLowerCase())) return false;
  const name = key.slice(slash + 1);
  const isReal = key.startsWith(annotationPrefix) && otherPrefixKeys.has(name) && (isLabel || name !== 'pod-identity');
  if (isReal || annotationKeys.some((known) => known.key === key) || meantKey(key) !== undefined) return false;
  const squeezed = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return squeezed.includes('podidentity') || associationName.test(squeezed);
}
