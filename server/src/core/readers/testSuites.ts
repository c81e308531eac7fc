import { entryOf, valueAt } from '../syntax/nodes';
import type { Node } from '../syntax/tree';
import { asList, literalAt } from './nodes';

/**
 * Whether a document is a test: a suite of helm-unittest, or a step of kuttl or Chainsaw. Its manifests and values are set for the
 * test alone and deploy nothing. Sources: helm-unittest, DOCUMENT.md (suite, tests, asserts); kuttl.dev and
 * chainsaw.kyverno.io, API groups.
 */
export function isTestSuite(root: Node | undefined): boolean {
  if (root?.kind !== 'map') return false;
  if (/^(?:kuttl\.dev|chainsaw\.kyverno\.io)\//.test(literalAt(root, 'apiVersion') ?? '')) return true;
  if (entryOf(root, 'kind') || entryOf(root, 'apiVersion')) return false;
  const tests = asList(valueAt(root, 'tests'))?.items ?? [];
  return tests.some(
    (test) => entryOf(test, 'asserts') !== undefined || (entryOf(test, 'it') !== undefined && entryOf(root, 'suite') !== undefined),
  );
}
