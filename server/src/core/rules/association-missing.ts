import type { Rule, RuleContext } from './rule';
import { sourceNote } from './support/ties';
import { podStatements } from './trust/statements';
import type { PodIdentityAssociationFact, TrustPolicyFact } from '../model/facts';
import { parseRoleArn } from '../model/arn';
import type { AwsCluster } from '../model/aws';
import { isNamespaceName, isServiceAccountName } from '../model/subject';
import { headline, lines } from '../text/message';
import type { Text } from '../text/text';
import { literal, trim } from '../text/texts';
import { admits, type Grant, type Pattern } from '../trust/admits';
import type { AwsIndex } from '../wiring/aws';

/** The page: see pages.ts. */
export const doc = `
Finds service accounts that rely on EKS Pod Identity although their cluster has no association for them: a trust policy that
allows \`pods.eks.amazonaws.com\` for exactly this namespace and service account, and, as an info, an association in a file that
the cluster doesn't have yet. It needs AWS, or a snapshot of it, and the cluster's whole list of associations.

## Why

A trust policy alone gives a pod nothing: without an association, EKS sets no credentials in the pod, and calls use the node
role or fail with \`Unable to locate credentials\`.

## Wrong

\`\`\`json
{ "Effect": "Allow",
  "Principal": { "Service": "pods.eks.amazonaws.com" },
  "Action": ["sts:AssumeRole", "sts:TagSession"],
  "Condition": { "StringEquals": {
    "aws:RequestTag/eks-cluster-name": "demo",
    "aws:RequestTag/kubernetes-namespace": "shop",
    "aws:RequestTag/kubernetes-service-account": "orders" } } }
\`\`\`
if cluster \`demo\` has no association for \`shop/orders\`.

## Right

The same with an association, in a file or in the cluster:
\`\`\`
aws eks create-pod-identity-association --cluster-name demo --namespace shop --service-account orders --role-arn …
\`\`\`

The cluster must be known: from the trust policy, from \`pod-roles.yaml\`, or because there is only one. A service account with a
\`role-arn\` annotation uses IRSA and isn't reported, and neither is a policy that names several accounts or wildcards.

## When to turn it off

If the snapshot is older than the associations, or if they are created later by something else than these files.
`;

/** A cluster has no association for an account that relies on one. */
export const associationMissing: Rule = {
  id: 'association-missing',
  level: 'warning',
  title: 'The cluster has no Pod Identity association for this service account',
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-association; EKS API, ListPodIdentityAssociations',
  checks: {
    trustPolicy(fact, context) {
      const { aws } = context.wiring;
      if (!aws) return;
      for (const asked of askedFor(fact)) {
        const { namespace, serviceAccount } = asked;
        const cluster = clusterOf(asked, fact, context, aws);
        if (!cluster || !lacks(aws, cluster, namespace.value, serviceAccount.value) || isElsewhere(asked, context)) continue;
        // An association whose account is not written out may be the one.
        if (context.wiring.mayAssociate(fact)) continue;
        context.report({
          doc: fact.doc,
          span: serviceAccount.span,
          message: lines(
            headline`Cluster ${cluster.name} has no Pod Identity association for ${namespace.value}/${serviceAccount.value}.`,
            `The trust policy allows this service account, but its pods get no credentials without an association.${sourceNote(aws.source.label)}`,
            'Create an association for this service account with this role.',
          ),
        });
      }
    },
    association(fact: PodIdentityAssociationFact, context: RuleContext) {
      const { aws } = context.wiring;
      const grant = aws && !fact.conditional && literal(fact.clusterName) !== undefined ? context.wiring.grantOf(fact) : undefined;
      const cluster = grant?.cluster.arn === undefined ? undefined : aws!.cluster(grant.cluster.arn);
      if (!grant || !cluster || !lacks(aws!, cluster, grant.namespace, grant.serviceAccount)) return;
      context.report({
        doc: fact.doc,
        span: fact.head,
        level: 'info',
        message: lines(
          headline`Cluster ${cluster.name} doesn't have this association of ${grant.namespace}/${grant.serviceAccount} yet.`,
          `Pods that start before it exists get no credentials from it.${sourceNote(aws!.source.label)}`,
          'Apply the file, then restart the pods.',
        ),
      });
    },
  },
};

/** What a trust policy asks for: the one account that a statement names. */
interface Asked {
  readonly namespace: Text;
  readonly serviceAccount: Text;
  readonly clusters: Grant['clusters'];
  readonly others: Grant['others'];
}

/** The accounts that the policy allows by name, one for each statement. */
function askedFor(fact: TrustPolicyFact): Asked[] {
  const { grants, denies } = admits(fact.policy);
  // What a Deny takes away is not looked at.
  if (denies.length > 0 || fact.policy.open) return [];
  const open = new Set(podStatements(fact).flatMap((each) => (each.open ? [each.statement.index] : [])));
  const found = new Map<string, Asked>();
  for (const { mechanism, namespaces, serviceAccounts, clusters, statement, ...grant } of grants) {
    const [namespace, serviceAccount] = [onlyValue(namespaces), onlyValue(serviceAccounts)];
    if (mechanism !== 'pod-identity' || grant.open || open.has(statement) || !namespace || !serviceAccount) continue;
    if (isNamespaceName(namespace.value) && isServiceAccountName(serviceAccount.value))
      found.set(`${namespace.value}/${serviceAccount.value}`, { namespace, serviceAccount, clusters, others: grant.others });
  }
  return [...found.values()];
}

function onlyValue(patterns: 'any' | readonly Pattern[]): Text | undefined {
  if (patterns === 'any' || patterns.length !== 1) return undefined;
  const { text, ignoreCase } = patterns[0]!;
  const value = literal(text);
  return value !== undefined && !ignoreCase && !/[*?$]/.test(value) ? text : undefined;
}

/** The cluster that the policy names, else that of its file; undefined where that is not sure, or is of another AWS account than the role. */
function clusterOf(asked: Asked, fact: TrustPolicyFact, context: RuleContext, aws: AwsIndex): AwsCluster | undefined {
  const cluster = clusterMeant(asked, fact, context, aws);
  const owner = cluster?.arn.split(':')[4];
  const told = [literal(fact.roleArn && parseRoleArn(trim(fact.roleArn))?.account), ...sourceAccounts(asked)];
  return told.some((account) => account !== undefined && /^\d{12}$/.test(account) && account !== owner) ? undefined : cluster;
}

/** The accounts of `aws:SourceAccount`, which is that of the cluster. */
function sourceAccounts({ others }: Asked): readonly (string | undefined)[] {
  return others
    .filter(({ key }) => key.key.value.toLowerCase() === 'aws:sourceaccount')
    .flatMap(({ key }) => (key.values.values.length === 1 ? [literal(key.values.values[0])] : []));
}

function clusterMeant({ clusters }: Asked, fact: TrustPolicyFact, { wiring }: RuleContext, aws: AwsIndex): AwsCluster | undefined {
  if (clusters !== 'any') {
    const value = onlyValue(clusters)?.value;
    if (value === undefined) return undefined;
    return value.startsWith('arn:') ? aws.cluster(value) : aws.clusterNamed(value, {});
  }
  const arn = wiring.clusterAt(fact)?.arn;
  return arn === undefined ? undefined : aws.cluster(arn);
}

function lacks(aws: AwsIndex, cluster: AwsCluster, namespace: string, serviceAccount: string): boolean {
  return (
    aws.knowsAssociationsOf(cluster) &&
    !aws.associationsFor(namespace, serviceAccount).some((each) => each.clusterName === cluster.name && each.region === cluster.region)
  );
}

/** True where a file has an association for the account, or an annotation: then it has its role, or will have it. */
function isElsewhere({ namespace, serviceAccount }: Asked, { wiring }: RuleContext): boolean {
  const [inNamespace, name] = [namespace.value, serviceAccount.value];
  if (wiring.grantsOf({ namespace: inNamespace, name, places: [] }).some(({ association }) => association)) return true;
  return wiring.accountsNamed(name).some((account) => {
    if (account.roleArn === undefined) return false;
    const own = wiring.namespaceOf(account);
    return own === undefined || own === inNamespace;
  });
}
