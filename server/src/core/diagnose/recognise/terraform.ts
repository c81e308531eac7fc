import { matchesOf, type Recogniser } from './recogniser';
import { roleReadings } from './values';

/** Terraform, OpenTofu and what runs them. Source: terraform-provider-aws, aws-sdk-go-base. */
export const terraform: Recogniser = {
  name: 'Terraform',
  phrases: [
    ['no valid credential sources', 'no-credentials'],
    ['No valid credential sources found', 'no-credentials'],
    ['error configuring Terraform AWS Provider', 'no-credentials'],
    ['Cannot assume IAM Role', 'assume-failed'],
    ['cannot be assumed. There are a number of possible causes', 'assume-failed'],
  ],
  read(paste, found) {
    for (const match of matchesOf(paste.text, /IAM\s+Role\s+\(?(arn:\S{10,260}?)\)?\s+cannot\s+be\s+assumed/g)) {
      const readings = roleReadings(paste, match[1]!, match.index + match[0].indexOf(match[1]!), "Terraform's message").map((each) =>
        each.kind === 'role' ? { ...each, kind: 'target' as const } : each,
      );
      if (readings.length > 0) found.symptom(paste, 'assume-failed', match.index, 'Terraform', readings);
    }
  },
};
