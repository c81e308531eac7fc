/** What each element of a trust policy is for: completion and hover say the same. Source: IAM user guide, JSON policy elements. */
export const policyElements: Readonly<Record<string, string>> = {
  Version:
    'The version of the policy language. With `2012-10-17`, `${…}` in values is a policy variable; without it, or with `2008-10-17`, it is plain text.',
  Id: 'A name for the policy; optional.',
  Statement: 'The statements of the policy. A role can be assumed if one Allow matches and no Deny does.',
  Sid: 'A name for the statement: letters and digits; optional, unique in the document.',
  Effect: '`Allow` or `Deny`, spelled exactly so. A Deny that matches overrides every Allow.',
  Principal: 'Who calls: an OIDC provider under `Federated`, or EKS Pod Identity under `Service`.',
  NotPrincipal: 'Everyone except these. IAM rejects it in trust policies.',
  Action:
    'The action that the caller calls: `sts:AssumeRoleWithWebIdentity` with a token (IRSA); `sts:AssumeRole` and `sts:TagSession` for EKS Pod Identity.',
  NotAction: 'Every action but these.',
  Condition: 'Conditions on the token or the session tags: all operators and all keys must match; for each key, one of its values.',
  Federated: "The ARN of the cluster's OIDC provider, in the role's own account.",
  Service: 'An AWS service. EKS Pod Identity is `pods.eks.amazonaws.com`.',
  AWS: 'AWS accounts, roles and users. No pod with a token is one.',
  CanonicalUser: 'An AWS account by its canonical user ID. No pod is one.',
};
