import type { ClusterFact, Fact, OidcProviderFact } from '../../../model/facts';
import { valueAt } from '../../../syntax/nodes';
import { literal } from '../../../text/texts';
import { fargateProfile, fargateSelectors, labelsOf } from '../../fargateProfiles';
import { agentInHcl } from '../../podIdentityAgent';
import { madeBlocks } from '../evaluate/blocks';
import { Evaluator } from '../evaluate/evaluator';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { knownModule } from '../modules/knownSources';
import { argumentOf, asText, textOf } from './arguments';
import { isUncertain } from './associations';

/** Clusters, OIDC providers, and what speaks of the EKS Pod Identity Agent. */
export function readEks(module: ModuleInstance): Fact[] {
  const facts: Fact[] = [];
  for (const placed of module.definition.resourcesOf('aws_eks_cluster'))
    for (const { evaluator } of module.instances(placed)) facts.push(cluster(placed, evaluator));
  for (const placed of module.definition.resourcesOf('aws_iam_openid_connect_provider'))
    for (const { evaluator } of module.instances(placed)) facts.push(provider(placed, evaluator));
  for (const input of module.definition.inputs) facts.push(...[agentInHcl(input)].filter((fact) => fact !== undefined));
  for (const placed of module.definition.resourcesOf('aws_eks_fargate_profile'))
    for (const { evaluator, item } of module.instances(placed)) if (!isUncertain(item)) facts.push(...profile(placed, evaluator));
  for (const placed of module.definition.calls.values()) {
    if (module.isLocal(placed) || knownModule(placed, new Evaluator(module, placed.member)) !== 'eks') continue;
    for (const { evaluator, item } of module.instances(placed)) if (!isUncertain(item)) facts.push(...moduleProfiles(placed, evaluator));
  }
  return facts;
}

function profile({ member, block }: Placed, evaluator: Evaluator): Fact[] {
  const selectors = madeBlocks(block.body, 'selector', evaluator).blocks.flatMap(({ body, block: own, evaluator: inner, uncertain }) => {
    const at = { ...own, body };
    const namespace = literal(textOf(at, 'namespace', inner));
    const labels = labelsOf(argumentOf(at, 'labels', inner));
    return namespace === undefined || !labels || uncertain ? [] : [{ namespace, labels }];
  });
  const at = { doc: member.input.doc, span: block.span, head: block.labels[1]?.span ?? block.type.span };
  return fargateProfile(at, textOf(block, 'cluster_name', evaluator), selectors);
}

/** `fargate_profiles` of terraform-aws-modules/eks. Source: its variables.tf. */
function moduleProfiles({ member, block }: Placed, evaluator: Evaluator): Fact[] {
  const profiles = argumentOf(block, 'fargate_profiles', evaluator);
  const cluster = textOf(block, 'cluster_name', evaluator) ?? textOf(block, 'name', evaluator);
  return (profiles?.kind === 'map' && !profiles.open ? profiles.entries : []).flatMap(({ key, value, span, conditional }) =>
    conditional
      ? []
      : fargateProfile({ doc: member.input.doc, span, head: key.span }, cluster, fargateSelectors(valueAt(value, 'selectors'))),
  );
}

function cluster({ member, block }: Placed, evaluator: Evaluator): ClusterFact {
  const [name, region] = [textOf(block, 'name', evaluator), textOf(block, 'region', evaluator)];
  return { kind: 'cluster', doc: member.input.doc, span: block.span, ...(name ? { name } : {}), ...(region ? { region } : {}) };
}

function provider({ member, block }: Placed, evaluator: Evaluator): OidcProviderFact {
  const url = textOf(block, 'url', evaluator);
  const list = argumentOf(block, 'client_id_list', evaluator);
  const clientIds = list?.kind === 'list' && !list.open ? list.items.map(asText) : undefined;
  const known = clientIds?.every((id) => id !== undefined) ? clientIds : undefined;
  return { kind: 'oidcProvider', doc: member.input.doc, span: block.span, ...(url ? { url } : {}), ...(known ? { clientIds: known } : {}) };
}
