/** Public modules whose arguments are read, by what they are for. */
export type KnownModule =
  | 'irsa'
  | 'irsa-6'
  | 'oidc-role'
  | 'cloudposse-role'
  | 'blueprints-addon'
  | 'blueprints-addons'
  | 'blueprints-irsa'
  | 'pod-identity'
  | 'karpenter'
  | 'eks';

/** Their sources: in the registry, and as Git addresses. */
const sources: Readonly<Record<KnownModule, RegExp>> = {
  irsa: /(^|\/)(terraform-aws-modules\/iam\/aws|terraform-aws-iam(\.git)?)\/\/modules\/iam-role-for-service-accounts-eks\/?(\?|$)/,
  'irsa-6': /(^|\/)(terraform-aws-modules\/iam\/aws|terraform-aws-iam(\.git)?)\/\/modules\/iam-role-for-service-accounts\/?(\?|$)/,
  'oidc-role': /(^|\/)(terraform-aws-modules\/iam\/aws|terraform-aws-iam(\.git)?)\/\/modules\/iam-assumable-role-with-oidc\/?(\?|$)/,
  'cloudposse-role': /(^|\/)(cloudposse\/eks-iam-role\/aws|terraform-aws-eks-iam-role(\.git)?)\/?(\?|$)/,
  'blueprints-addon': /(^|\/)(aws-ia\/eks-blueprints-addon\/aws|terraform-aws-eks-blueprints-addon(\.git)?)\/?(\?|$)/,
  'blueprints-addons': /(^|\/)(aws-ia\/eks-blueprints-addons\/aws|terraform-aws-eks-blueprints-addons(\.git)?)\/?(\?|$)/,
  'blueprints-irsa': /terraform-aws-eks-blueprints(\.git)?\/\/modules\/irsa\/?(\?|$)/,
  'pod-identity': /(^|\/)(terraform-aws-modules\/eks-pod-identity\/aws|terraform-aws-eks-pod-identity(\.git)?)\/?(\?|$)/,
  karpenter: /(^|\/)(terraform-aws-modules\/eks\/aws|terraform-aws-eks(\.git)?)\/\/modules\/karpenter\/?(\?|$)/,
  eks: /(^|\/)(terraform-aws-modules\/eks\/aws|terraform-aws-modules\/terraform-aws-eks(\.git)?)\/?(\?|$)/,
};

/** Which known module a source names. */
export function moduleOfSource(source: string): KnownModule | undefined {
  return (Object.keys(sources) as KnownModule[]).find((name) => sources[name].test(source));
}
