import { podIdentityPrincipal } from '../model/podIdentity';
import type { ListValue, ValueList } from '../model/policy';
import { literal } from '../text/texts';
import type { Report, Rule } from './rule';
import { actionValues, actionsAreKnown, podIdentityActions, speaksOf, webIdentityAction } from './trust/actions';
import { admitsNobody, podIdentityDenied } from './trust/effects';
import { fix, quoted, replaceAll, replaceSource } from './trust/edits';
import { speaksOfClusters } from './trust/providers';
import { headline, lines } from '../text/message';
import { isNearlyPodIdentity, isPodIdentityService, podStatements, type PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds statements whose action doesn't match the principal: an OIDC provider with \`sts:AssumeRole\`,
\`pods.eks.amazonaws.com\` with \`sts:AssumeRoleWithWebIdentity\`, and principals that no pod can have (an OIDC provider under
\`AWS\`, an account with conditions on a pod's token, a misspelt service).

## Why

A service account token is exchanged with \`sts:AssumeRoleWithWebIdentity\`, and its principal is the cluster's OIDC
provider. EKS Pod Identity calls \`sts:AssumeRole\` and \`sts:TagSession\` as \`pods.eks.amazonaws.com\`. Any other pair allows
no pod: \`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A" },
"Action": "sts:AssumeRole"
\`\`\`

## Right

\`\`\`json
"Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A" },
"Action": "sts:AssumeRoleWithWebIdentity"
\`\`\`

Further actions in addition to the right one do no harm and aren't reported.

## When to turn it off

There is no known reason to.
`;

/** The action doesn't match the principal. */
export const actionMismatch: Rule = {
  id: 'action-mismatch',
  level: 'error',
  title: "The action doesn't match the principal",
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, access-analyzer-reference-policy-checks (mismatched action for principal); EKS user guide, pod-id-role',
  checks: {
    trustPolicy(fact, context) {
      const statements = podStatements(fact);
      for (const statement of statements) {
        if (statement.effect !== 'Allow' || statement.open) continue;
        const report =
          ofPrincipal(statement) ??
          (statement.irsa ? ofToken(statement, statements) : undefined) ??
          (statement.podIdentity && !statement.irsa ? ofPodIdentity(statement) : undefined);
        if (report) context.report(report);
      }
    },
  },
};

/** A principal of the wrong kind, or a misspelt one. */
function ofPrincipal(statement: PodStatement): Report | undefined {
  const { fact } = statement;
  const kinds = statement.statement.principal?.kinds ?? [];
  for (const kind of kinds) {
    const provider =
      kind.key.value !== 'Federated' ? kind.values.find((v) => /:oidc-provider\//.test(v.value) && speaksOfClusters(v)) : undefined;
    if (provider) {
      const movable = !kinds.some((other) => other.key.value === 'Federated');
      return {
        doc: fact.doc,
        span: kind.key.span,
        message: lines(
          headline`An OIDC provider is listed under ${kind.key.value} instead of Federated.`,
          `IAM rejects the principal or doesn't find it. ${admitsNobody(statement)}`,
          'Use Federated for the provider.',
        ),
        fixes: movable ? [fix('Use Federated for the provider', true, [replaceAll(fact, kind.key, 'Federated')])] : [],
      };
    }
    const nearly =
      kind.key.value === 'Service' && !kind.values.some(isPodIdentityService) ? kind.values.find(isNearlyPodIdentity) : undefined;
    if (nearly) {
      return {
        doc: fact.doc,
        span: nearly.span,
        message: lines(
          headline`${nearly.value} isn't the service principal of EKS Pod Identity, ${podIdentityPrincipal}.`,
          `Pods get ${podIdentityDenied}.`,
          `Change it to ${podIdentityPrincipal}, which is the same in every partition.`,
        ),
        fixes: [fix(`Change the principal to ${podIdentityPrincipal}`, true, [replaceAll(fact, nearly, podIdentityPrincipal)])],
      };
    }
  }
  return strangers(statement, kinds);
}

/** Conditions on a pod's token, with a principal that has no token. */
function strangers(statement: PodStatement, kinds: readonly ValueList[]): Report | undefined {
  if (!statement.irsa || kinds.length === 0) return undefined;
  const [saml] = statement.providers;
  if (saml && statement.providers.every((p) => p.kind === 'saml') && speaksOf(statement, webIdentityAction) === true) {
    return {
      doc: statement.fact.doc,
      span: saml.value.span,
      fixes: [],
      message: lines(
        `A SAML provider can't be used with ${webIdentityAction}.`,
        admitsNobody(statement),
        "Use the cluster's OIDC provider.",
      ),
    };
  }
  if (kinds.some((kind) => kind.key.value === 'Federated' || kind.values.length === 0)) return undefined;
  if (kinds.some((kind) => kind.open || kind.values.some((value) => literal(value) === undefined || value.value === '*'))) return undefined;
  if (speaksOf(statement, webIdentityAction) !== true || !statement.atoms.some((atom) => atom.name === 'sub' || atom.name === 'aud'))
    return undefined;
  const [kind] = kinds;
  return {
    doc: statement.fact.doc,
    span: kind!.key.span,
    message: lines(
      headline`The conditions are for a service account token, but the principal is ${kind!.key.value}.`,
      `The principal of a token is the cluster's OIDC provider. ${admitsNobody(statement)}`,
      "Use the cluster's OIDC provider under Federated.",
    ),
    fixes: [],
  };
}

function ofToken(statement: PodStatement, statements: readonly PodStatement[]): Report | undefined {
  const {
    fact,
    statement: { action },
  } = statement;
  if (!action || action.open || speaksOf(statement, webIdentityAction) !== false || !actionsAreKnown(statement)) return undefined;
  // Both mechanisms in one statement: it works for EKS Pod Identity.
  if (statement.podIdentity && speaksOf(statement, 'sts:AssumeRole') !== false) return undefined;
  if (statement.providers.length === 0) return undefined;
  // TagSession in a statement of its own is harmless if another one allows the token.
  const onlyTags = action.values.every((value) => /^sts:(tagsession|setsourceidentity|setcontext)$/i.test(value.value));
  if (onlyTags && statements.some((other) => other !== statement && other.irsa && speaksOf(other, webIdentityAction) !== false))
    return undefined;
  const wrong: ListValue | undefined =
    [...actionValues(statement, 'sts:AssumeRole'), ...actionValues(statement, 'sts:AssumeRoleWithSAML')][0] ?? action.values[0];
  if (!wrong) return undefined;
  const replaceable = /^sts:AssumeRole(WithSAML)?$/i.test(wrong.value);
  return {
    doc: fact.doc,
    span: wrong.span,
    message: lines(
      headline`An OIDC provider needs ${webIdentityAction}, not ${wrong.value}.`,
      admitsNobody(statement),
      `${replaceable ? 'Change it to' : 'Add'} ${webIdentityAction}.`,
    ),
    fixes: replaceable ? [fix(`Use ${webIdentityAction}`, true, [replaceAll(fact, wrong, webIdentityAction)])] : [],
  };
}

function ofPodIdentity(statement: PodStatement): Report | undefined {
  const {
    fact,
    statement: { action },
  } = statement;
  const wrong = actionValues(statement, webIdentityAction)[0];
  if (!action || !wrong || action.open || speaksOf(statement, 'sts:AssumeRole') !== false) return undefined;
  const both = podIdentityActions.map(quoted).join(', ');
  const edit = action.list ? undefined : replaceSource(fact, wrong, `[${both}]`);
  const listed = action.list
    ? replaceSource(fact, wrong, speaksOf(statement, 'sts:TagSession') === true ? quoted('sts:AssumeRole') : blockSafe(action, both))
    : undefined;
  const change = edit ?? listed;
  return {
    doc: fact.doc,
    span: wrong.span,
    message: lines(
      headline`EKS Pod Identity needs sts:AssumeRole and sts:TagSession, not ${wrong.value}.`,
      `Pods get ${podIdentityDenied}.`,
      'Use both actions.',
    ),
    fixes: change ? [fix('Use sts:AssumeRole and sts:TagSession', true, [change])] : [],
  };
}

/** Only a bracketed list has two values on one line; in a list of lines one is written here, and the other rule adds the second. */
function blockSafe(action: ValueList, both: string): string {
  const last = action.values[action.values.length - 1]!;
  return action.span.end > last.outer.end ? both : quoted('sts:AssumeRole');
}
