import type { Edit } from '../rules/rule';
import { parseProviderArn } from '../model/arn';
import { parseConditionKey } from '../model/conditionKey';
import { issuerKind } from '../model/issuer';
import type { DocumentRef } from '../syntax/sourceFile';
import type { Text } from '../text/text';
import { isHole, replacement } from '../text/texts';
import type { WorkspaceView } from './workspaceView';

/** What is written in place of placeholders. */
export interface RealIssuer {
  /** Without `https://`. */
  readonly issuer: string;
  /** 12 digits. */
  readonly account: string;
  readonly partition: string;
}

/**
 * Edits that write a cluster's issuer in place of every placeholder issuer in a file's trust policies: in providers (with
 * their account and partition, where those are placeholders too) and in condition keys. An issuer that is written out is
 * left alone.
 * @returns the edits, and in how many places.
 */
export function replacePlaceholderIssuers(
  view: WorkspaceView,
  uri: string,
  real: RealIssuer,
): { readonly count: number; readonly edits: readonly Edit[] } {
  const edits: Edit[] = [];
  let count = 0;
  const write = (doc: DocumentRef, parts: readonly (readonly [Text, string])[]): void => {
    const open = parts.filter(([text]) => text.holes.length > 0);
    if (open.length === 0) return;
    count++;
    for (const [text, value] of open) edits.push({ doc, ...replacement(text, 0, text.value.length, value) });
  };
  for (const fact of view.wiring.facts(uri)) {
    if (fact.kind !== 'trustPolicy') continue;
    for (const { principal, condition } of fact.policy.statements) {
      for (const value of principal?.kinds.filter(({ key }) => key.value === 'Federated').flatMap(({ values }) => values) ?? []) {
        const arn = parseProviderArn(value);
        if (isHole(value)) write(fact.doc, [[value, `arn:${real.partition}:iam::${real.account}:oidc-provider/${real.issuer}`]]);
        else if (arn && standsForCluster(arn.issuer))
          write(fact.doc, [
            [arn.partition, real.partition],
            [arn.account, real.account],
            [arn.issuer, real.issuer],
          ]);
      }
      for (const { key } of condition?.operators.flatMap(({ keys }) => keys) ?? []) {
        const claim = parseConditionKey(key);
        if (claim && standsForCluster(claim.issuer)) write(fact.doc, [[claim.issuer, real.issuer]]);
      }
    }
  }
  return { count, edits };
}

/** A placeholder that is no other provider's: one alone, or with parts of EKS's issuer about it. */
function standsForCluster(issuer: Text): boolean {
  if (issuer.holes.length === 0) return false;
  return isHole(issuer) || issuerKind(issuer.value) !== 'known-other';
}
