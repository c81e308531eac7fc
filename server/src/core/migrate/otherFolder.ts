import { literal } from '../text/texts';
import { doubtOf } from '../trust/otherMechanism';
import type { Grant } from '../wiring/grants';
import type { Wiring } from '../wiring/wiring';
import { podIssuers } from './clusters';
import type { Move } from './moves';
import type { MigrationHost } from './port';
import { isOfItsRole } from './sameCluster';

/**
 * Why it is unknown whether an association is that of an annotated account: nothing ties their folders to one cluster, nor does
 * the issuer that the role trusts. The verdict has IRSA in effect then, and IRSA must not leave. Sentences; undefined where it is known.
 */
export function doubtOfCluster(grant: Grant, move: Move, host: MigrationHost): string | undefined {
  if (!grant.sure || !move.chain?.perhapsOverriddenBy?.includes(grant)) return undefined;
  return isOfTrustedIssuer(grant, move, host.view.wiring) || isOfItsRole(grant, move, host) ? undefined : doubtOf(grant);
}

/** Whether the one provider that the role trusts is that of the association's cluster, by pod-roles.yaml or AWS. */
function isOfTrustedIssuer({ association, cluster }: Grant, { policy, providers }: Move, { settings, aws }: Wiring): boolean {
  const [fact] = policy.facts;
  const name = cluster.name ?? literal(association?.clusterName);
  const [issuer] = fact && providers === 1 ? podIssuers(fact) : [];
  if (name === undefined || issuer === undefined) return false;
  const names = settings.clusters.flatMap((each) => (each.issuer === issuer ? each.name : []));
  return (names.length > 0 ? names : [aws?.clusterWithIssuer(issuer)?.name]).every((each) => each === name);
}
