import { listed } from './listed';
import type { Part } from './steps/part';

/** What to do about roles that others take the place of: sentences for people. */
export function replacedSteps(parts: readonly Part[]): string[] {
  const stays = [...new Set(parts.flatMap((part) => part.stays ?? []))];
  if (stays.length > 0) return [...stays, 'Then run the contract step again.'];
  const replaced = parts.flatMap((part) => part.replaced ?? []);
  if (replaced.length === 0) return [];
  const uses = [...new Set(replaced.flatMap((each) => each.uses))];
  return [
    'Run terraform init: the module terraform-aws-modules/eks-pod-identity/aws may be new in this configuration.',
    `Terraform makes another role with the same policies: ${listed([...new Set(replaced.map(({ from, to }) => `module.${to} beside module.${from}`))])}. New pods get the new role. Add it wherever the old role's ARN is used, such as bucket policies, KMS key policies and trust policies of other roles.`,
    ...(uses.length > 0 ? [`Outputs give the old role to others: ${listed(uses)}. Change them before the contract step.`] : []),
  ];
}
