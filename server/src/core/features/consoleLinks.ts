import type { AwsRole } from '../model/aws';
import { partitionById } from '../model/partitions';

/** The role's page in the AWS console of its partition; undefined where the partition's console has no public address. */
export function roleConsoleUrl(role: Pick<AwsRole, 'arn' | 'name'>): string | undefined {
  return iamPage(role.arn, `roles/details/${encodeURIComponent(role.name)}?section=permissions`);
}

/** The page of a managed policy. */
export function policyConsoleUrl(arn: string, partition = arn): string | undefined {
  return iamPage(partition, `policies/details/${encodeURIComponent(arn)}`);
}

function iamPage(arn: string, page: string): string | undefined {
  const host = partitionById(arn.split(':')[1] ?? '')?.console;
  return host ? `https://${host}/iam/home#/${page}` : undefined;
}
