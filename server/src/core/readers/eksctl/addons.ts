import type { Fact, PodIdentityAssociationFact } from '../../model/facts';
import { entryOf, valueAt } from '../../syntax/nodes';
import type { MapNode } from '../../syntax/tree';
import { addonAccount, addonNames } from '../addons';
import { madePodIdentityPolicy, madeTrustPolicy } from '../madeTrustPolicy';
import { asList, asMap, isTrue, items, literalAt, textAt } from '../nodes';
import type { ReaderInput } from '../reader';
import { eksctlPermissions } from '../rolePolicies';
import { association } from './associations';
import { madeArn, madeName } from './roles';

/** The fields of an add-on from which eksctl makes a role for IRSA; a file may have one of them. Source: eksctl, addon.go (HasIRSAPoliciesSet). */
const policyFields = ['attachPolicyARNs', 'attachPolicy', 'wellKnownPolicies'] as const;

/**
 * One of `addons`: its associations, and the service account that gets its role for IRSA. eksctl takes one of the two.
 * @param isAutomatic `addonsConfig.autoApplyPodIdentityAssociations`: add-ons for which the file says nothing get what EKS recommends
 */
export function readAddon(
  addon: MapNode,
  cluster: Pick<PodIdentityAssociationFact, 'clusterName' | 'region'>,
  input: ReaderInput,
  isAutomatic: boolean,
): Fact[] {
  const nameText = textAt(addon, 'name');
  const [name, at] = [literalAt(addon, 'name')?.toLowerCase(), nameText?.outer ?? addon.span];
  const names = addonNames(name, at, textAt(addon, 'namespaceConfig', 'namespace'));
  const written = items(valueAt(addon, 'podIdentityAssociations'));
  const facts = written.flatMap((item) => association(item, cluster, input, { name: nameText?.value ?? '', namespace: names.namespace }));
  const irsa = irsaRole(addon, names, input);
  const isDefault = isTrue(valueAt(addon, 'useDefaultPodIdentityAssociations'));
  if (irsa.length > 0 || written.length > 0 || !(isDefault || isAutomatic) || !names.name) return [...facts, ...irsa];
  return [...facts, ...recommended(addon, names, cluster, input, !isDefault)];
}

type Names = ReturnType<typeof addonNames>;

/** The role for IRSA: one that is there, or one that eksctl makes. EKS annotates the add-on's own service account with it. */
function irsaRole(addon: MapNode, names: Names, { doc }: ReaderInput): Fact[] {
  const place = { span: addon.span, head: addon.entries[0]?.key.outer ?? addon.span, open: addon.open };
  const arn = textAt(addon, 'serviceAccountRoleARN');
  if (arn)
    return [
      { kind: 'role', doc, span: addon.span, arn },
      addonAccount('eksctl', doc, place, names, { value: arn, key: arn.outer, span: arn.outer }),
    ];
  const entry = policyFields.map((field) => entryOf(addon, field)).find((each) => each && hasPolicy(each.value));
  if (!entry) return [];
  const key = entry.key.outer;
  const roleName = madeName(`the add-on ${literalAt(addon, 'name') ?? ''}`, key, 'IRSA');
  // Source: eksctl pkg/actions/addon/create.go (getKnownServiceAccountLocation): only vpc-cni's role has a subject.
  const { name, namespace } = names;
  const account = name && namespace && literalAt(addon, 'name')?.toLowerCase() === 'vpc-cni' ? { name, namespace } : undefined;
  return [
    { kind: 'role', doc, span: addon.span, name: roleName },
    {
      kind: 'trustPolicy',
      doc,
      span: addon.span,
      policy: madeTrustPolicy(key, account),
      concerns: 'irsa',
      roleName,
      ownRoleOnly: true,
      made: true,
      ...eksctlPermissions(addon, 'attachPolicyARNs', 'attachPolicy', 'permissionsBoundary'),
    },
    addonAccount('eksctl', doc, place, names, { value: madeArn(roleName), key, span: key }),
  ];
}

function hasPolicy(node: MapNode['entries'][number]['value']): boolean {
  if (node?.kind === 'list') return asList(node)!.items.length > 0;
  return asMap(node) !== undefined && asMap(node)!.entries.length > 0;
}

/** The association with the policies that EKS recommends for an add-on. Source: eksctl user docs, Pod Identity associations, add-ons. */
function recommended(
  addon: MapNode,
  names: Names,
  cluster: Pick<PodIdentityAssociationFact, 'clusterName' | 'region'>,
  { doc, tree }: ReaderInput,
  conditional: boolean,
): Fact[] {
  const at = names.name!.outer;
  const addonName = literalAt(addon, 'name') ?? '';
  const roleName = madeName(`the add-on ${addonName}`, at, 'Pod Identity');
  return [
    {
      kind: 'podIdentityAssociation',
      doc,
      span: addon.span,
      head: addon.entries[0]?.key.outer ?? addon.span,
      ...cluster,
      ...(names.namespace ? { namespace: names.namespace } : {}),
      serviceAccount: names.name!,
      roleName,
      addon: addonName,
      ...(conditional || tree.templated ? { conditional: true } : {}),
    },
    {
      kind: 'trustPolicy',
      doc,
      span: addon.span,
      policy: madePodIdentityPolicy(at),
      concerns: 'pod-identity',
      roleName,
      ownRoleOnly: true,
      made: true,
    },
  ];
}
