import type { Fact, PodIdentityAssociationFact } from '../../../model/facts';
import { attributeOf } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { MapNode, Node } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import { literal } from '../../../text/texts';
import type { Evaluator } from '../evaluate/evaluator';
import type { Repeated } from '../evaluate/repeated';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { argumentOf, asText, textOf } from './arguments';

/** Associations of EKS Pod Identity: each resource, each instance of it. */
export function readAssociations(module: ModuleInstance): Fact[] {
  return module.definition
    .resourcesOf('aws_eks_pod_identity_association')
    .flatMap((placed) => [...module.instances(placed)].map(({ evaluator, item }) => association(placed, evaluator, item)));
}

function association({ member, block }: Placed, evaluator: Evaluator, item: Repeated['items'][number]): PodIdentityAssociationFact {
  const of = (name: string) => textOf(block, name, evaluator);
  return associationFact(member.input.doc, block.span, block.labels[1]?.span ?? block.type.span, of, isUncertain(item));
}

/** True where it is not known whether something is there, or how often. */
export function isUncertain({ maybe, suffix }: Repeated['items'][number]): boolean {
  return maybe === true || suffix === '[?]';
}

/** An association by its arguments. */
export function associationFact(
  doc: PodIdentityAssociationFact['doc'],
  span: Span,
  head: Span,
  of: (name: string) => Text | undefined,
  conditional: boolean,
): PodIdentityAssociationFact {
  const [clusterName, namespace, serviceAccount] = [of('cluster_name'), of('namespace'), of('service_account')];
  const [roleArn, targetRoleArn, region] = [of('role_arn'), of('target_role_arn'), of('region')];
  return {
    kind: 'podIdentityAssociation',
    doc,
    span,
    head,
    ...(clusterName ? { clusterName } : {}),
    ...(region ? { region } : {}),
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...(targetRoleArn ? { targetRoleArn } : {}),
    ...(literal(of('disable_session_tags')) === 'true' ? { sessionTagsDisabled: true } : {}),
    ...(conditional ? { conditional: true } : {}),
  };
}

/**
 * Associations of the module terraform-aws-modules/eks-pod-identity. Source: its variables.tf (associations, association_defaults).
 * @param role the ARN of the role that the module makes
 */
export function moduleAssociations(
  { member, block }: Placed,
  evaluator: Evaluator,
  item: Repeated['items'][number],
  role: (at: Span) => Text,
): PodIdentityAssociationFact[] {
  const [associations, defaults] = [argumentOf(block, 'associations', evaluator), argumentOf(block, 'association_defaults', evaluator)];
  if (associations?.kind !== 'map') return [];
  const conditional =
    isUncertain(item) || (attributeOf(block.body, 'create') !== undefined && literal(textOf(block, 'create', evaluator)) !== 'true');
  const region = textOf(block, 'region', evaluator);
  return associations.entries.flatMap(({ key, value, span, conditional: maybe }) => {
    if (value?.kind !== 'map') return [];
    const of = (name: string) => (name === 'role_arn' ? role(key.span) : name === 'region' ? region : given(value, defaults, name));
    return [associationFact(member.input.doc, span, key.span, of, conditional || value.open || maybe === true)];
  });
}

function given(map: MapNode, defaults: Node | undefined, name: string): Text | undefined {
  return asText(entryOf(map, name)?.value ?? entryOf(defaults, name)?.value);
}
