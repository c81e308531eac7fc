import { agreedVerdict } from './candidates';
import { judge } from './judge';
import { candidateProviders } from './providers';
import type { Verdict, WebIdentityRequest } from './verdict';
import type { AnnotationFact } from '../model/facts';
import { issuerKind } from '../model/issuer';
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
    ...(chain.identified ? { identified: chain.identified } : {}),
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

/** What the trace calls an issuer that no file tells. */
const clusterIssuer = "the cluster's OIDC provider";

/** True where every provider that a policy names issues other tokens than pods'. */
function isForOthersAlone(policy: PolicyDocument): boolean {
  const providers = candidateProviders(policy);
  return (
    providers.length > 0 && providers.every(({ issuer }) => literal(issuer) !== undefined && issuerKind(issuer.value) === 'known-other')
  );
}

function policyVerdict(policy: PolicyDocument, chain: Chain): Verdict {
  const asked = requestOf(chain);
  // No pod's token comes from GitHub or its like, whatever else is not known of the cluster.
  const request = asked.issuer === undefined && isForOthersAlone(policy) ? { ...asked, issuer: clusterIssuer } : asked;
  const verdict = judge(policy, request);
  if (!audienceIsUnknown(chain)) return verdict;
  const other = judge(policy, { ...request, audience: someAudience });
  if (other.decision === verdict.decision) return verdict;
  return {
    decision: 'unknown',
    get trace() {
      return verdict.trace;
    },
    assumptions: [...verdict.assumptions, 'The audience is the default one, because the annotation contains a placeholder.'],
  };
}

function audienceIsUnknown(chain: Chain): boolean {
  return (audienceOf(chain)?.value?.holes.length ?? 0) > 0;
}
