import type { Recogniser } from './recogniser';

/** What EKS answers to those who make associations: Terraform, eksctl, Crossplane, CloudFormation, the CLI. Source: botocore eks; public issues. */
export const eksApi: Recogniser = {
  name: 'EKS',
  phrases: [
    ['Trust policy of the role provided is invalid', 'association-role-invalid'],
    ['Cross-account pass role is not allowed', 'association-cross-account'],
    ['CreatePodIdentityAssociation, https response error', 'association-refused'],
    ['calling the CreatePodIdentityAssociation operation', 'association-refused'],
    ['pod identity is not supported', 'pod-identity-unsupported'],
    ['Pod Identity associations are not supported', 'pod-identity-unsupported'],
  ],
  read(paste, found) {
    const exists =
      /Association\s+already\s+exists:\s{1,4}a-[a-z0-9]{8,40}|ResourceInUseException:?\s{1,4}Association\s+already\s+exists/.exec(
        paste.text,
      );
    if (exists) found.symptom(paste, 'association-exists', exists.index, 'EKS');
  },
};
