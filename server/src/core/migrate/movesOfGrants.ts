import type { ServiceAccountFact } from '../model/facts';
import { literal, plain } from '../text/texts';
import { shownRoleName } from '../trust/roleText';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';
import { clusterOf } from './clusters';
import { requestFor, shownName, type Found } from './move';
import type { MigrationRequest } from './port';
import { ownPart, policyOf, statementsOf } from './rolePolicy';

/** The move of an account that has its role by an association alone. */
export function ofGrant(
  wiring: Wiring,
  grant: Grant,
  account: ServiceAccountFact | undefined,
  { cluster: given }: MigrationRequest,
): Found {
  const { namespace, serviceAccount: name, association } = grant;
  const policy = policyOf(grant.ties, grant.reference, wiring);
  const uris = [association?.doc.uri, account?.doc.uri, ...policy.facts.map(({ doc }) => doc.uri)].filter((uri) => uri !== undefined);
  const named = { namespace: plain(namespace), name: plain(name) };
  const cluster = clusterOf(wiring, { uris, policy: ownPart(policy, named), named: grant.cluster.name, given });
  const request = requestFor(namespace, name, cluster, literal(grant.roleArn?.account), policy);
  return {
    ...statementsOf(policy, request, named),
    namespace,
    name,
    named,
    shown: shownName(namespace, name),
    ...(account ? { account } : {}),
    grants: [grant],
    role: grant.role ? shownRoleName(grant.role) : "the association's role",
    policy,
    cluster: { ...cluster, ...grant.cluster },
    request,
    workloads: grant.workloads,
  };
}
