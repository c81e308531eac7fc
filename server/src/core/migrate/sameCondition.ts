import type { SourceFile } from '../syntax/sourceFile';
import type { Grant } from '../wiring/grants';
import type { Move } from './moves';
import { documentOf } from './spelling';

/**
 * Whether an association is there just where its role is: both are made by the same `count` or `for_each` of Terraform, as the first step
 * writes them. Then it is as sure as the role.
 */
export function isConditionalAsItsRole(
  { association, reference, sure }: Grant,
  { chain, policy }: Move,
  source: (uri: string) => SourceFile | undefined,
): boolean {
  if (sure || !association?.conditional) return sure;
  const roles = [...(reference?.roles ?? []), ...(chain?.role ? [chain.role] : []), ...policy.facts];
  const own = repetitionOf(association, source);
  return own !== undefined && roles.some((role) => repetitionOf(role, source) === own);
}

/** A block's `count` or `for_each`; undefined where the block has none. */
function repetitionOf(
  fact: Parameters<typeof documentOf>[0] & { readonly span: { readonly start: number; readonly end: number } },
  source: (uri: string) => SourceFile | undefined,
): string | undefined {
  const document = documentOf(fact, source);
  if (document?.syntax !== 'hcl') return undefined;
  const text = document.text.slice(fact.span.start, fact.span.end);
  const [, name, value] = /^[ \t]*(count|for_each)[ \t]*=[ \t]*(\S[^\n]*)$/m.exec(text) ?? [];
  return value === undefined ? undefined : `${name!} = ${value.trim()}`;
}
