import type { Platform, WorkloadFact } from '../model/facts';
import { literal } from '../text/texts';

/** A workload whose pods can only run where EKS Pod Identity isn't available. */
export interface UnsupportedUse {
  readonly workload: WorkloadFact;
  readonly platform: Platform['name'];
}

/** The platforms without EKS Pod Identity, as people know them. Source: EKS user guide, pod-identities (considerations). */
export const platformNames: Readonly<Record<Platform['name'], string>> = { windows: 'Windows', fargate: 'AWS Fargate' };

/** The workloads that can only run on Windows or Fargate. A pod that mounts a token by itself doesn't need the association. */
export function unsupportedUses(workloads: readonly WorkloadFact[]): UnsupportedUse[] {
  return workloads.flatMap((workload) =>
    workload.platform && !workload.ownTokenVolume ? [{ workload, platform: workload.platform.name }] : [],
  );
}

/** Why every workload of an account gets no role, in a few words; undefined if one may, and where no workload is known. */
export function onlyUnsupported(workloads: readonly WorkloadFact[], uses: readonly UnsupportedUse[]): string | undefined {
  if (workloads.length === 0 || uses.length < workloads.length) return undefined;
  const names = [...new Set(uses.map(({ platform }) => platformNames[platform]))];
  return `EKS Pod Identity isn't available on ${names.join(' or ')}`;
}

/** `Deployment win on Windows`, for those that get no role though others do; two are named. */
export function exceptionWords(uses: readonly UnsupportedUse[]): string {
  const named = uses.slice(0, 2).map(({ workload, platform }) => `${workloadWords(workload)} on ${platformNames[platform]}`);
  const more = uses.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(' and ');
}

/** `Deployment win`, as far as it is known. */
export function workloadWords({ objectKind, name }: WorkloadFact): string {
  const known = literal(name);
  return known === undefined ? objectKind : `${objectKind} ${known}`;
}
