import { read, type Recogniser, matchesOf } from './recogniser';
import { roleReadings } from './values';

/** AWS SDK for .NET. Source: aws-sdk-net FallbackCredentialsFactory, DefaultAWSCredentialsIdentityResolver, AssumeRoleWithWebIdentityCredentials. */
export const dotnet: Recogniser = {
  name: 'AWS SDK for .NET',
  phrases: [
    ['Unable to get IAM security credentials from EC2 Instance Metadata Service', 'no-credentials'],
    ['Failed to resolve AWS credentials', 'no-credentials'],
    ['Unable to find credentials', 'no-credentials'],
    ['AWSSDK.SecurityToken could not be found or loaded', 'sts-module-missing'],
    ['Assembly AWSSDK.SecurityToken', 'sts-module-missing'],
    ['No RegionEndpoint or ServiceURL configured', 'region-missing'],
    ['RegionEndpoint or ServiceURL', 'region-missing'],
    ['Error calling AssumeRole for role', 'web-identity-failed'],
  ],
  read(paste, found) {
    for (const match of matchesOf(paste.text, /Error\s+calling\s+AssumeRole\s+for\s+role\s+(arn:\S{10,260})/g)) {
      const at = match.index + match[0].length - match[1]!.length;
      const readings = roleReadings(paste, match[1]!, at, "the SDK's message");
      if (readings.length > 0)
        found.observe({
          carrier: 'text',
          paste: paste.paste,
          offset: paste.at(match.index),
          readings: [...readings, read(paste, 'mechanism', 'irsa', match.index, "the SDK's message", 'derived')],
        });
    }
  },
};
