import type { Report, Rule, RuleContext } from './rule';
import { rewrite } from './support/edits';
import { fileName, sourceNote } from './support/ties';
import type { ObjectFact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { headline, line, lines } from '../text/message';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { accessOf } from '../trust/access';
import { workloadWords } from '../trust/platforms';
import type { Grant } from '../wiring/grants';

/** The page. */
/** The page: see pages.ts. */
export const doc = `
Finds operators that can't use the role of a service account, because they use only one of the two mechanisms:

- External Secrets with \`serviceAccountRef\` needs the \`eks.amazonaws.com/role-arn\` annotation; an EKS Pod Identity association
  isn't enough. The role's trust policy must allow the cluster's OIDC provider, also while an association gives pods the role.
- The AWS provider of the Secrets Store CSI driver uses the annotation, or the association if the SecretProviderClass has
  \`usePodIdentity: "true"\`, never both. Its value must be a boolean of Go, in quotes:
  \`"yes"\` and \`true\` are errors.
- KEDA rejects a TriggerAuthentication with \`roleArn\` and \`identityOwner: workload\`.

## Why

The operators read the annotation themselves, and fail with \`an IAM role must be associated with service account …\`.
KEDA's webhook answers \`roleArn of PodIdentity can't be set if KEDA isn't identityOwner\`.

## Wrong

\`\`\`yaml
kind: SecretProviderClass
spec:
  provider: aws
  parameters:
    usePodIdentity: "yes"
\`\`\`

## Right

\`\`\`yaml
    usePodIdentity: "true"
\`\`\`

Only service accounts that these files define without placeholders are checked. That an association is missing is only
reported if AWS, or a snapshot, has the cluster's whole list.

## When to turn it off

If another tool adds the annotation.
`;

/** An operator that can't use the mechanism by which the account has its role. */
export const operatorIdentityMismatch: Rule = {
  id: 'operator-identity-mismatch',
  level: 'error',
  title: "An operator can't use the service account's role",
  fixable: true,
  since: '0.1.0',
  source:
    'external-secrets, docs/provider/aws-access.md; secrets-store-csi-driver-provider-aws, server/server.go; keda, triggerauthentication_webhook.go',
  checks: {
    object(fact, context) {
      const { providerClass, contradiction } = fact;
      const value = providerClass?.usePodIdentity;
      if (value && (providerClass.type || (literal(value) !== undefined && parseBool(value.value) === undefined)))
        context.report(notBoolean(fact, value));
      if (contradiction)
        context.report({
          doc: fact.doc,
          span: contradiction.roleArn.span,
          message: lines(
            line`${fact.objectKind} has a roleArn, but its identityOwner is workload.`,
            'KEDA rejects it with "roleArn of PodIdentity can\'t be set if KEDA isn\'t identityOwner".',
            'Remove roleArn, or set identityOwner to keda.',
          ),
          related: [{ at: { doc: fact.doc, span: contradiction.identityOwner.span }, message: 'The identity owner' }],
        });
    },
    workload(fact, context) {
      if (fact.operator === 'annotation') {
        withoutAnnotation(fact, context);
        besideAssociation(fact, context);
      }
      for (const name of fact.secretProviderClasses ?? []) mountsClass(fact, name, context);
    },
  },
};

/** What Go's strconv.ParseBool makes of a text; undefined where that is an error. */
function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}

const meant: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  y: true,
  enabled: true,
  false: false,
  no: false,
  off: false,
  n: false,
};

/**
 * A usePodIdentity that works nowhere: Go reads no boolean in it, or the API server refuses it before, since parameters are
 * strings. Source: CRD SecretProviderClass, spec.parameters.
 */
function notBoolean({ doc: at, providerClass }: ObjectFact, value: Text): Report {
  const type = providerClass?.type;
  const word = value.value.trim().toLowerCase();
  const is = Object.hasOwn(meant, word) ? `${meant[word]}` : undefined;
  const edit = type ? { doc: at, span: value.outer, newText: `"${is}"`, judged: value } : is !== undefined && rewrite(at, value, is);
  return {
    doc: at,
    span: value.span,
    message: lines(
      type
        ? `usePodIdentity is a ${type}, but the parameters of a SecretProviderClass must be strings.`
        : headline`${value.value} isn't a boolean that the AWS provider reads.`,
      type
        ? 'Kubernetes rejects it with "spec.parameters.usePodIdentity in body must be of type string".'
        : 'Mounting the volume fails with "failed to parse usePodIdentity value", and the pod doesn\'t start.',
      'Use "true" or "false", in quotes.',
    ),
    fixes: is !== undefined && edit ? [{ title: `Change usePodIdentity to ${is}`, safe: false, edits: [edit] }] : [],
  };
}

/** The accounts of a workload as files define them, where what they have is known; empty otherwise. */
function definedAccounts(fact: WorkloadFact, { wiring }: RuleContext): readonly ServiceAccountFact[] {
  if (fact.open) return [];
  const accounts = wiring.accountsOf(fact).filter(({ requestedBy }) => !requestedBy);
  return accounts.every((account) => !account.open && account.origin === 'manifest') ? accounts : [];
}

/** True where no file, and no build of one, gives any of the accounts an annotation. */
function areUnannotated(accounts: readonly ServiceAccountFact[], { wiring }: RuleContext): boolean {
  return accounts.length > 0 && accounts.every((account) => !account.roleArn && wiring.chainsThrough(account).length === 0);
}

function grantsOf(fact: WorkloadFact, { wiring }: RuleContext): readonly Grant[] {
  const [namespace, name] = [wiring.namespaceOf(fact), fact.serviceAccountName ? literal(fact.serviceAccountName) : 'default'];
  return namespace === undefined || name === undefined ? [] : wiring.grantsOf({ namespace, name, places: [fact] });
}

function sureOf(grants: readonly Grant[]): Grant | undefined {
  return grants.find(({ sure, ground }) => sure && ground !== 'open');
}

function withoutAnnotation(fact: WorkloadFact, context: RuleContext): void {
  const accounts = definedAccounts(fact, context);
  const name = fact.serviceAccountName!;
  if (!areUnannotated(accounts, context)) return;
  const grant = sureOf(grantsOf(fact, context));
  const namespace = context.wiring.namespaceOf(fact);
  context.report({
    doc: fact.doc,
    span: name.span,
    ...(grant ? {} : { level: 'warning' as const }),
    message: lines(
      headline`${fact.objectKind} ${fact.name?.value ?? ''} uses service account ${name.value}, which has no role-arn annotation.`,
      line`External Secrets answers "an IAM role must be associated with service account ${name.value} (namespace: ${namespace ?? 'unknown'})".`,
      grant
        ? `It can't use the Pod Identity association: add the annotation, or remove auth and associate the controller's account.${grant.association ? '' : fromOf(grant)}`
        : 'Add the annotation to the service account.',
    ),
    related: [
      accountPlace(accounts[0]!),
      ...(grant?.association ? [{ at: { doc: grant.association.doc, span: grant.association.head }, message: 'The association' }] : []),
    ],
  });
}

/** An operator whose account an association gives its pods the role, while the annotation that the operator uses gives none. */
function besideAssociation(fact: WorkloadFact, context: RuleContext): void {
  for (const account of definedAccounts(fact, context))
    for (const chain of context.wiring.chainsFor(account)) {
      const { other, grant } = chain.overriddenBy ? accessOf(chain, context.wiring.aws, context.verdict(chain)) : {};
      if (!grant || !other || other.decision !== 'denied' || !chain.workloads.includes(fact)) continue;
      context.report({
        doc: fact.doc,
        span: fact.serviceAccountName!.span,
        message: lines(
          headline`${workloadWords(fact)} can't assume ${other.role}: ${other.reason ?? 'IRSA is denied'}.`,
          `External Secrets can't use the Pod Identity association with serviceAccountRef, only the annotation.${fromOf(grant)}`,
          "Allow the cluster's OIDC provider in the trust policy, or remove auth and associate the controller's service account.",
        ),
        related: [accountPlace(account)],
      });
      return;
    }
}

function mountsClass(fact: WorkloadFact, name: Text, context: RuleContext): void {
  const { wiring } = context;
  const [found, another] = literal(name) === undefined ? [] : wiring.providerClassesOf(name.value, fact);
  const value = found?.providerClass?.usePodIdentity;
  const uses =
    !found || another ? undefined : value === undefined ? false : literal(value) === undefined ? undefined : parseBool(value.value);
  const accounts = uses === undefined ? [] : definedAccounts(fact, context);
  const [account] = accounts;
  if (!account) return;
  const grants = grantsOf(fact, context);
  const shown = account.name?.value ?? 'default';
  const related = [
    { at: { doc: found!.doc, span: value?.span ?? found!.name?.span ?? found!.span }, message: 'The SecretProviderClass' },
    accountPlace(account),
  ];
  if (!uses) {
    const grant = sureOf(grants);
    if (!grant || !areUnannotated(accounts, context)) return;
    context.report({
      doc: fact.doc,
      span: name.span,
      message: lines(
        headline`SecretProviderClass ${name.value} uses the annotation, but service account ${shown} has only an association.`,
        line`Mounting the volume fails with "An IAM role must be associated with service account ${shown} (namespace: ${grant.namespace})".${fromOf(grant)}`,
        'Set usePodIdentity: "true" in the parameters of the SecretProviderClass.',
      ),
      related,
    });
    return;
  }
  const cluster = grants.length > 0 || !accounts.every(({ roleArn }) => roleArn) ? undefined : wiring.clusterAt(fact);
  const real = cluster?.arn === undefined ? undefined : wiring.aws?.cluster(cluster.arn);
  if (!real || !wiring.aws!.knowsAssociationsOf(real)) return;
  context.report({
    doc: fact.doc,
    span: name.span,
    message: lines(
      headline`SecretProviderClass ${name.value} uses Pod Identity, but service account ${shown} has no association.`,
      `The provider ignores the role-arn annotation, and mounting the volume fails.${sourceNote(wiring.aws!.source.label)}`,
      line`Create an association in cluster ${real.name}, or remove usePodIdentity.`,
    ),
    related,
  });
}

function accountPlace(account: ServiceAccountFact): NonNullable<Report['related']>[number] {
  return { at: { doc: account.doc, span: account.name?.span ?? account.head }, message: 'The service account' };
}

function fromOf({ association, source = 'AWS' }: Grant): string {
  return association ? line` Source of the association: ${fileName(association.doc.uri)}.` : sourceNote(source);
}
