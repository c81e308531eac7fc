/** Associations a cluster. Source: EKS user guide, service-quotas (2024-12); it may have been raised since. */
export const associationQuota = 1000;

/** The least AWS CLI that gets credentials from EKS Pod Identity, for each major version. Source: EKS user guide, pod-id-minimum-sdk. */
export const leastCli: Readonly<Record<number, readonly [number, number, number]>> = { 1: [1, 30, 0], 2: [2, 15, 0] };
