import type { Fact, PodIdentityAssociationFact, SessionPolicy } from '../../../model/facts';
import { attributeOf, type HclBlock } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { MapNode, Node } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import { literal } from '../../../text/texts';
import { associationOptions } from '../../associationOptions';
import { toText } from '../../nodes';
import type { ReaderInput } from '../../reader';
import type { Evaluator } from '../evaluate/evaluator';
import type { Repeated } from '../evaluate/repeated';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { argumentOf, asText, textOf } from './arguments';
import { policySources, readPolicy } from './policySource';

/** Associations of EKS Pod Identity: each resource, each instance of it. */
export function readAssociations(module: ModuleInstance): Fact[] {
  return module.definition
    .resourcesOf('aws_eks_pod_identity_association')
    .flatMap((placed) => [...module.instances(placed)].map(({ evaluator, item }) => association(placed, evaluator, item)));
}

function association({ member, block }: Placed, evaluator: Evaluator, item: Repeated['items'][number]): PodIdentityAssociationFact {
  const of = (name: string) => textOf(block, name, evaluator);
  const head = block.labels[1]?.span ?? block.type.span;
  const fact = associationFact(member.input.doc, block.span, head, of, isUncertain(item), sessionPolicyOf(block, member.input, evaluator));
  const name = block.labels[1]?.text;
  return name === undefined ? fact : { ...fact, objectName: name };
}

/** The session policy of an association: a text, `jsonencode`, or the `json` of a data source. */
function sessionPolicyOf(block: HclBlock, { doc }: ReaderInput, evaluator: Evaluator): SessionPolicy | undefined {
  const expression = attributeOf(block.body, 'policy')?.value;
  const node = expression && evaluator.evaluate(expression);
  if (!node || (node.kind === 'scalar' && (node.type === 'null' || node.value === ''))) return undefined;
  const [source, another] = policySources(expression, evaluator);
  const found = source && !another && 'node' in source ? source : undefined;
  return {
    span: expression.span,
    ...(node.kind === 'scalar' ? { text: toText(node) } : {}),
    ...(found ? { policy: readPolicy(found), ...(found.input.doc === doc && !found.label ? {} : { elsewhere: true }) } : {}),
  };
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
  sessionPolicy?: SessionPolicy,
): PodIdentityAssociationFact {
  const [clusterName, namespace, serviceAccount] = [of('cluster_name'), of('namespace'), of('service_account')];
  const [roleArn, region, tags] = [of('role_arn'), of('region'), of('disable_session_tags')];
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
    ...associationOptions({
      targetRoleArn: of('target_role_arn'),
      disableSessionTags: tags && { ...tags, kind: 'scalar', type: 'boolean' },
      sessionPolicy,
    }),
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
