import type { Fact } from '../model/facts';
import { isUnreadKey } from '../model/unreadKey';
import { outerSpan, valueAt } from '../syntax/nodes';
import type { MapNode } from '../syntax/tree';
import { readAddon } from './eksctl/addons';
import { association } from './eksctl/associations';
import { annotation, madeArn, madeName } from './eksctl/roles';
import { fargateProfile, fargateSelectors } from './fargateProfiles';
import { asList, asMap, isTrue, items, literalAt, textAt, toText } from './nodes';
import { readAnnotations } from './kubernetes/annotations';
import { Sink } from './kubernetes/sink';
import type { Reader, ReaderInput } from './reader';
import { madeTrustPolicy } from './madeTrustPolicy';
import { eksctlPermissions, eksctlPolicies } from './rolePolicies';
import { standIn } from './terraform/texts';

/**
 * eksctl's ClusterConfig. The accounts of `iam.serviceAccounts` get roles that eksctl makes, with trust policies that admit
 * just them. Source: eksctl user docs, IAM roles for service accounts, Pod Identity associations, add-ons.
 */
export const eksctlReader: Reader = {
  id: 'eksctl',
  syntaxes: ['yaml', 'json'],
  words: ['PodIdentity', 'fargateProfiles', 'attachPolicy', 'wellKnownPolicies'],
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
    const isAutomatic = isTrue(valueAt(root, 'addonsConfig', 'autoApplyPodIdentityAssociations'));
    for (const addon of items(valueAt(root, 'addons'))) facts.push(...readAddon(addon, cluster, input, isAutomatic));
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
  const roleName = ownName ?? (existing ? undefined : madeName(`${namespace.value}/${name.value}`, name.outer, 'IRSA'));
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
      policy: madeTrustPolicy(name.outer, { namespace, name, pattern: textAt(item, 'subjectPattern') }),
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
