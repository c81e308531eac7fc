import type { AnnotationFact, Fact, PodIdentityAssociationFact } from '../model/facts';
import { outerSpan, valueAt } from '../syntax/nodes';
import type { MapNode, Node } from '../syntax/tree';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { asList, asMap, asScalar, literalAt, textAt, toText } from './nodes';
import type { Reader, ReaderInput } from './reader';
import { madeTrustPolicy } from './madeTrustPolicy';
import { eksctlPolicies } from './rolePolicies';
import { holeText, standIn } from './terraform/texts';
import { assembled } from './terraform/wellKnown';

/**
 * eksctl's ClusterConfig. The accounts of `iam.serviceAccounts` get roles that eksctl makes, with trust policies that admit
 * just them. Source: eksctl user docs, IAM roles for service accounts, Pod Identity associations, add-ons.
 */
export const eksctlReader: Reader = {
  id: 'eksctl',
  syntaxes: ['yaml', 'json'],
  words: ['PodIdentity'],
  needs: /eksctl\.io/,
  read(input) {
    const root = asMap(input.tree.root);
    if (!root || literalAt(root, 'kind') !== 'ClusterConfig' || !/^eksctl\.io\//.test(literalAt(root, 'apiVersion') ?? '')) return [];
    const name = textAt(root, 'metadata', 'name');
    const region = textAt(root, 'metadata', 'region');
    const iam = valueAt(root, 'iam');
    const facts: Fact[] = [{ kind: 'cluster', doc: input.doc, span: outerSpan(valueAt(root, 'metadata') ?? root), ...(name ? { name } : {}), ...(region ? { region } : {}) }];
    for (const item of items(valueAt(iam, 'serviceAccounts'))) facts.push(...account(item, input));
    for (const item of items(valueAt(iam, 'podIdentityAssociations'))) facts.push(...association(item, name, input));
    for (const addon of items(valueAt(root, 'addons'))) {
      for (const item of items(valueAt(addon, 'podIdentityAssociations'))) facts.push(...association(item, name, input));
      const arn = textAt(addon, 'serviceAccountRoleARN');
      if (arn) facts.push({ kind: 'role', doc: input.doc, span: addon.span, arn });
    }
    return facts;
  },
};

function items(node: Node | undefined): MapNode[] {
  return asList(node)?.items.filter((item): item is MapNode => item.kind === 'map') ?? [];
}

/** One of `iam.serviceAccounts`: the account, unless only a role is asked for, and the role, unless there is one already. */
function account(item: MapNode, { doc }: ReaderInput): Fact[] {
  const metadata = valueAt(item, 'metadata');
  const name = textAt(metadata, 'name');
  if (!name) return [];
  const head = item.entries[0]?.key.outer ?? item.span;
  // Without a namespace it is "default".
  const namespace = textAt(metadata, 'namespace') ?? toText(standIn('default', name.outer));
  const existing = textAt(item, 'attachRoleARN');
  const roleName = textAt(item, 'roleName');
  const facts: Fact[] = [];
  if (!isTrue(valueAt(item, 'roleOnly'))) {
    const roleArn = annotation(existing ?? madeArn(roleName, namespace, name), existing ? existing.outer : head, { kind: 'ServiceAccount', name, namespace }, doc);
    facts.push({ kind: 'serviceAccount', origin: 'manifest', doc, span: item.span, head, name, namespace, roleArn, open: item.open });
  }
  if (existing || !roleName) return facts;
  const policy = madeTrustPolicy(namespace, name);
  facts.push({ kind: 'role', doc, span: item.span, name: roleName }, { kind: 'trustPolicy', doc, span: item.span, policy, concerns: 'irsa', roleName, ownRoleOnly: true }, ...eksctlPolicies(roleName, item, 'attachPolicyARNs', 'attachPolicy', doc));
  return facts;
}

/** The ARN of a role that eksctl makes; without a name of its own, CloudFormation names it. */
function madeArn(roleName: Text | undefined, namespace: Text, name: Text): Text {
  const role = roleName ?? holeText(`eksctl's role for ${namespace.value}/${name.value}`, true);
  return toText(assembled({ span: (roleName ?? name).outer }, ['arn:', holeText('partition', true), ':iam::', holeText('account', true), ':role/', role]));
}

/** What eksctl writes onto the account. */
function annotation(value: Text, span: Span, owner: AnnotationFact['owner'], doc: ReaderInput['doc']): AnnotationFact {
  return {
    kind: 'annotation', doc, span, key: toText(standIn('eks.amazonaws.com/role-arn', span)), value, valueType: 'string', valueSpan: value.outer,
    place: 'service-account', owner, entrySpan: span,
  };
}

function association(item: MapNode, clusterName: Text | undefined, { doc, tree: { templated } }: ReaderInput): Fact[] {
  const [namespace, serviceAccount] = [textAt(item, 'namespace'), textAt(item, 'serviceAccountName')];
  const [roleArn, roleName, targetRoleArn] = [textAt(item, 'roleARN'), textAt(item, 'roleName'), textAt(item, 'targetRoleARN')];
  const head = item.entries[0]?.key.outer ?? item.span;
  const fact: PodIdentityAssociationFact = {
    kind: 'podIdentityAssociation', doc, span: item.span, head, ...(clusterName ? { clusterName } : {}), ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}), ...(roleArn ? { roleArn } : {}), ...(roleName ? { roleName } : {}),
    ...(targetRoleArn ? { targetRoleArn } : {}), ...(isTrue(valueAt(item, 'disableSessionTags')) ? { sessionTagsDisabled: true } : {}),
    // One branch of a template makes an account with its role, the other an association.
    ...(templated ? { conditional: true } : {}),
  };
  const policies = roleName && !roleArn ? eksctlPolicies(roleName, item, 'permissionPolicyARNs', 'permissionPolicy', doc) : [];
  if (!serviceAccount || !isTrue(valueAt(item, 'createServiceAccount'))) return [fact, ...policies];
  return [fact, ...policies, {
    kind: 'serviceAccount', origin: 'manifest', doc, span: item.span, head, name: serviceAccount, ...(namespace ? { namespace } : {}), open: item.open,
  }];
}

function isTrue(node: Node | undefined): boolean {
  return asScalar(node)?.value === 'true';
}
