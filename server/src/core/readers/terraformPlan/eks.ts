import type { Fact, PodIdentityAssociationFact } from '../../model/facts';
import { valueAt } from '../../syntax/nodes';
import type { MapNode } from '../../syntax/tree';
import type { Text } from '../../text/text';
import { associationOptions, sessionPolicy } from '../associationOptions';
import { fargateProfile, fargateSelectors } from '../fargateProfiles';
import { asList, asScalar, textAt, toText } from '../nodes';
import type { ReaderInput } from '../reader';
import type { PlannedResource } from './plan';
import { knownText, type PlannedRoles } from './roles';
import { blockAt } from './values';

type Read = (resource: PlannedResource, values: MapNode, roles: PlannedRoles, input: ReaderInput) => Fact[];

/** Clusters, OIDC providers and Pod Identity associations of a plan. Source: AWS provider's schema. */
export const eksResources: Readonly<Record<string, Read>> = {
  aws_eks_cluster: ({ span }, values, _, { doc }) => {
    const name = textAt(values, 'name');
    const region = regionOf(values);
    const issuer = knownText(blockAt(values, 'identity', 'oidc', 'issuer'));
    return [{ kind: 'cluster', doc, span, ...(name ? { name } : {}), ...(region ? { region } : {}), ...(issuer ? { issuer } : {}) }];
  },
  aws_iam_openid_connect_provider: ({ span }, values, _, { doc }) => {
    const [url, arn] = [textAt(values, 'url'), knownText(valueAt(values, 'arn'))];
    const ids = asList(valueAt(values, 'client_id_list'))?.items.map(knownText);
    const clientIds = ids?.every((id) => id !== undefined) ? ids : undefined;
    return [{ kind: 'oidcProvider', doc, span, ...(url ? { url } : {}), ...(arn ? { arn } : {}), ...(clientIds ? { clientIds } : {}) }];
  },
  aws_eks_pod_identity_association: (resource, values, roles, { doc, tree, text }) => [
    {
      ...association(resource, values, [], roles),
      doc,
      span: resource.span,
      head: resource.head,
      ...optional('clusterName', textAt(values, 'cluster_name')),
      ...optional('namespace', textAt(values, 'namespace')),
      ...associationOptions({
        targetRoleArn: targetOf(values, resource, roles),
        externalId: knownText(valueAt(values, 'external_id')),
        disableSessionTags: valueAt(values, 'disable_session_tags'),
        sessionPolicy: sessionPolicy(valueAt(values, 'policy'), tree, text),
      }),
    },
  ],
  aws_eks_fargate_profile: ({ span, head }, values, _, { doc }) =>
    fargateProfile({ doc, span, head }, textAt(values, 'cluster_name'), fargateSelectors(valueAt(values, 'selector'))),
  aws_eks_addon: (resource, values, roles, { doc }) =>
    (asList(valueAt(values, 'pod_identity_association'))?.items ?? []).flatMap((item, i) =>
      item.kind === 'map'
        ? [
            {
              ...association(resource, item, ['pod_identity_association', i], roles),
              doc,
              span: item.span,
              head: item.entries[0]?.key.span ?? item.span,
              ...optional('clusterName', textAt(values, 'cluster_name')),
              addon: knownText(valueAt(values, 'addon_name'))?.value ?? '',
            },
          ]
        : [],
    ),
};

function association(
  resource: PlannedResource,
  values: MapNode,
  path: readonly (string | number)[],
  roles: PlannedRoles,
): Pick<PodIdentityAssociationFact, 'kind' | 'serviceAccount' | 'roleArn' | 'region'> {
  const role = asScalar(valueAt(values, 'role_arn'));
  return {
    kind: 'podIdentityAssociation',
    ...optional('serviceAccount', textAt(values, 'service_account')),
    ...optional(
      'roleArn',
      role && role.type !== 'null' && role.value !== '' ? toText(roles.referring(role, resource, [...path, 'role_arn'])) : undefined,
    ),
    ...optional('region', regionOf(resource.values())),
  };
}

/** The target role: one that the plan makes, or an ARN. */
function targetOf(values: MapNode, resource: PlannedResource, roles: PlannedRoles): Text | undefined {
  const role = asScalar(valueAt(values, 'target_role_arn'));
  return role && role.type !== 'null' && role.value !== '' ? toText(roles.referring(role, resource, ['target_role_arn'])) : undefined;
}

/** The region that a resource says, or that its ARN holds. */
function regionOf(values: MapNode | undefined): Text | undefined {
  const own = knownText(valueAt(values, 'region'));
  const arn = own ? undefined : knownText(valueAt(values, 'arn'));
  const [, region] = (arn && /^arn:[\w-]+:eks:([\w-]+):/.exec(arn.value)) ?? [];
  return own ?? (arn && region !== undefined ? { ...arn, value: region, map: [[0, arn.span.start]] } : undefined);
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
