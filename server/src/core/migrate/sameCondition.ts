import type { SourceFile } from '../syntax/sourceFile';
import type { Grant } from '../wiring/grants';
import type { Move } from './moves';
import { documentOf } from './spelling';

/**
 * Whether an association is there just where its role is: both are made by the same `count` of Terraform, as the first step
 * writes them. Then it is as sure as the role.
 */
export function isConditionalAsItsRole(
  { association, reference, sure }: Grant,
  { chain, policy }: Move,
  source: (uri: string) => SourceFile | undefined,
): boolean {
  if (sure || !association?.conditional) return sure;
  const roles = [...(reference?.roles ?? []), ...(chain?.role ? [chain.role] : []), ...policy.facts];
  const own = countOf(association, source);
  return own !== undefined && roles.some((role) => countOf(role, source) === own);
}

/** The expression of a block's `count`, with its white space made one; undefined where the block has none. */
function countOf(
  fact: Parameters<typeof documentOf>[0] & { readonly span: { readonly start: number; readonly end: number } },
  source: (uri: string) => SourceFile | undefined,
): string | undefined {
  const document = documentOf(fact, source);
  if (document?.syntax !== 'hcl') return undefined;
  const text = document.text.slice(fact.span.start, fact.span.end);
  return /^[ \t]*count[ \t]*=[ \t]*(\S[^\n]*)$/m.exec(text)?.[1]?.trim();
}
