import { literal } from '../text/texts';
import { holdsWhenAbsent, type Atom } from './trust/atoms';
import type { ConditionRule } from './trust/conditionRule';
import { consequence, harm } from './trust/effects';
import { headline, lines } from '../text/message';
import { fix, replaceIn } from './trust/edits';
import { soleIssuer } from './trust/providers';
import type { PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds condition keys whose issuer is not the issuer of the statement's provider. Placeholders on either side
(\`[OIDC_ID]\`, \`\${var.oidc_provider}\`) aren't reported.

## Why

A token has only the keys of its own issuer. A key of another cluster is absent from the request, and a condition on
an absent key doesn't match. Pods get \`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`. The usual
cause is a cluster that was recreated, or a policy copied from another region.

## Wrong

\`\`\`json
"Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/NEWCLUSTER1" },
"Condition": { "StringEquals": { "oidc.eks.eu-west-1.amazonaws.com/id/OLDCLUSTER1:sub": "system:serviceaccount:demo:app" } }
\`\`\`

## Right

\`\`\`json
"Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/NEWCLUSTER1" },
"Condition": { "StringEquals": { "oidc.eks.eu-west-1.amazonaws.com/id/NEWCLUSTER1:sub": "system:serviceaccount:demo:app" } }
\`\`\`

## When to turn it off

If a tool replaces the issuers of committed policies later, without placeholders.
`;

/** The key's issuer is none of the statement's providers. */
export const conditionKeyIssuerMismatch: ConditionRule = {
  id: 'condition-key-issuer-mismatch',
  level: 'error',
  title: "The condition key's issuer isn't the provider's",
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, reference_policies_iam-condition-keys; reference_policies_elements_condition_operators (absent keys)',
  find(atom, statement) {
    if (!statement.irsa || !isForeign(atom, statement)) return [];
    const holds = holdsWhenAbsent(atom) ?? 'partly';
    // A condition that then always matches is reported by condition-always-matches.
    if (statement.effect === 'Allow' && harm(statement, holds) !== 'shuts') return [];
    const issuer = literal(atom.claim!.issuer)!;
    const first = firstForeign(statement).get(issuer.toLowerCase());
    const sole = literal(soleIssuer(statement.providers));
    const { effect, result, level } = consequence(statement, holds);
    return [
      {
        span: atom.claim!.issuer.span,
        holds,
        level,
        silent: first !== undefined && first !== atom,
        message: lines(
          sole === undefined
            ? headline`The key's issuer ${issuer} isn't the provider's, ${effect}.`
            : headline`The key's issuer ${issuer} isn't the provider's ${sole}, ${effect}.`,
          result,
          'Use the same issuer in both.',
        ),
        related: statement.providers.map((p) => ({
          at: { doc: statement.fact.doc, span: p.arn!.issuer.span },
          message: "The provider's issuer",
        })),
        fixes: () => {
          if (sole === undefined || statement.atoms.length > most) return [];
          const alike = statement.atoms.filter(
            (other) => other.claim && literal(other.claim.issuer)?.toLowerCase() === issuer.toLowerCase(),
          );
          const edits = alike.map((other) => replaceIn(statement.fact, other.key, 0, other.claim!.issuer.value.length, sole));
          return [fix("Use the provider's issuer in the key", false, edits)];
        },
      },
    ];
  },
};

/** A statement with more conditions than a person writes gets no fixes: they would cost its length each. */
const most = 300;

const firsts = new WeakMap<PodStatement, ReadonlyMap<string, Atom>>();

/** The first condition on each foreign issuer, which gets the finding. */
function firstForeign(statement: PodStatement): ReadonlyMap<string, Atom> {
  let known = firsts.get(statement);
  if (!known) {
    const found = new Map<string, Atom>();
    for (const atom of statement.atoms) {
      const issuer = literal(atom.claim?.issuer)?.toLowerCase();
      if (issuer !== undefined && !found.has(issuer) && atom.operator.known && isForeign(atom, statement)) found.set(issuer, atom);
    }
    firsts.set(statement, (known = found));
  }
  return known;
}

/** A claim of a written-out issuer that is surely none of the statement's providers, which are all written out too. */
function isForeign(atom: Atom, statement: PodStatement): boolean {
  return (
    atom.claim !== undefined &&
    atom.name !== undefined &&
    atom.ours === false &&
    literal(atom.claim.issuer) !== undefined &&
    statement.providers.length > 0 &&
    statement.providers.every((p) => literal(p.arn?.issuer) !== undefined)
  );
}
