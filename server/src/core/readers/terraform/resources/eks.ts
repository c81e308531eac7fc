import type { ClusterFact, Fact, OidcProviderFact, PodIdentityAssociationFact } from '../../../model/facts';
import { attributeOf, type HclBlock, type HclExpression } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { Node } from '../../../syntax/tree';
import type { Text } from '../../../text/text';
import { literal } from '../../../text/texts';
import { toText } from '../../nodes';
import { Evaluator } from '../evaluate/evaluator';
import { sourceMatches } from '../modules/knownSources';
import type { Placed, TerraformModule } from '../modules/definition';

/** Clusters, OIDC providers and Pod Identity associations. */
export function readEks(module: TerraformModule): Fact[] {
  const facts: Fact[] = [];
  for (const placed of module.resourcesOf('aws_eks_cluster')) facts.push(cluster(placed, new Evaluator(module, placed.member)));
  for (const placed of module.resourcesOf('aws_iam_openid_connect_provider'))
    facts.push(provider(placed, new Evaluator(module, placed.member)));
  for (const placed of module.resourcesOf('aws_eks_pod_identity_association'))
    facts.push(association(placed, new Evaluator(module, placed.member)));
  for (const placed of module.calls.values()) {
    const evaluator = new Evaluator(module, placed.member);
    if (sourceMatches(placed, 'pod-identity', evaluator)) facts.push(...associationsOf(placed, evaluator));
  }
  return facts;
}

/** An argument's text; undefined where it is not there, empty or not one text. */
export function textOf(block: HclBlock, name: string, evaluator: Evaluator): Text | undefined {
  const value = attributeOf(block.body, name)?.value;
  return value && asText(evaluator.evaluate(value));
}

/** A node as a text for facts; undefined for null, nothing and what is no single value. */
export function asText(node: Node | undefined): Text | undefined {
  return node?.kind === 'scalar' && node.type !== 'null' && node.value !== '' ? toText(node) : undefined;
}

function cluster({ member, block }: Placed, evaluator: Evaluator): ClusterFact {
  const [name, region] = [textOf(block, 'name', evaluator), textOf(block, 'region', evaluator)];
  return { kind: 'cluster', doc: member.input.doc, span: block.span, ...(name ? { name } : {}), ...(region ? { region } : {}) };
}

function provider({ member, block }: Placed, evaluator: Evaluator): OidcProviderFact {
  const url = textOf(block, 'url', evaluator);
  const ids = attributeOf(block.body, 'client_id_list')?.value;
  const list = ids && evaluator.evaluate(ids);
  const clientIds = list?.kind === 'list' && !list.open ? list.items.map(asText) : undefined;
  const known = clientIds?.every((id) => id !== undefined) ? clientIds : undefined;
  return { kind: 'oidcProvider', doc: member.input.doc, span: block.span, ...(url ? { url } : {}), ...(known ? { clientIds: known } : {}) };
}

function association({ member, block }: Placed, evaluator: Evaluator): PodIdentityAssociationFact {
  const of = (name: string) => textOf(block, name, evaluator);
  const [clusterName, namespace, serviceAccount] = [of('cluster_name'), of('namespace'), of('service_account')];
  const [roleArn, targetRoleArn, region] = [of('role_arn'), of('target_role_arn'), of('region')];
  return {
    kind: 'podIdentityAssociation',
    doc: member.input.doc,
    span: block.span,
    head: block.labels[1]?.span ?? block.type.span,
    ...(clusterName ? { clusterName } : {}),
    ...(region ? { region } : {}),
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...(targetRoleArn ? { targetRoleArn } : {}),
    ...(literal(of('disable_session_tags')) === 'true' ? { sessionTagsDisabled: true } : {}),
    ...(isInstance(block) ? { conditional: true } : {}),
  };
}

/** Associations of the module terraform-aws-modules/eks-pod-identity. Source: its variables.tf (associations, association_defaults). */
function associationsOf({ member, block }: Placed, evaluator: Evaluator): PodIdentityAssociationFact[] {
  const read = (name: string): Node | undefined => {
    const value: HclExpression | undefined = attributeOf(block.body, name)?.value;
    return value && evaluator.evaluate(value);
  };
  const [associations, defaults] = [read('associations'), read('association_defaults')];
  if (associations?.kind !== 'map') return [];
  const conditional = isInstance(block) || attributeOf(block.body, 'create') !== undefined;
  const region = asText(read('region'));
  return associations.entries.flatMap(({ key, value, span }) => {
    if (value?.kind !== 'map') return [];
    const of = (name: string) => asText(entryOf(value, name)?.value ?? entryOf(defaults, name)?.value);
    const [clusterName, namespace, serviceAccount, targetRoleArn] = ['cluster_name', 'namespace', 'service_account', 'target_role_arn'].map(
      of,
    );
    const fact: PodIdentityAssociationFact = {
      kind: 'podIdentityAssociation',
      doc: member.input.doc,
      span,
      head: key.span,
      ...(clusterName ? { clusterName } : {}),
      ...(region ? { region } : {}),
      ...(namespace ? { namespace } : {}),
      ...(serviceAccount ? { serviceAccount } : {}),
      ...(targetRoleArn ? { targetRoleArn } : {}),
      ...(conditional || value.open ? { conditional: true } : {}),
    };
    return [fact];
  });
}

/** True where a count, a loop or a condition decides whether a block is there. */
export function isInstance(block: HclBlock): boolean {
  return ['count', 'for_each'].some((name) => attributeOf(block.body, name) !== undefined);
}
