import { literalAt } from '../nodes';
import type { ManifestObject } from './object';

/**
 * True for an object as the API server answers it, not as a manifest makes it: both fields are set by the server alone.
 * Source: Kubernetes, ObjectMeta.
 */
export function isLive({ metadata }: ManifestObject): boolean {
  return literalAt(metadata, 'uid') !== undefined && literalAt(metadata, 'creationTimestamp') !== undefined;
}
