import type { TrustPolicyFact } from '../model/facts';

/** Whether two policies are one text, read for several deployments: as a module's from its own folder and from a caller's. */
export function isSamePlace(a: TrustPolicyFact, b: TrustPolicyFact): boolean {
  return a.doc.uri === b.doc.uri && a.doc.index === b.doc.index && a.span.start === b.span.start;
}
