import type { FargateSelector, Platform, WorkloadFact } from '../model/facts';
import { literal } from '../text/texts';
import { matchesPattern } from '../text/wildcards/match';
import type { KnownProfile } from '../wiring/fargate';
import type { Grant } from '../wiring/grants';

/** A workload whose pods can only run where EKS Pod Identity isn't available. */
export interface UnsupportedUse {
  readonly workload: WorkloadFact;
  readonly platform: Platform['name'];
  /** The Fargate profile that selects it. */
  readonly profile?: KnownProfile;
}

/** An operator that requests the annotation's role with a token of the account: no association gives it one. */
export interface OperatorUse {
  readonly workload: WorkloadFact;
  readonly platform: 'operator';
}

/** The platforms without EKS Pod Identity, as people know them. Source: EKS user guide, pod-identities (considerations). */
export const platformNames: Readonly<Record<Platform['name'], string>> = { windows: 'Windows', fargate: 'AWS Fargate' };

/** Where an association's pods are: its namespace, and the Fargate profiles of its cluster. */
export type Surroundings = Pick<Grant, 'namespace' | 'profiles'>;

/** The operators among the workloads of an association that use only the annotation. Source: external-secrets, docs/provider/aws-access.md. */
export function operatorUses(workloads: readonly WorkloadFact[]): OperatorUse[] {
  return workloads.flatMap((workload) => (workload.operator === 'annotation' ? [{ workload, platform: 'operator' as const }] : []));
}

/** The workloads of an association that can only run on Windows or Fargate. A pod that mounts a token by itself doesn't need the association. */
export function unsupportedUses(workloads: readonly WorkloadFact[], grant: Surroundings): UnsupportedUse[] {
  return workloads.flatMap((workload): UnsupportedUse[] => {
    if (workload.ownTokenVolume || workload.operator) return [];
    if (workload.platform) return [{ workload, platform: workload.platform.name }];
    const profile = grant.profiles.find(({ selectors }) => selectors.some((selector) => selects(selector, workload, grant.namespace)));
    return profile ? [{ workload, platform: 'fargate', profile }] : [];
  });
}

/**
 * Whether a Fargate profile surely takes the pods of a workload: its namespace, and every label of the selector. Pods of a
 * DaemonSet don't run on Fargate. Source: EKS user guide, fargate-profile and fargate (considerations).
 */
function selects({ namespace, labels }: FargateSelector, workload: WorkloadFact, own: string): boolean {
  if (workload.objectKind === 'DaemonSet' || workload.onEc2 || !matchesPattern(namespace, own)) return false;
  return Object.entries(labels).every(([key, pattern]) => {
    const value = workload.labels && Object.hasOwn(workload.labels, key) ? workload.labels[key] : undefined;
    return value !== undefined && matchesPattern(pattern, value);
  });
}

/** Why every workload of an account gets no role, in a few words; undefined if one may, and where no workload is known. */
export function onlyUnsupported(workloads: readonly WorkloadFact[], uses: readonly (UnsupportedUse | OperatorUse)[]): string | undefined {
  if (workloads.length === 0 || uses.length < workloads.length) return undefined;
  const names = [...new Set(uses.flatMap(({ platform }) => (platform === 'operator' ? [] : [platformNames[platform]])))];
  const operators = uses.some(({ platform }) => platform === 'operator') ? [cannotUse] : [];
  return [...operators, ...(names.length > 0 ? [`EKS Pod Identity isn't available on ${names.join(' or ')}`] : [])].join('; ');
}

/** Why an operator gets nothing from an association, in a few words. */
export const cannotUse = "External Secrets can't use an association with serviceAccountRef";

/** `Deployment win on Windows`, for those that get no role though others do; two are named. */
export function exceptionWords(uses: readonly (UnsupportedUse | OperatorUse)[]): string {
  const named = uses
    .slice(0, 2)
    .map(({ workload, platform }) => `${workloadWords(workload)}${platform === 'operator' ? '' : ` on ${platformNames[platform]}`}`);
  const more = uses.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(' and ');
}

/** `Deployment win`, as far as it is known. */
export function workloadWords({ objectKind, name }: WorkloadFact): string {
  const known = literal(name);
  return known === undefined ? objectKind : `${objectKind} ${known}`;
}
