/** AWS's partitions: regions by pattern, so that a region opened tomorrow is known. Source: botocore 1.43.11 partitions.json. */
export interface Partition {
  readonly id: string;
  readonly regions: RegExp;
  readonly dnsSuffix: string;
  readonly dualStackSuffix: string;
  readonly console: string;
}

export const partitions: readonly Partition[] = [
  {
    id: 'aws',
    regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/,
    dnsSuffix: 'amazonaws.com',
    dualStackSuffix: 'api.aws',
    console: 'console.aws.amazon.com',
  },
  {
    id: 'aws-cn',
    regions: /^cn-[a-z]+-\d+$/,
    dnsSuffix: 'amazonaws.com.cn',
    dualStackSuffix: 'api.amazonwebservices.com.cn',
    console: 'console.amazonaws.cn',
  },
  {
    id: 'aws-us-gov',
    regions: /^us-gov-[a-z]+-\d+$/,
    dnsSuffix: 'amazonaws.com',
    dualStackSuffix: 'api.aws',
    console: 'console.amazonaws-us-gov.com',
  },
  {
    id: 'aws-eusc',
    regions: /^eusc-[a-z]{2}-[a-z]+-\d+$/,
    dnsSuffix: 'amazonaws.eu',
    dualStackSuffix: 'api.amazonwebservices.eu',
    console: 'console.amazonaws-eusc.eu',
  },
  { id: 'aws-iso', regions: /^us-iso-[a-z]+-\d+$/, dnsSuffix: 'c2s.ic.gov', dualStackSuffix: 'api.aws.ic.gov', console: '' },
  { id: 'aws-iso-b', regions: /^us-isob-[a-z]+-\d+$/, dnsSuffix: 'sc2s.sgov.gov', dualStackSuffix: 'api.aws.scloud', console: '' },
  { id: 'aws-iso-e', regions: /^eu-isoe-[a-z]+-\d+$/, dnsSuffix: 'cloud.adc-e.uk', dualStackSuffix: 'api.cloud-aws.adc-e.uk', console: '' },
  { id: 'aws-iso-f', regions: /^us-isof-[a-z]+-\d+$/, dnsSuffix: 'csp.hci.ic.gov', dualStackSuffix: 'api.aws.hci.ic.gov', console: '' },
];

/** The partition a region belongs to; the more special patterns first, undefined for what is no region known here. */
export function partitionOfRegion(region: string): Partition | undefined {
  return partitions.find((p) => p.id !== 'aws' && p.regions.test(region)) ?? partitions.find((p) => p.regions.test(region));
}

export function partitionById(id: string): Partition | undefined {
  return partitions.find((p) => p.id === id);
}
