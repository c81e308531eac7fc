import { judge } from './judge';
import type { Verdict } from './verdict';
import { literal } from '../text/texts';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';

/** What EKS Pod Identity answers for an association with its role's first policy; undefined where none is known. */
export function grantVerdict(grant: Grant): Verdict | undefined {
  const policy = grant.ties[0]?.policy.policy;
  if (!policy) return undefined;
  const account = literal(grant.roleArn?.account);
  const partition = literal(grant.roleArn?.partition);
  return judge(policy, {
    mechanism: 'pod-identity', namespace: grant.namespace, serviceAccount: grant.serviceAccount,
    // An association takes roles of its cluster's own account.
    ...(account !== undefined && /^\d{12}$/.test(account) ? { roleAccount: account, account } : {}),
    ...(partition ? { rolePartition: partition } : {}),
    ...(grant.clusterName === undefined ? {} : { clusterName: grant.clusterName }),
    ...(grant.sessionTagsDisabled ? { sessionTagsDisabled: true } : {}),
  });
}

/**
 * Containers that set the variables of web identity themselves: for them the SDKs take the token's role before that of
 * the association. Source: botocore credentials.py; the SDKs for Java, Go and JavaScript, default credential providers.
 */
export function webIdentityByHand({ workloads }: Pick<Chain, 'workloads'>): { readonly workload: Chain['workloads'][number]; readonly container: string }[] {
  return workloads.flatMap((workload) => workload.containers.flatMap((container) => {
    const names = new Set(container.env.map(({ name }) => name.value));
    return names.has('AWS_ROLE_ARN') && names.has('AWS_WEB_IDENTITY_TOKEN_FILE') ? [{ workload, container: container.name?.value ?? '' }] : [];
  }));
}
