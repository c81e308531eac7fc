import type { ClusterFact, Fact, OidcProviderFact } from '../../../model/facts';
import { agentInHcl } from '../../podIdentityAgent';
import type { Evaluator } from '../evaluate/evaluator';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { argumentOf, asText, textOf } from './arguments';

/** Clusters, OIDC providers, and what speaks of the EKS Pod Identity Agent. */
export function readEks(module: ModuleInstance): Fact[] {
  const facts: Fact[] = [];
  for (const placed of module.definition.resourcesOf('aws_eks_cluster'))
    for (const { evaluator } of module.instances(placed)) facts.push(cluster(placed, evaluator));
  for (const placed of module.definition.resourcesOf('aws_iam_openid_connect_provider'))
    for (const { evaluator } of module.instances(placed)) facts.push(provider(placed, evaluator));
  for (const input of module.definition.inputs) facts.push(...[agentInHcl(input)].filter((fact) => fact !== undefined));
  return facts;
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
