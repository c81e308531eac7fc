import { literal } from '../text/texts';
import { annotationKeys, type AnnotationKey } from '../model/annotations';
import type { AnnotationFact, InsertionPoint, ServiceAccountFact } from '../model/facts';
import { insertion, wrapped } from './support/moves';
import { accountAround, accountName, asksForRole, shortKey, workloadAround } from './support/surroundings';
import type { Edit, Fix, Report, Rule, RuleContext } from './rule';
import { headline, line, lines } from '../text/message';

/** The page: see pages.ts. */
export const doc = `
Finds the webhook's annotations in places that the webhook doesn't read: \`role-arn\`, \`audience\` and \`sts-regional-endpoints\` on
a Pod, a workload or its template; \`skip-containers\` on a service account; any of them under \`labels\`, next to
\`annotations\`, or on the metadata of a workload that creates pods.

## Why

The webhook reads \`role-arn\`, \`audience\`, \`sts-regional-endpoints\` and \`token-expiration\` from the ServiceAccount, and
\`token-expiration\` and \`skip-containers\` from the Pod, which gets them from its template. Anywhere else they have no effect:
pods start without \`AWS_ROLE_ARN\`, and calls use the node role or fail with \`Unable to locate credentials\`.
Kubernetes rejects an ARN as a label: \`a valid label must be an empty string or consist of alphanumeric characters\`.

## Wrong

\`\`\`yaml
kind: Deployment
spec:
  template:
    metadata:
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right

\`\`\`yaml
kind: ServiceAccount
metadata:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

Chart values whose meaning is unknown aren't reported.

## When to turn it off

If your own tool reads these annotations from other objects and creates the service accounts.
`;

/** A webhook annotation is in a place that the webhook doesn't read. */
export const annotationMisplaced: Rule = {
  id: 'annotation-misplaced',
  level: 'error',
  title: "The annotation is in a place that EKS doesn't read",
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/cache/cache.go (addSA), pkg/handler/handler.go (parsePodAnnotations)',
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      const known = annotationKeys.find(({ short }) => short === shortKey(fact));
      if (!known || !isMisplaced(known, fact)) return;
      if (isChartPods(fact) && (isEmpty(fact) || someAccountHas(known, fact, context))) return;
      context.report(report(known, fact, context));
    },
  },
};

/** Kinds that create no pods and no accounts: annotations on them have no effect. Other kinds may pass theirs on. */
const deafKinds = new Set(['Namespace', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

function isMisplaced(known: AnnotationKey, fact: AnnotationFact): boolean {
  switch (fact.place) {
    case 'service-account':
    case 'pod-template':
      return !known.on.includes(fact.place);
    case 'workload':
    case 'service-account-labels':
    case 'other-labels':
    case 'beside-annotations':
      return true;
    case 'other-object':
      return deafKinds.has(fact.owner.kind ?? '');
    case 'unknown':
      return false;
  }
}

function report(known: AnnotationKey, fact: AnnotationFact, context: RuleContext): Report {
  const { short } = known;
  const account = forAccount(known) ? accountOf(fact, context) : undefined;
  const has = account !== undefined && hasOwn(account, short);
  const labels = fact.place.endsWith('labels');
  const refused = labels && /[:/\s]/.test(fact.value?.value ?? '');
  const where = placeName(fact);
  const effect = refused
    ? 'Kubernetes rejects the object with "a valid label must be an empty string or consist of alphanumeric characters".'
    : has
      ? undefined
      : effects[short];
  const change = has
    ? line`Remove it: service account ${accountName(account) ?? 'of this workload'} has its own.`
    : line`Move it to ${home(known, account, fact)}.`;
  return {
    doc: fact.doc,
    span: fact.key.span,
    message: lines(headline`The webhook doesn't read ${known.key} ${where}.`, effect, change),
    // A chart could do anything with its values, and hardly ever does.
    ...((has && !refused) || isChartPods(fact) ? { level: 'warning' as const } : {}),
    fixes: fixes(known, fact, account, has, context),
  };
}

/** `podAnnotations` of chart values. */
function isChartPods(fact: AnnotationFact): boolean {
  return fact.place === 'pod-template' && fact.owner.kind === undefined;
}

function isEmpty(fact: AnnotationFact): boolean {
  return (fact.value?.value ?? '').trim() === '';
}

/** True when an account of the same values has the annotation too: then the chart's pods get their role. */
function someAccountHas(known: AnnotationKey, fact: AnnotationFact, context: RuleContext): boolean {
  return context.wiring.factsIn(fact.doc).some((other) => other.kind === 'serviceAccount' && hasOwn(other, known.short));
}

const effects: Readonly<Record<string, string>> = {
  'role-arn': 'Pods get no role: their calls use the node role or fail with "Unable to locate credentials".',
  audience: 'Tokens keep the default audience, sts.amazonaws.com.',
  'sts-regional-endpoints': "The cluster's default for STS endpoints stays in effect.",
  'token-expiration': 'Tokens keep the default expiration of 86400 seconds.',
  'skip-containers': 'No container is skipped, so all of them get credentials.',
};

function placeName({ place, owner }: AnnotationFact): string {
  switch (place) {
    case 'pod-template':
      return owner.kind === 'Pod' ? 'on a Pod' : owner.kind === undefined ? 'in podAnnotations' : 'on a pod template';
    case 'workload':
      return `on the ${owner.kind ?? 'workload'} itself`;
    case 'service-account':
      return 'on a service account';
    case 'beside-annotations':
      return 'next to annotations';
    case 'other-object':
      return `on a ${owner.kind ?? 'object of this kind'}`;
    default:
      return 'under labels';
  }
}

function home(known: AnnotationKey, account: ServiceAccountFact | undefined, fact: AnnotationFact): string {
  if (isChartPods(fact)) return "the chart's value for service account annotations (often serviceAccount.annotations)";
  if (!forAccount(known)) return 'metadata.annotations of the pod template';
  const name = accountName(account);
  return name ? `the annotations of the service account ${name}` : 'metadata.annotations of the ServiceAccount';
}

function forAccount(known: AnnotationKey): boolean {
  return known.on.includes('service-account');
}

/** The account that the annotation was meant for: its own object, or the account that its workload uses. */
function accountOf(fact: AnnotationFact, context: RuleContext): ServiceAccountFact | undefined {
  const around = accountAround(fact, context);
  if (around) return around;
  const workload = workloadAround(fact, context);
  const accounts = workload ? context.wiring.accountsOf(workload) : [];
  return accounts.length === 1 ? accounts[0] : undefined;
}

function hasOwn(account: ServiceAccountFact, short: string): boolean {
  switch (short) {
    case 'role-arn':
      return asksForRole(account);
    case 'audience':
      return account.audience !== undefined;
    case 'token-expiration':
      return account.tokenExpiration !== undefined;
    default:
      return account.stsRegionalEndpoints !== undefined;
  }
}

function fixes(
  known: AnnotationKey,
  fact: AnnotationFact,
  account: ServiceAccountFact | undefined,
  has: boolean,
  context: RuleContext,
): Fix[] {
  if (has)
    return fact.cut ? [{ title: `Remove ${known.short} here`, edits: [{ doc: fact.doc, span: fact.cut, newText: '' }], safe: false }] : [];
  const own = fact.place === 'beside-annotations' || fact.place === 'service-account-labels' || fact.place === 'other-labels';
  if (own && belongsOnOwner(known, fact)) return moveWithin(known, fact, context);
  const point = account?.insertAnnotation;
  // Values of a chart take effect through templates that aren't read here; a fact of `role-arn: ""` would double.
  if (!account || !point || account.open || (account.roleArn && known.short === 'role-arn')) return [];
  const name = accountName(account);
  const title = name ? line`Move ${known.short} to the service account ${name}` : `Move ${known.short} to the service account`;
  // The author gave the role to one workload; every workload that uses the account would get it.
  const users = context.workloadsOf(account).length;
  const shared = users > 1 ? `${users} workloads use it` : name === 'default' ? 'pods that name no service account use it' : undefined;
  if (shared === undefined) return move(fact, { doc: account.doc, point }, title);
  return move(fact, { doc: account.doc, point }, `${title} (${shared})`).map((fix) => ({ ...fix, safe: false }));
}

/** Under labels and next to annotations: whether the object's own annotations are the right place. */
function belongsOnOwner(known: AnnotationKey, fact: AnnotationFact): boolean {
  const onAccount = fact.place === 'service-account-labels' || fact.owner.kind === 'ServiceAccount' || fact.owner.kind === undefined;
  return onAccount ? forAccount(known) : fact.owner.kind === 'Pod' && known.on.includes('pod-template');
}

function moveWithin(known: AnnotationKey, fact: AnnotationFact, context: RuleContext): Fix[] {
  const point = fact.insertAnnotation;
  if (!point) return [];
  const title = `Move ${known.short} under annotations`;
  if (point.needsKey && fact.place === 'beside-annotations') {
    const edit = wrapped(fact, context);
    return edit ? [{ title, edits: [edit], safe: true }] : [];
  }
  return move(fact, { doc: fact.doc, point }, title);
}

function move(fact: AnnotationFact, to: { doc: AnnotationFact['doc']; point: InsertionPoint }, title: string): Fix[] {
  const { cut } = fact;
  const added = insertion(fact, to.point);
  if (!cut || !added) return [];
  const within = to.doc === fact.doc && to.point.offset >= cut.start && to.point.offset < cut.end;
  const edits: Edit[] = within
    ? // The place is the end of the very lines that go: the new ones take their room.
      [{ doc: fact.doc, span: cut, newText: `${added.newText.slice(1)}\n` }]
    : [
        { doc: fact.doc, span: cut, newText: '' },
        { doc: to.doc, ...added },
      ];
  return [{ title, edits, safe: literal(fact.value) !== undefined }];
}
