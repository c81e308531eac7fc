import { agreedVerdict } from './candidates';
import { judge } from './judge';
import type { Verdict, WebIdentityRequest } from './verdict';
import type { AnnotationFact } from '../model/facts';
import type { PolicyDocument } from '../model/policy';
import { literal, trim } from '../text/texts';
import type { Chain } from '../wiring/chain';

/** An audience that no policy names: what a token may carry when no file tells. */
const someAudience = 'unknown.audience.invalid';

/** The request that a chain's pods make of STS, as far as files tell it. */
export function requestOf(chain: Chain): WebIdentityRequest {
  const account = literal(chain.roleArn?.account);
  const partition = literal(chain.roleArn?.partition);
  const audience = audienceOf(chain)?.value;
  const told = audience && literal(trim(audience));
  return {
    mechanism: 'irsa',
    namespace: chain.namespace,
    serviceAccount: chain.name,
    ...(account !== undefined && /^\d{12}$/.test(account) ? { roleAccount: account } : {}),
    ...(partition ? { rolePartition: partition } : {}),
    ...(chain.issuer ? { issuer: chain.issuer } : {}),
    ...(told ? { audience: told } : {}),
    // Whether a provider takes an audience that no file tells is unknown.
    ...(chain.clientIds && !audienceIsUnknown(chain) ? { clientIds: chain.clientIds } : {}),
  };
}

/** The annotation by which a chain's pods ask for an audience. */
export function audienceOf(chain: Chain): AnnotationFact | undefined {
  return chain.audience === undefined ? chain.account.audience : (chain.audience ?? undefined);
}

/**
 * What the role's trust policy answers to a chain's pods, whether or not an association overrides the annotation, and
 * whether or not the role exists: see accessOf. Undefined where no policy is known.
 */
export function chainVerdict(chain: Chain): Verdict | undefined {
  return agreedVerdict(chain.ties, (policy) => policyVerdict(policy, chain), chain.reference);
}

function policyVerdict(policy: PolicyDocument, chain: Chain): Verdict {
  const request = requestOf(chain);
  const verdict = judge(policy, request);
  if (!audienceIsUnknown(chain)) return verdict;
  const other = judge(policy, { ...request, audience: someAudience });
  if (other.decision === verdict.decision) return verdict;
  const { error: _error, ...rest } = verdict;
  return {
    ...rest,
    decision: 'unknown',
    assumptions: [...verdict.assumptions, 'The audience annotation holds a placeholder: the trace is for the default audience.'],
  };
}

function audienceIsUnknown(chain: Chain): boolean {
  return (audienceOf(chain)?.value?.holes.length ?? 0) > 0;
}
