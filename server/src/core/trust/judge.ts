import type { PolicyDocument } from '../model/policy';
import type { Request, Verdict } from './verdict';

/**
 * What STS (or EKS, for Pod Identity) would answer to a request for a role with this trust policy.
 * Total: any document and any request give a verdict.
 */
export function judge(policy: PolicyDocument, request: Request): Verdict {
  void policy;
  void request;
  return { decision: 'unknown', trace: [], assumptions: [] };
}
