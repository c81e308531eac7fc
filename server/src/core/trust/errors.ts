/** What a pod sees when STS refuses. Source: AWS CLI and boto3, see docs of the rules. */
export const irsaDenied =
  'An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity';
/** What a pod sees when the provider does not list the token's audience. */
export const audienceRefused = 'InvalidIdentityToken: Incorrect token audience';
/** What the Pod Identity agent answers. Source: eks-pod-identity-agent pkg/errors. */
export const podIdentityDenied =
  '(AccessDeniedException): Unauthorized Exception! EKS does not have permissions to assume the associated role.';
/** What STS answers where a role can't assume another one. Source: STS API, AssumeRole. */
export const roleDenied = 'AccessDenied: User is not authorized to perform: sts:AssumeRole';
