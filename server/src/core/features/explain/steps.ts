import type { ServiceAccountFact, WorkloadFact } from '../../model/facts';
import type { Chain, Tie } from '../../wiring/chain';
import { candidateNames } from '../../trust/candidates';
import { isPlain, isWeak } from '../../wiring/tie';
import { shownText } from '../../text/shown';
import type { ExplainStep } from './document';

/** More workloads than this are counted, not listed. */
export const listed = 5;

/** The workloads that use the account, a step each. */
export function workloadSteps({
  workloads,
  account,
  name,
}: Pick<Chain, 'workloads' | 'name'> & { readonly account?: ServiceAccountFact }): ExplainStep[] {
  if (workloads.length === 0)
    return [{ level: 0, text: `No workload of these files uses ServiceAccount ${name ?? account?.name?.value ?? ''}`.trimEnd() }];
  const steps: ExplainStep[] = workloads.slice(0, listed).map((workload) => ({
    level: 0,
    text: useOf(workload),
    place: { doc: workload.doc, span: workload.serviceAccountName?.span ?? workload.head },
    mark: true,
  }));
  if (workloads.length > listed) steps.push({ level: 1, text: `and ${workloads.length - listed} more` });
  return steps;
}

function useOf(workload: WorkloadFact): string {
  const name = workload.name && shownText(workload.name);
  const what = name === undefined ? workload.objectKind : `${workload.objectKind} ${name}`;
  const account = workload.serviceAccountName;
  return account
    ? `${what} uses ${workload.operator ? 'serviceAccountRef' : (workload.field ?? 'serviceAccountName')} ${shownText(account)}`
    : `${what} names no service account, so Kubernetes uses default`;
}

/** How a trust policy was found to be the role's, where that is not sure by itself. */
export function tieAssumptions(ties: readonly Tie[], role: string): string[] {
  const [first, ...others] = ties;
  if (!first) return [];
  const found: string[] = [];
  if (first.kind === 'aws') found.push(`The trust policy is that of the ${first.because === 'AWS' ? 'role in AWS' : first.because}.`);
  // What pod-roles.yaml says is no assumption.
  else if (!isPlain(first) && first.kind !== 'config') found.push(`The trust policy is assumed to be that of ${role}, ${first.because}.`);
  if (first.ground !== undefined && !isWeak(first) && first.policy.ownRoleOnly)
    found.push(`The role is assumed to be that one: ${first.ground}.`);
  const rivals = others.filter(({ kind }) => kind !== 'aws');
  if (rivals.length > 0) {
    const which = rivals.length === 1 ? 'Another policy' : `${rivals.length} other policies`;
    found.push(`${which} may be the role's too; the first is shown. The others: ${candidateNames(rivals)}.`);
  }
  return found;
}
