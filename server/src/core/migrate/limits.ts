/** Associations a cluster. Source: EKS user guide, service-quotas (2024-12); it may have been raised since. */
export const associationQuota = 1000;
