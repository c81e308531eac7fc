import { annotationKeys, annotationPrefix } from '../../model/annotations';
import { meantKey } from '../../model/meantKey';
import { isUnreadKey } from '../../model/unreadKey';

/**
 * Whether a key of a free map is, or seems to be, one of the webhook's, see meantKey, or was invented for its sake. Never the other keys
 * under the same prefix, and no name without a prefix.
 */
export function isWebhookKey(key: string): boolean {
  if (annotationKeys.some((known) => known.key === key)) return true;
  const found = meantKey(key);
  return found === undefined ? isUnreadKey(key) : found.wrong !== 'bare';
}

/** The same for a key of an annotation or label map: also all under the prefix, and a role's key without any. */
export function isAnnotationOfConcern(key: string): boolean {
  return key.startsWith(annotationPrefix) || meantKey(key) !== undefined || isUnreadKey(key);
}
