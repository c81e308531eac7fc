import { podIdentityPrincipal } from '../model/podIdentity';
import type { ListValue, ValueList } from '../model/policy';
import { literal } from '../text/texts';
import type { Report, Rule } from './rule';
import { actionValues, actionsAreKnown, podIdentityActions, speaksOf, webIdentityAction } from './trust/actions';
import { admitsNobody, podIdentityDenied } from './trust/effects';
import { fix, quoted, replaceAll, replaceSource } from './trust/edits';
import { speaksOfClusters } from './trust/providers';
import { shown } from '../text/shown';
import { isNearlyPodIdentity, isPodIdentityService, podStatements, type PodStatement } from './trust/statements';

const doc = `
Finds statements whose action and principal do not go together: an OIDC provider with \`sts:AssumeRole\`,
\`pods.eks.amazonaws.com\` with \`sts:AssumeRoleWithWebIdentity\`, and principals that no pod can be (an OIDC provider under
\`AWS\`, an account beside conditions on a pod's token, a misspelt service).

## Why

A token of a service account is exchanged with \`sts:AssumeRoleWithWebIdentity\`, and its principal is the cluster's OIDC
provider. EKS Pod Identity calls \`sts:AssumeRole\` and \`sts:TagSession\` as \`pods.eks.amazonaws.com\`. Any other pair admits
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

Further actions beside the right one do no harm and are left alone.

## When to turn it off

Never, as far as we know.
`;

/** Action and principal do not go together. */
export const actionMismatch: Rule = {
  id: 'action-mismatch',
  level: 'error',
  title: 'The action does not go with the principal',
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, access-analyzer-reference-policy-checks (mismatched action for principal); EKS user guide, pod-id-role',
  doc,
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
        message: `An OIDC provider stands under ${shown(kind.key)}: IAM refuses it or finds no such principal, and ${admitsNobody(statement)}. It belongs under Federated.`,
        fixes: movable ? [fix('Use Federated for the provider', true, [replaceAll(fact, kind.key, 'Federated')])] : [],
      };
    }
    const nearly =
      kind.key.value === 'Service' && !kind.values.some(isPodIdentityService) ? kind.values.find(isNearlyPodIdentity) : undefined;
    if (nearly) {
      return {
        doc: fact.doc,
        span: nearly.span,
        message: `${shown(nearly)} is not the service of EKS Pod Identity, which is ${podIdentityPrincipal} in every partition: no pod can take this role. Pods would see ${podIdentityDenied}.`,
        fixes: [fix(`Change the principal to ${podIdentityPrincipal}`, true, [replaceAll(fact, nearly, podIdentityPrincipal)])],
      };
    }
  }
  return strangers(statement, kinds);
}

/** Conditions on a pod's token, and a principal that has none. */
function strangers(statement: PodStatement, kinds: readonly ValueList[]): Report | undefined {
  if (!statement.irsa || kinds.length === 0) return undefined;
  const [saml] = statement.providers;
  if (saml && statement.providers.every((p) => p.kind === 'saml') && speaksOf(statement, webIdentityAction) === true) {
    return {
      doc: statement.fact.doc,
      span: saml.value.span,
      fixes: [],
      message: `A SAML provider goes with sts:AssumeRoleWithSAML, not with ${webIdentityAction}: ${admitsNobody(statement)}. Name the cluster's OIDC provider.`,
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
    message:
      `The conditions are about a service account's token, and the principal is ${shown(kind!.key)}: a pod comes as its cluster's OIDC provider, so ${admitsNobody(statement)}. ` +
      'Name the provider under Federated.',
    fixes: [],
  };
}

function ofToken(statement: PodStatement, statements: readonly PodStatement[]): Report | undefined {
  const {
    fact,
    statement: { action },
  } = statement;
  if (!action || action.open || speaksOf(statement, webIdentityAction) !== false || !actionsAreKnown(statement)) return undefined;
  // Both ways in one statement: it serves EKS Pod Identity as it is.
  if (statement.podIdentity && speaksOf(statement, 'sts:AssumeRole') !== false) return undefined;
  if (statement.providers.length === 0) return undefined;
  // TagSession in a statement of its own is harmless where another admits the token.
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
    message:
      `An OIDC provider goes with ${webIdentityAction}, not with ${shown(wrong)}: ${admitsNobody(statement)}. ` +
      `${replaceable ? `Write ${webIdentityAction}.` : `Add ${webIdentityAction}.`}`,
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
    message: `EKS Pod Identity calls sts:AssumeRole and sts:TagSession, not ${shown(wrong)}: no pod can take this role. Pods would see ${podIdentityDenied}. Write both actions.`,
    fixes: change ? [fix('Use sts:AssumeRole and sts:TagSession', true, [change])] : [],
  };
}

/** Two values on one line stand in a bracketed list alone; a list of lines takes one here, and the other rule adds the rest. */
function blockSafe(action: ValueList, both: string): string {
  const last = action.values[action.values.length - 1]!;
  return action.span.end > last.outer.end ? both : quoted('sts:AssumeRole');
}
