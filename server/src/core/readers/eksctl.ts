import type { AnnotationFact, Fact, PodIdentityAssociationFact } from '../model/facts';
import { isUnreadKey } from '../model/unreadKey';
import { outerSpan, valueAt } from '../syntax/nodes';
import type { MapNode, Node } from '../syntax/tree';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { addonAccounts, addonNamespaces } from './addons';
import { associationOptions, sessionPolicy, tagSwitch } from './associationOptions';
import { fargateProfile, fargateSelectors } from './fargateProfiles';
import { asList, asMap, asScalar, literalAt, textAt, toText } from './nodes';
import { readAnnotations } from './kubernetes/annotations';
import { Sink } from './kubernetes/sink';
import type { Reader, ReaderInput } from './reader';
import { madePodIdentityPolicy, madeTrustPolicy } from './madeTrustPolicy';
import { eksctlPermissions, eksctlPolicies } from './rolePolicies';
import { borrowedScalar, holeText, standIn } from './terraform/texts';
import { assembled } from './terraform/wellKnown';

/**
 * eksctl's ClusterConfig. The accounts of `iam.serviceAccounts` get roles that eksctl makes, with trust policies that admit
 * just them. Source: eksctl user docs, IAM roles for service accounts, Pod Identity associations, add-ons.
 */
export const eksctlReader: Reader = {
  id: 'eksctl',
  syntaxes: ['yaml', 'json'],
  words: ['PodIdentity', 'fargateProfiles'],
  needs: /eksctl\.io/,
  read(input) {
    const root = asMap(input.tree.root);
    if (!root || literalAt(root, 'kind') !== 'ClusterConfig' || !/^eksctl\.io\//.test(literalAt(root, 'apiVersion') ?? '')) return [];
    const name = textAt(root, 'metadata', 'name');
    const region = textAt(root, 'metadata', 'region');
    const iam = valueAt(root, 'iam');
    const facts: Fact[] = [
      {
        kind: 'cluster',
        doc: input.doc,
        span: outerSpan(valueAt(root, 'metadata') ?? root),
        ...(name ? { name } : {}),
        ...(region ? { region } : {}),
        ...addonsOf(root, input),
      },
    ];
    for (const item of items(valueAt(iam, 'serviceAccounts'))) facts.push(...account(item, input));
    const cluster = { ...(name ? { clusterName: name } : {}), ...(region ? { region } : {}) };
    for (const item of items(valueAt(iam, 'podIdentityAssociations'))) facts.push(...association(item, cluster, input));
    for (const profile of items(valueAt(root, 'fargateProfiles')))
      facts.push(
        ...fargateProfile(
          { doc: input.doc, span: profile.span, head: profile.entries[0]?.key.outer ?? profile.span },
          name,
          fargateSelectors(valueAt(profile, 'selectors')),
        ),
      );
    for (const addon of items(valueAt(root, 'addons'))) {
      const namespace = addonNamespaces[literalAt(addon, 'name') ?? ''];
      const name = textAt(addon, 'name')?.value ?? '';
      for (const item of items(valueAt(addon, 'podIdentityAssociations')))
        facts.push(...association(item, cluster, input, { name, namespace }));
      facts.push(...addonRole(addon, input));
    }
    return facts;
  },
};

/** The names of the cluster's add-ons, where the file lists all of them. EKS Auto Mode has its own, which no file lists. */
function addonsOf(root: MapNode, { tree: { templated } }: ReaderInput): { readonly addons?: readonly string[] } {
  const list = asList(valueAt(root, 'addons'));
  const isAuto = valueAt(root, 'autoModeConfig') !== undefined;
  if (!list || list.open || root.open || templated || isAuto) return {};
  const names = list.items.map((item) => literalAt(item, 'name'));
  return names.every((name) => name !== undefined) ? { addons: names } : {};
}

function items(node: Node | undefined): MapNode[] {
  return asList(node)?.items.filter((item): item is MapNode => item.kind === 'map') ?? [];
}

/** One of `iam.serviceAccounts`: the account, unless only a role is asked for, and the role, unless there is one already. */
function account(item: MapNode, input: ReaderInput): Fact[] {
  const { doc } = input;
  const metadata = valueAt(item, 'metadata');
  const name = textAt(metadata, 'name');
  if (!name) return [];
  const head = item.entries[0]?.key.outer ?? item.span;
  // Without a namespace it is "default".
  const namespace = textAt(metadata, 'namespace') ?? toText(standIn('default', name.outer));
  const existing = textAt(item, 'attachRoleARN');
  const facts: Fact[] = [];
  const ownName = textAt(item, 'roleName');
  const roleName = ownName ?? (existing ? undefined : madeName(namespace, name, 'IRSA'));
  if (!isTrue(valueAt(item, 'roleOnly'))) {
    const sink = new Sink(input);
    readAnnotations(valueAt(metadata, 'annotations'), 'service-account', { kind: 'ServiceAccount', name, namespace }, sink);
    // The webhook's own keys are eksctl's to write.
    facts.push(...sink.facts.filter((fact) => fact.kind === 'annotation' && isUnreadKey(fact.key.value)));
    const roleArn = annotation(
      existing ?? madeArn(roleName!),
      existing ? existing.outer : head,
      { kind: 'ServiceAccount', name, namespace },
      doc,
    );
    facts.push({
      kind: 'serviceAccount',
      origin: 'manifest',
      doc,
      span: item.span,
      head,
      name,
      namespace,
      roleArn,
      open: item.open,
      eksctl: 'entry',
    });
  }
  if (existing || !roleName) return facts;
  facts.push(
    { kind: 'role', doc, span: item.span, name: roleName },
    {
      kind: 'trustPolicy',
      doc,
      span: item.span,
      policy: madeTrustPolicy(namespace, name),
      concerns: 'irsa',
      roleName,
      ownRoleOnly: true,
      made: true,
      ...eksctlPermissions(item, 'attachPolicyARNs', 'attachPolicy', 'permissionsBoundary'),
    },
    ...(ownName ? eksctlPolicies(ownName, item, 'attachPolicyARNs', 'attachPolicy', doc) : []),
  );
  return facts;
}

/** The name of a role that eksctl creates where the file gives none: CloudFormation names it. Each mechanism has a role of its own. */
function madeName(namespace: Text, name: Text, mechanism: 'IRSA' | 'Pod Identity'): Text {
  const source = `eksctl's role for ${namespace.value}/${name.value}${mechanism === 'IRSA' ? '' : ` by ${mechanism}`}`;
  return toText(borrowedScalar(holeText(source, true, 'role created by eksctl'), name.outer));
}

/** The ARN of a role that eksctl creates. */
function madeArn(role: Text): Text {
  return toText(
    assembled({ span: role.outer }, [
      'arn:',
      holeText('partition', true, 'unknown partition'),
      ':iam::',
      holeText('account', true, 'unknown account'),
      ':role/',
      role,
    ]),
  );
}

/** An add-on's `serviceAccountRoleARN`: EKS annotates the add-on's own service account with it, in kube-system. */
function addonRole(addon: MapNode, { doc }: ReaderInput): Fact[] {
  const arn = textAt(addon, 'serviceAccountRoleARN');
  if (!arn) return [];
  const known = addonAccounts[literalAt(addon, 'name') ?? ''];
  const at = textAt(addon, 'name')?.outer ?? arn.outer;
  const name = known === undefined ? undefined : toText(standIn(known, at));
  const namespace = name && toText(standIn('kube-system', at));
  const names = { ...(name ? { name } : {}), ...(namespace ? { namespace } : {}) };
  return [
    { kind: 'role', doc, span: addon.span, arn },
    {
      kind: 'serviceAccount',
      origin: 'values',
      ofRelease: true,
      doc,
      span: addon.span,
      head: addon.entries[0]?.key.outer ?? addon.span,
      ...names,
      roleArn: annotation(arn, arn.outer, { kind: 'ServiceAccount', ...names }, doc),
      open: addon.open,
    },
  ];
}

/** What eksctl writes onto the account. */
function annotation(value: Text, span: Span, owner: AnnotationFact['owner'], doc: ReaderInput['doc']): AnnotationFact {
  return {
    kind: 'annotation',
    doc,
    span,
    key: toText(standIn('eks.amazonaws.com/role-arn', span)),
    value,
    valueType: 'string',
    valueSpan: value.outer,
    place: 'service-account',
    owner,
    entrySpan: span,
  };
}

function association(
  item: MapNode,
  cluster: Pick<PodIdentityAssociationFact, 'clusterName' | 'region'>,
  { doc, tree, text }: ReaderInput,
  addon?: { readonly name: string; readonly namespace: string | undefined },
): Fact[] {
  const serviceAccount = textAt(item, 'serviceAccountName');
  const namespace =
    textAt(item, 'namespace') ??
    (addon?.namespace === undefined || !serviceAccount ? undefined : toText(standIn(addon.namespace, serviceAccount.outer)));
  const [roleArn, ownName] = [textAt(item, 'roleARN'), textAt(item, 'roleName')];
  const roleName = ownName ?? (roleArn || !namespace || !serviceAccount ? undefined : madeName(namespace, serviceAccount, 'Pod Identity'));
  const head = item.entries[0]?.key.outer ?? item.span;
  const fact: PodIdentityAssociationFact = {
    kind: 'podIdentityAssociation',
    doc,
    span: item.span,
    head,
    ...cluster,
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...(roleName ? { roleName } : {}),
    ...associationOptions({
      targetRoleArn: textAt(item, 'targetRoleARN'),
      disableSessionTags: tagSwitch(item, 'disableSessionTags'),
      sessionPolicy: sessionPolicy(valueAt(item, 'policy'), tree, text),
    }),
    ...(addon ? { addon: addon.name } : {}),
    // One branch of a template makes an account with its role, the other an association.
    ...(tree.templated ? { conditional: true } : {}),
  };
  // eksctl creates the role, with a trust policy without conditions. Source: eksctl pkg/cfn/builder (pod identity role).
  const policies: Fact[] =
    roleName && !roleArn
      ? [
          {
            kind: 'trustPolicy',
            doc,
            span: item.span,
            policy: madePodIdentityPolicy(head),
            concerns: 'pod-identity',
            roleName,
            ownRoleOnly: true,
            made: true,
            ...eksctlPermissions(item, 'permissionPolicyARNs', 'permissionPolicy', 'permissionsBoundaryARN'),
          },
          ...(ownName ? eksctlPolicies(ownName, item, 'permissionPolicyARNs', 'permissionPolicy', doc) : []),
        ]
      : [];
  if (!serviceAccount || !isTrue(valueAt(item, 'createServiceAccount'))) return [fact, ...policies];
  return [
    fact,
    ...policies,
    {
      kind: 'serviceAccount',
      origin: 'manifest',
      doc,
      span: item.span,
      head,
      name: serviceAccount,
      ...(namespace ? { namespace } : {}),
      open: item.open,
      eksctl: 'association',
    },
  ];
}

function isTrue(node: Node | undefined): boolean {
  return asScalar(node)?.value === 'true';
}
