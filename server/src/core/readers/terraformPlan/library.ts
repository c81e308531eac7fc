import type { Fact } from '../../model/facts';
import type { ReaderInput } from '../reader';
import { eksResources } from './eks';
import { readHelmRelease } from './helm';
import { kubernetesTypes, readKubernetesResource } from './kubernetes';
import { readPlan, type PlannedResource } from './plan';
import type { PlanTools } from './port';
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

/** The facts of a plan or state: what will be there after the apply, each with its resource's address. */
export function factsOfPlan(input: ReaderInput, tools: PlanTools): readonly Fact[] {
  const plan = readPlan(input.tree.root, wanted);
  const roles = new PlannedRoles(input.doc.uri, new References(plan), tools);
  const deployedBy = [`terraform ${input.doc.uri}`];
  return plan.resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap((resource) =>
      readResource(resource, roles, deployedBy, input, tools).map((fact): Fact => ({ ...fact, deployedBy, address: resource.address })),
    );
}

function readResource(
  resource: PlannedResource,
  roles: PlannedRoles,
  deployedBy: readonly string[],
  input: ReaderInput,
  tools: PlanTools,
): readonly Fact[] {
  const { type } = resource;
  if (type === 'aws_iam_role') return roles.facts(resource, input);
  if (type === 'helm_release') return readHelmRelease(resource, roles, deployedBy, input, tools);
  if (policyTypes.has(type)) return roles.attached(resource, input);
  if (kubernetes.has(type)) return readKubernetesResource(resource, roles, input, tools);
  const read = Object.hasOwn(eksResources, type) ? eksResources[type] : undefined;
  const values = read && resource.values();
  return values ? read(resource, values, roles, input) : [];
}
