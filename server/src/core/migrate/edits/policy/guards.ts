import type { TrustPolicyFact } from '../../../model/facts';
import type { PolicyDocument } from '../../../model/policy';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import type { EntryCut } from './removals';

/** Why nothing is changed in a policy, whatever its form: it isn't known in full, or IAM refuses it as it is. */
export function whyUntouchable({ policy, made, address }: TrustPolicyFact, document: SourceDocument): string | undefined {
  const generated = whyGenerated(document);
  if (generated !== undefined) return generated;
  if (made) return 'A tool makes this trust policy by itself, so no file can be changed for it.';
  if (address !== undefined) return "This trust policy is in Terraform's plan or state: change the configuration that it was made from.";
  if (policy.tooLarge !== undefined) return 'The trust policy is too large to be changed safely: change it manually.';
  if (policy.open) return 'A template or an expression adds parts to the trust policy: change it manually.';
  const [problem] = policy.problems;
  if (problem) return `The trust policy has an error: ${problem.message} Fix it first.`;
  if (!policy.statementSpan || policy.statementMissing) return 'The trust policy has no Statement: fix it first.';
  return policy.span.end <= document.text.length && isInPlace(policy) ? undefined : elsewhere;
}

/** Why a template isn't changed that a program has written. Source: aws-cdk-lib, core/lib/stack-synthesizers; cx-api (`aws:cdk:path`). */
export function whyGenerated({ ref, text, syntax }: SourceDocument): string | undefined {
  const isOfCdk = syntax === 'json' && (/\/cdk\.out\//.test(ref.uri) || /"aws:cdk:path"\s*:/.test(text));
  return isOfCdk ? 'AWS CDK generates this template: change the CDK app instead, and synthesize the template again.' : undefined;
}

export const elsewhere = 'Parts of the trust policy are written elsewhere (a local, a variable, another document): change it manually.';

/** Whether the statements stand one after the other where the policy does, and not in a variable or another file. */
function isInPlace({ statements, statementSpan, span }: PolicyDocument): boolean {
  const list = statementSpan!;
  return (
    list.start >= span.start &&
    list.end <= span.end &&
    areOrdered(
      statements.map((each) => each.span),
      list,
    )
  );
}

/** Whether entries stand one after the other within what holds them. */
export function areOrdered(entries: readonly Span[], holder: Span): boolean {
  let at = holder.start;
  for (const { start, end } of entries) {
    if (start < at || end <= start) return false;
    at = end;
  }
  return at <= holder.end;
}

/** Whether what is to be cut is written where it is said to be. */
export function isCutInPlace({ entries, holder }: EntryCut, { span }: PolicyDocument): boolean {
  return holder.start >= span.start && holder.end <= span.end && areOrdered(entries, holder);
}

/** A key of the policy, which tells how the policy stands in the document. */
export function someKey({ version, statements, id }: PolicyDocument): Text | undefined {
  return (
    version?.key ?? id?.key ?? statements.flatMap(({ effect, action, principal }) => effect?.key ?? action?.key ?? principal?.key ?? [])[0]
  );
}
