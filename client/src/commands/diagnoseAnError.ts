import type { WorkloadName } from '../../../protocol/diagnose';
import type { Services } from '../services';

/**
 * Opens the view that tells the cause of what is pasted. From a code action (`{workload, clipboard: true}`) with the
 * clipboard's text: running that action is the user's word for it.
 */
export async function diagnoseAnError({ diagnose }: Services, target?: unknown): Promise<void> {
  const { workload, clipboard } = (target ?? {}) as { workload?: unknown; clipboard?: unknown };
  await diagnose.open({ ...(isWorkload(workload) ? { workload } : {}), clipboard: clipboard === true });
}

function isWorkload(value: unknown): value is WorkloadName {
  const { namespace, name } = (value ?? {}) as Partial<WorkloadName>;
  return typeof namespace === 'string' && typeof name === 'string';
}
