import { parseProviderArn } from '../model/arn';
import { issuerKind } from '../model/issuer';
import type { PolicyDocument } from '../model/policy';
import type { Text } from '../text/text';
import { literal, plain } from '../text/texts';

/** A provider of a policy that a token may come from, where nothing else tells the token's issuer. */
export interface Candidate {
  /** The issuer of its ARN, or the whole value where that is a hole. */
  readonly issuer: Text;
  /** The same as written, by which statements are known to name it. */
  readonly written: string;
}

/** More providers than this are not tried one by one. */
export const MAX_CANDIDATES = 12;

/** The providers that Allow statements name, each once, in source order; those that issue no pod's tokens only where there are no others. */
export function candidateProviders(policy: PolicyDocument): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const statement of policy.statements) {
    if (literal(statement.effect?.text) === 'Deny') continue;
    for (const kind of statement.principal?.kinds ?? []) {
      if (kind.key.value.toLowerCase() !== 'federated') continue;
      for (const value of kind.values) {
        const issuer = parseProviderArn(value)?.issuer ?? (value.holes.length > 0 ? value : undefined);
        if (issuer && !found.has(issuer.value)) found.set(issuer.value, { issuer, written: issuer.value });
      }
    }
  }
  const all = [...found.values()];
  const pods = all.filter((c) => c.issuer.holes.length > 0 || issuerKind(c.issuer.value) !== 'known-other');
  return pods.length > 0 ? pods : all;
}

/** A token's issuer as given: without scheme and without the slash that some write at its end. */
export function givenIssuer(issuer: string): Text {
  return plain(issuer.replace(/^https:\/\//i, ''));
}
