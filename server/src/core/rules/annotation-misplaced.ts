import { literal } from '../text/texts';
import { annotationKeys, type AnnotationKey } from '../model/annotations';
import type { AnnotationFact, InsertionPoint, ServiceAccountFact } from '../model/facts';
import { insertion, wrapped } from './support/moves';
import { accountAround, accountName, asksForRole, shortKey, workloadAround } from './support/surroundings';
import type { Edit, Fix, Report, Rule, RuleContext } from './rule';

const doc = `
Finds the webhook's annotations where the webhook does not look: \`role-arn\`, \`audience\` and \`sts-regional-endpoints\` on
a Pod, a workload or its template; \`skip-containers\` on a service account; any of them under \`labels\`, beside
\`annotations\`, or on the metadata of a workload that makes pods.

## Why

The webhook reads \`role-arn\`, \`audience\`, \`sts-regional-endpoints\` and \`token-expiration\` from the ServiceAccount, and
\`token-expiration\` and \`skip-containers\` from the Pod, which gets them from its template. Anywhere else they do nothing:
pods start without \`AWS_ROLE_ARN\`, and calls are made as the node's role or fail with \`Unable to locate credentials\`.
Kubernetes refuses an ARN as a label: \`a valid label must be an empty string or consist of alphanumeric characters\`.

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

Chart values whose meaning no file tells are left alone.

## When to turn it off

Where a tool of your own reads these annotations from other objects and makes the accounts.
`;

/** An annotation of the webhook's stands where nobody reads it. */
export const annotationMisplaced: Rule = {
  id: 'annotation-misplaced',
  level: 'error',
  title: 'The annotation stands where EKS does not read it',
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/cache/cache.go (addSA), pkg/handler/handler.go (parsePodAnnotations)',
  doc,
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      const known = annotationKeys.find(({ short }) => short === shortKey(fact));
      if (!known || !isMisplaced(known, fact)) return;
      if (isChartPods(fact) && (isEmpty(fact) || someAccountHas(known, fact, context))) return;
      context.report(report(known, fact, context));
    },
  },
};

/** Kinds that make no pods and no accounts: an annotation on them reaches nobody. Other kinds may pass theirs on. */
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
    ? 'Kubernetes refuses the object ("a valid label must be an empty string or consist of alphanumeric characters")'
    : `the webhook does not read ${short} ${where}, so that ${has ? 'it does nothing' : effects[short]}`;
  const advice = has ? `Remove it: ${accountName(account) ?? 'the account'} has its own.` : `Write it ${home(known, account, fact)}.`;
  return {
    doc: fact.doc,
    span: fact.key.span,
    message: refused ? `${capital(short)} stands ${where}: ${effect}. ${advice}` : `${capital(effect)}. ${advice}`,
    // A chart could do anything with what it is given, and hardly ever does.
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
  'role-arn': 'pods get no role this way: calls are made as the node\'s role or fail with "Unable to locate credentials"',
  audience: 'tokens keep the default audience, sts.amazonaws.com',
  'sts-regional-endpoints': "the cluster's default for STS endpoints stays in force",
  'token-expiration': 'tokens keep their default life of 86400 seconds',
  'skip-containers': 'no container is skipped, and all of them get credentials',
};

function placeName({ place, owner }: AnnotationFact): string {
  switch (place) {
    case 'pod-template':
      return owner.kind === 'Pod' ? 'on a Pod' : owner.kind === undefined ? 'among "podAnnotations"' : 'on a pod template';
    case 'workload':
      return `on the ${owner.kind ?? 'workload'} itself`;
    case 'service-account':
      return 'on a service account';
    case 'beside-annotations':
      return 'beside "annotations"';
    case 'other-object':
      return `on a ${owner.kind ?? 'object of this kind'}`;
    default:
      return 'among the labels';
  }
}

function home(known: AnnotationKey, account: ServiceAccountFact | undefined, fact: AnnotationFact): string {
  if (isChartPods(fact)) return 'where the chart takes annotations of its service account (often serviceAccount.annotations)';
  if (!forAccount(known)) return "into metadata.annotations of the pod's template";
  const name = accountName(account);
  return name ? `into the annotations of the service account ${name}` : 'into metadata.annotations of the ServiceAccount';
}

function forAccount(known: AnnotationKey): boolean {
  return known.on.includes('service-account');
}

/** The account that the annotation was meant for: the one it stands on, or the one its workload uses. */
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
  // Values of a chart take effect through templates that are not seen here; a fact of `role-arn: ""` would double.
  if (!account || !point || account.open || (account.roleArn && known.short === 'role-arn')) return [];
  const name = accountName(account);
  const title = `Move ${known.short} to the service account${name ? ` ${name}` : ''}`;
  // The author gave the role to one workload, and all that use the account would get it.
  const users = context.workloadsOf(account).length;
  const shared = users > 1 ? `${users} workloads use it` : name === 'default' ? 'pods that name no service account use it' : undefined;
  if (shared === undefined) return move(fact, { doc: account.doc, point }, title);
  return move(fact, { doc: account.doc, point }, `${title} (${shared})`).map((fix) => ({ ...fix, safe: false }));
}

/** Labels and beside: whether the object's own annotations are the right place. */
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
