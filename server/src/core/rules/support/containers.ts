import { literal } from '../../text/texts';
import type { ContainerFact, EnvFact, WorkloadFact } from '../../model/facts';
import { readRecord } from '../../text/csv';

/** The last entry of a name: Kubernetes takes the last of equal ones. */
export function envOf(container: ContainerFact, name: string): EnvFact | undefined {
  return container.env.findLast((entry) => literal(entry.name) === name);
}

/** False where the webhook surely, or perhaps, leaves the container alone. */
export function reachedByWebhook(container: ContainerFact, workload: WorkloadFact): boolean {
  if (workload.skipsWebhook) return false;
  const list = workload.skipContainers;
  if (!list) return true;
  const value = literal(list.value);
  const name = literal(container.name);
  if (value === undefined || name === undefined) return false;
  return !(readRecord(value) ?? []).some((field) => field.value === name);
}
