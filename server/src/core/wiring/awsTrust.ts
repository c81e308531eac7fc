import type { AwsRole } from '../model/aws';
import { trustPolicyUri } from '../model/awsUri';
import type { TrustPolicyFact } from '../model/facts';
import { policyFromText } from '../readers/policyDocument';
import { concernsOf } from '../readers/trustPolicyConcerns';
import { shownDocument } from '../snapshot/documents';

/**
 * A role's trust policy as a fact like those of files. Its spans count in `text`, which is the policy with line breaks;
 * its document is read-only. Undefined where the policy is not known.
 */
export function readAwsTrust(role: AwsRole): { text: string; fact: TrustPolicyFact } | undefined {
  if (role.trustPolicy === undefined) return undefined;
  const text = shownDocument(role.trustPolicy);
  const policy = policyFromText(text);
  return {
    text,
    fact: {
      kind: 'trustPolicy',
      doc: { uri: trustPolicyUri(role.arn), index: 0, start: 0 },
      span: policy.span,
      policy,
      concerns: concernsOf(policy),
    },
  };
}
