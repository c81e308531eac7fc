/** Associations a cluster. Source: EKS user guide, service-quotas (2024-12); it may have been raised since. */
export const associationQuota = 1000;

/** The least AWS CLI that gets credentials from EKS Pod Identity, for each major version. Source: EKS user guide, pod-id-minimum-sdk. */
export const leastCli: Readonly<Record<number, readonly [number, number, number]>> = { 1: [1, 30, 0], 2: [2, 15, 0] };

/** The least SDKs for EKS Pod Identity, for people. Source: EKS user guide, pod-id-minimum-sdk. */
export const leastSdks =
  'Java 2.21.30 or 1.12.746, Go v2 release-2023-11-14 or v1 1.47.11, boto3 and botocore 1.34.41, AWS CLI 2.15.0 or 1.30.0, JavaScript 3.458.0 or 2.1550.0, .NET 3.7.734.0, C++ 1.11.263, PHP 3.287.1, Ruby 3.188.0, Rust release-2024-03-13, Kotlin 1.0.1';
