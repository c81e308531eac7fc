import { parseEmbedded } from '../../syntax/embedded';
import { valueAt } from '../../syntax/nodes';
import type { Node } from '../../syntax/tree';
import { manifestReader } from '../kubernetes/manifests';
import { asList, asMap, asScalar } from '../nodes';
import { podIdentityAgentReader } from '../podIdentityAgent';
import type { Reader } from '../reader';
import { readHelmValues } from '../shared/helmRelease';
import { mergeHelmValues } from '../shared/helmValues';
import { readTrustPolicies } from '../trustPolicy';
import { planLibrary, type PlanTools } from './port';

/** What a plan is read with: the library is a file of its own, and these are in the program already. */
const tools: PlanTools = {
  parseEmbedded,
  readTrustPolicies,
  mergeHelmValues,
  readHelmValues,
  readManifests: (input) => manifestReader.read(input),
};

/**
 * Terraform's and OpenTofu's plans and states as `show -json` writes them: what will be there after the apply, each fact with
 * its resource's address. What only the apply will tell is unknown, and tied to its role through the configuration.
 */
export const terraformPlanReader: Reader = {
  id: 'terraform-plan',
  syntaxes: ['json'],
  words: [String.raw`"format_version"\s*:\s*"(?:0\.2|1\.)`],
  needs: /"root_module"|"resource_changes"/,
  readsAlone: true,
  claims: isPlan,
  read: (input) => (isPlan(input.tree.root) ? [...planLibrary().factsOfPlan(input, tools), ...podIdentityAgentReader.read(input)] : []),
};

/** True for what `terraform show -json` writes of a plan or a state. Source: Terraform, JSON output format. */
function isPlan(root: Node | undefined): boolean {
  return (
    /^(?:0\.2$|1\.)/.test(asScalar(valueAt(root, 'format_version'))?.value ?? '') &&
    (asMap(valueAt(root, 'planned_values', 'root_module')) ??
      asList(valueAt(root, 'resource_changes')) ??
      valueAt(root, 'values', 'root_module')) !== undefined
  );
}
