import { parseEksIssuer } from '../../model/issuer';
import { partitionById, partitionOfRegion, type Partition } from '../../model/partitions';
import { literal } from '../../text/texts';
import type { Provider } from './providers';

/** Where a provider's ARN and its issuer's region and suffix are of different partitions. */
export interface PartitionFault {
  readonly region: string;
  /** The partition of the issuer's region. */
  readonly home: Partition;
  /** The ARN's partition, where it is another known one. */
  readonly written?: string;
  /** The issuer with its region's suffix, where it has another one. */
  readonly issuer?: string;
}

/** Undefined where the parts agree, hold placeholders, or are of a partition that is not known here. */
export function partitionFault({ arn }: Provider): PartitionFault | undefined {
  const issuer = literal(arn?.issuer);
  const eks = issuer === undefined ? undefined : parseEksIssuer(issuer);
  const home = eks && partitionOfRegion(eks.region);
  if (!home) return undefined;
  const written = literal(arn?.partition);
  const foreign = written !== undefined && written !== home.id && partitionById(written) !== undefined;
  // The suffixes of GovCloud and of newer partitions are only believed.
  const right = `oidc.eks.${eks.region}.${home.dnsSuffix}/id/${eks.id}`;
  const suffix = (home.id === 'aws' || home.id === 'aws-cn') && right !== issuer;
  if (!foreign && !suffix) return undefined;
  return { region: eks.region, home, ...(foreign ? { written } : {}), ...(suffix ? { issuer: right } : {}) };
}
