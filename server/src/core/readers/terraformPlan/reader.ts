import type { Fact } from '../../model/facts';
import type { Reader, ReaderInput } from '../reader';
import { eksResources } from './eks';
import { readHelmRelease } from './helm';
import { kubernetesTypes, readKubernetesResource } from './kubernetes';
import { isPlan, readPlan, type PlannedResource } from './plan';
import { References } from './references';
import { PlannedRoles } from './roles';

const policyTypes: ReadonlySet<string> = new Set(['aws_iam_role_policy', 'aws_iam_role_policy_attachment']);
const kubernetes: ReadonlySet<string> = new Set(kubernetesTypes);
const wanted: ReadonlySet<string> = new Set([
  'aws_iam_role',
  'aws_iam_policy_document',
  'helm_release',
  ...policyTypes,
  ...kubernetes,
  ...Object.keys(eksResources),
]);

/**
 * Terraform's and OpenTofu's plans and states as `show -json` writes them: what will be there after the apply, each fact with
 * its resource's address. What only the apply will tell is unknown, and tied to its role through the configuration.
 */
export const terraformPlanReader: Reader = {
  id: 'terraform-plan',
  syntaxes: ['json'],
  words: [String.raw`"format_version"\s*:\s*"1\.`],
  needs: /"root_module"|"resource_changes"/,
  readsAlone: true,
  claims: isPlan,
  read(input) {
    const plan = readPlan(input.tree.root, wanted);
    const roles = new PlannedRoles(input.doc.uri, new References(plan));
    const deployedBy = [`terraform ${input.doc.uri}`];
    return plan.resources
      .filter(({ mode }) => mode === 'managed')
      .flatMap((resource) =>
        readResource(resource, roles, deployedBy, input).map((fact): Fact => ({ ...fact, deployedBy, address: resource.address })),
      );
  },
};

function readResource(resource: PlannedResource, roles: PlannedRoles, deployedBy: readonly string[], input: ReaderInput): readonly Fact[] {
  const { type } = resource;
  if (type === 'aws_iam_role') return roles.facts(resource, input);
  if (type === 'helm_release') return readHelmRelease(resource, roles, deployedBy, input);
  if (policyTypes.has(type)) return roles.attached(resource, input);
  if (kubernetes.has(type)) return readKubernetesResource(resource, roles, input);
  const read = Object.hasOwn(eksResources, type) ? eksResources[type] : undefined;
  const values = read && resource.values();
  return values ? read(resource, values, roles, input) : [];
}
