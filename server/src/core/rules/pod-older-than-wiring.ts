import type { Report, Rule, RuleContext } from './rule';
import { fileName, sourceNote } from './support/ties';
import { webhookRoleArnPattern } from '../model/arn';
import type { LivePod, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { isNamespaceName, isServiceAccountName } from '../model/subject';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';
import { unsupportedUses } from '../trust/platforms';
import type { Grant } from '../wiring/grants';

/** The page: see pages.ts. */
export const doc = `
Finds running pods that don't have the role of their service account, because they were created before the annotation or the
association took effect. It reads what a cluster lists:

\`\`\`
kubectl get pods,serviceaccounts -A -o json | pod-roles check -
\`\`\`

## Why

The webhook sets a pod's variables and token only when the pod is created. Pods that are older keep what they have: no role, or
the previous one. Calls use the node role or fail with \`Unable to locate credentials\`. The same happens if the webhook didn't
answer in time, because the API server then creates the pod unchanged.

## Wrong

A list in which service account \`shop/orders\` has \`eks.amazonaws.com/role-arn\`, and a running pod of Deployment \`orders\` has
neither \`AWS_ROLE_ARN\` nor the volume \`aws-iam-token\`.

## Right

\`\`\`
kubectl rollout restart deployment/orders -n shop
\`\`\`

Pods that are finished, being deleted or being replaced in a rollout, static pods, pods with the label
\`eks.amazonaws.com/skip-pod-identity-webhook\`, skipped containers, and pods whose manifest sets the variables or mounts a token
itself aren't reported. Service accounts must be in the list, or AWS must know the association.

## When to turn it off

In clusters without the webhook.
`;

/** Pods without what the webhook gives new ones. */
export const podOlderThanWiring: Rule = {
  id: 'pod-older-than-wiring',
  level: 'warning',
  title: 'Running pods were created before their role was set',
  fixable: false,
  since: '0.1.0',
  source:
    'amazon-eks-pod-identity-webhook, deploy/mutatingwebhook.yaml (CREATE only, failurePolicy Ignore); EKS user guide, associate-service-account-role',
  checks: {
    workload(fact, context) {
      const pods = fact.live?.pods ?? [];
      if (pods.length === 0 || pods.some(({ injected }) => injected === 'by-hand')) return;
      const all = staleBecauseOf(fact, pods, context);
      const found = all && { ...all, pods: withoutReplaced(all.pods, pods) };
      if (found && found.pods.length > 0 && !setsByHand(fact, context)) context.report(reportOf(fact, found, context));
    },
  },
};

/** Pods that lack what new ones get, and why new ones get it. */
interface Stale {
  readonly pods: readonly LivePod[];
  readonly mechanism: 'irsa' | 'pod-identity';
  /** The role that the annotation names. */
  readonly role?: string;
  readonly account?: ServiceAccountFact;
  readonly grant?: Grant;
}

function staleBecauseOf(fact: WorkloadFact, pods: readonly LivePod[], { wiring }: RuleContext): Stale | undefined {
  const [namespace, name] = [literal(fact.namespace), literal(fact.serviceAccountName)];
  if (namespace === undefined || name === undefined) return undefined;
  // At admission an association overrides the annotation.
  const grant = wiring.grantsOf({ namespace, name, places: [fact] }).find((each) => each.sure && each.ground !== 'open');
  const withoutAssociation = pods.filter(({ injected, withoutPodIdentity }) => injected !== 'pod-identity' && !withoutPodIdentity);
  if (grant) return unsupportedUses([fact], grant).length > 0 ? undefined : { pods: withoutAssociation, mechanism: 'pod-identity', grant };
  const newest = newestOf(pods);
  if (newest.injected === 'pod-identity')
    return {
      pods: withoutAssociation.filter(({ created }) => created !== undefined && created < newest.created!),
      mechanism: 'pod-identity',
    };
  const live = wiring.accountsOf(fact).filter((each) => each.live);
  // Lists of two clusters may stand in one folder.
  const here = live.filter(({ doc }) => doc.uri === fact.doc.uri);
  const [account, another] = here.length > 0 ? here : live;
  const role = literal(account?.roleArn?.value);
  if (!account || another || role === undefined || !webhookRoleArnPattern.test(role)) return undefined;
  const isStale = ({ injected, roleArn }: LivePod): boolean =>
    injected === 'nothing' || (injected === 'irsa' && roleArn !== undefined && roleArn !== role);
  return { pods: pods.filter(isStale), mechanism: 'irsa', role, account };
}

function newestOf(pods: readonly LivePod[]): LivePod {
  return pods.reduce((a, b) => ((b.created ?? '') > (a.created ?? '') ? b : a));
}

/** Without pods of an older template during a rollout: the pods that replace them are there, and have what they should have. */
function withoutReplaced(stale: readonly LivePod[], pods: readonly LivePod[]): readonly LivePod[] {
  const newest = newestOf(pods);
  if (newest.revision === undefined || stale.includes(newest)) return stale;
  return stale.filter(({ revision }) => revision === undefined || revision === newest.revision);
}

/** True where the workload's own object, in this list or in a file, sets the variables itself. */
function setsByHand(fact: WorkloadFact, { wiring }: RuleContext): boolean {
  const name = literal(fact.name);
  return wiring
    .accountsOf(fact)
    .flatMap((account) => wiring.workloadsOf(account))
    .some(
      (each) =>
        !each.live &&
        each.objectKind === fact.objectKind &&
        literal(each.name) === name &&
        each.containers.some(({ env }) =>
          env.some((entry) => /^AWS_(?:ROLE_ARN|WEB_IDENTITY_TOKEN_FILE|CONTAINER_)/.test(entry.name.value)),
        ),
    );
}

function reportOf(fact: WorkloadFact, stale: Stale, context: RuleContext): Report {
  const { pods, mechanism, account, grant, role } = stale;
  const [first] = pods;
  const [namespace, all] = [literal(fact.namespace)!, fact.live!.pods.length];
  const what = line`${fact.objectKind} ${namespace}/${fact.name?.value ?? ''}`;
  const who = fact.objectKind === 'Pod' ? what : `${pods.length} of ${all} ${all === 1 ? 'pod' : 'pods'} of ${what}`;
  const have = pods.length === 1 ? 'has' : 'have';
  const old = new Set(pods.map(({ roleArn }) => roleArn));
  const before = old.size === 1 ? pods[0]!.roleArn : undefined;
  const isOther = pods.every(({ injected }) => injected === 'irsa');
  return {
    doc: fact.doc,
    span: first!.name.span,
    ...(grant?.association ? { level: 'info' as const } : {}),
    message: lines(
      mechanism === 'pod-identity'
        ? headline`${who} ${have} no credentials of EKS Pod Identity, but ${fact.serviceAccountName!.value} has an association.`
        : isOther && before !== undefined
          ? headline`${who} still ${pods.length === 1 ? 'uses' : 'use'} ${roleName(before)}, not ${roleName(role!)}.`
          : headline`${who} ${have} no role, although service account ${fact.serviceAccountName!.value} has one.`,
      cause(stale, isOther, context, fact),
      advice(fact, namespace),
    ),
    related: account ? [{ at: { doc: account.doc, span: account.roleArn!.span }, message: 'The annotation of the service account' }] : [],
  };
}

function cause({ pods, mechanism, grant }: Stale, isOther: boolean, { wiring }: RuleContext, fact: WorkloadFact): string {
  const [it, was] = pods.length === 1 ? ['the pod', 'It was'] : ['the pods', 'They were'];
  if (isOther && mechanism === 'irsa')
    return `The annotation of the service account changed after ${it} started. Pods keep the role that they started with.`;
  const set = mechanism === 'irsa' ? 'annotation' : 'association';
  const keeps = isOther
    ? 'Pods keep the role that they started with.'
    : 'Calls use the node role or fail with "Unable to locate credentials".';
  const source = grant
    ? grant.association
      ? ` Source of the association: ${fileName(grant.association.doc.uri)}.`
      : sourceNote(grant.source ?? 'AWS')
    : '';
  const orElse =
    isOther || mechanism === 'pod-identity' || hasInjected(wiring.facts(fact.doc.uri))
      ? "the webhook didn't answer"
      : 'the cluster has no webhook (none of these pods shows it)';
  return `${was} created before the ${set}, or ${orElse}. ${keeps}${source}`;
}

const injected = new WeakMap<object, boolean>();

/** True where some pod of a list has got its variables from the webhook: the cluster has it. */
function hasInjected(facts: readonly { readonly kind: string }[]): boolean {
  let found = injected.get(facts);
  if (found === undefined) {
    found = facts.some(
      (fact) =>
        fact.kind === 'workload' &&
        (fact as WorkloadFact).live?.pods.some((pod) => pod.injected === 'irsa' || pod.injected === 'pod-identity'),
    );
    injected.set(facts, found);
  }
  return found;
}

function advice({ objectKind, name }: WorkloadFact, namespace: string): string {
  const owner = literal(name) ?? '';
  switch (objectKind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet': {
      const isPlain = isServiceAccountName(owner) && isNamespaceName(namespace);
      return line`Restart ${objectKind} ${owner}${isPlain ? `: kubectl rollout restart ${objectKind.toLowerCase()}/${owner} -n ${namespace}` : ''}.`;
    }
    case 'Rollout':
      return line`Restart Rollout ${owner}.`;
    case 'CronJob':
      return line`The next run of CronJob ${owner} gets the role; delete the running pods to have it sooner.`;
    case 'Pod':
      return line`Recreate pod ${owner}.`;
    default:
      return line`Recreate the pods of ${objectKind} ${owner}.`;
  }
}

function roleName(arn: string): string {
  return arn.slice(arn.indexOf(':role/') + ':role/'.length);
}
