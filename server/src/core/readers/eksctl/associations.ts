import type { Fact, PodIdentityAssociationFact } from '../../model/facts';
import { valueAt } from '../../syntax/nodes';
import type { MapNode } from '../../syntax/tree';
import type { Text } from '../../text/text';
import { associationOptions, sessionPolicy, tagSwitch } from '../associationOptions';
import { madePodIdentityPolicy } from '../madeTrustPolicy';
import { isTrue, textAt } from '../nodes';
import type { ReaderInput } from '../reader';
import { eksctlPermissions, eksctlPolicies } from '../rolePolicies';
import { madeName } from './roles';

/**
 * An association of `iam.podIdentityAssociations`, or of an add-on, with the role that eksctl makes for it.
 * @param addon the add-on's name, and the names that its own service account has
 */
export function association(
  item: MapNode,
  cluster: Pick<PodIdentityAssociationFact, 'clusterName' | 'region'>,
  { doc, tree, text }: ReaderInput,
  addon?: { readonly name: string; readonly namespace: Text | undefined },
): Fact[] {
  const serviceAccount = textAt(item, 'serviceAccountName');
  const namespace = textAt(item, 'namespace') ?? (serviceAccount && addon?.namespace);
  const [roleArn, ownName] = [textAt(item, 'roleARN'), textAt(item, 'roleName')];
  const roleName =
    ownName ??
    (roleArn || !namespace || !serviceAccount
      ? undefined
      : madeName(`${namespace.value}/${serviceAccount.value}`, serviceAccount.outer, 'Pod Identity'));
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
