import { shownRoleName } from '../../trust/roleText';
import { associationQuota } from '../limits';
import { isOfAddon } from '../addons';
import { isSame } from '../admissions';
import type { Move } from '../moves';
import { mayHaveRole } from '../mayBe';
import { doubtOfCluster } from '../otherFolder';
import type { MigrationReason } from '../types';
import { candidateProviders } from '../../trust/providers';
import type { Chain } from '../../wiring/chain';
import type { ReasonFinder } from './finder';

/** Associations that are there already. */
export const associationReasons: ReasonFinder = function* ({ move, standing, direction, host }) {
  const { otherRole } = standing;
  if (otherRole && direction === 'to-pod-identity') {
    const { association } = otherRole;
    yield {
      code: 'association-exists',
      effect: 'stops',
      message: `${move.shown} has an association with ${otherRole.role ? shownRoleName(otherRole.role) : 'another role'} already, which overrides the annotation. A service account has one association per cluster; remove one of the two first.`,
      ...(association ? { at: { doc: association.doc, span: association.head } } : {}),
    };
  }
  const doubts = direction === 'to-pod-identity' ? standing.associations.map((grant) => doubtOfCluster(grant, move, host)) : [];
  const [doubt] = doubts;
  const [first] = standing.associations;
  if (doubt !== undefined && doubts.every((each) => each !== undefined))
    yield {
      code: 'cluster-unknown',
      effect: 'note',
      message: `${doubt} Until then, IRSA isn't removed.`,
      ...(first?.association ? { at: { doc: first.association.doc, span: first.association.head } } : {}),
    };
  if (direction === 'to-pod-identity' && !move.chain && move.grants.length === 0) yield* otherRoles(move);
  if (direction === 'to-pod-identity' && move.chain && move.grants.length === 0) {
    yield* addonBeside(move, move.chain);
    yield* otherEntry(move, move.chain);
  }
  const { name, account, region } = move.cluster;
  if (direction !== 'to-pod-identity' || standing.associations.length > 0 || name === undefined) return;
  const there = host.view.wiring.aws
    ?.associations()
    .filter((each) => each.clusterName === name && (region === undefined || each.region === region));
  if (there && account !== undefined && there.length >= associationQuota)
    yield {
      code: 'quota',
      effect: 'note',
      message: `The cluster ${name} has ${there.length} associations; EKS's quota was ${associationQuota} per cluster when this was written. Check it in Service Quotas.`,
    };
};

/** An add-on's account that something else annotates, too: each would get an association, and EKS takes one. */
function* addonBeside({ beside, shown }: Move, chain: Chain): Generator<MigrationReason> {
  const other = beside.find((each) => each.chain && !each.account?.requestedBy && isOfAddon(each.chain) !== isOfAddon(chain));
  if (!other?.chain) return;
  yield {
    code: 'association-exists',
    effect: 'unknown',
    message: `An EKS add-on and ${(chain.account.eksctl ?? other.chain.account.eksctl) ? 'iam.serviceAccounts' : 'an annotation'} both give ${shown} a role. A service account has one association per cluster; remove one of the two first.`,
    at: { doc: other.chain.request.doc, span: other.chain.request.span },
  };
}

/** An account that two files of eksctl have for one cluster: each entry would become an association, and EKS takes one. */
function* otherEntry({ beside, shown, cluster }: Move, { account }: Chain): Generator<MigrationReason> {
  if (account.eksctl !== 'entry' || cluster.name === undefined) return;
  const other = beside.find(
    (each) => each.account?.eksctl === 'entry' && each.account.doc !== account.doc && each.cluster.name === cluster.name,
  );
  if (!other?.account) return;
  yield {
    code: 'association-exists',
    effect: 'unknown',
    message: `Another eksctl file has ${shown} in cluster ${cluster.name}, too. A service account has one association per cluster: move one of the files alone, or remove one of the two entries first.`,
    at: { doc: other.account.doc, span: other.account.head },
  };
}

/** Other roles of an account that only a trust policy names: its association would be the one role that its pods get. */
function* otherRoles(move: Move): Generator<MigrationReason> {
  const [own] = move.policy.facts;
  // Of a policy whose role is unknown nothing is written.
  if (!own?.roleName && !own?.roleArn && !own?.roleIds?.length && !move.knownBy) return;
  for (const { chain, account, role, policy } of move.beside) {
    const [fact] = policy.facts;
    // Not another one, for all that the files tell.
    if (chain && policy.kind === 'unknown' && own && mayHaveRole(chain, own)) continue;
    const isAnnotated = chain !== undefined && !account?.requestedBy;
    if (!isAnnotated && (chain || !haveOneProvider(move, policy))) continue;
    yield {
      code: 'association-exists',
      effect: 'unknown',
      message: isAnnotated
        ? `The annotation of ${move.shown} has ${theRole(role)}. An association with ${move.role} would override it. Correct the annotation or the trust policy first.`
        : `The trust policy of ${role} names ${move.shown}, too. A service account has one association per cluster; remove the service account from one of the two first.`,
      ...(chain
        ? { at: { doc: chain.request.doc, span: chain.request.valueSpan } }
        : fact
          ? { at: { doc: fact.doc, span: fact.span } }
          : {}),
    };
    return;
  }
}

/** Whether two policies are for one cluster: the same issuer, written in the same way. */
function haveOneProvider({ policy: { facts } }: Move, { facts: others }: Move['policy']): boolean {
  const [own, theirs] = [facts, others].map(([fact]) => (fact ? candidateProviders(fact.policy) : []));
  return own!.some(({ issuer }) =>
    theirs!.some((other) => issuer !== undefined && other.issuer !== undefined && isSame(issuer, other.issuer)),
  );
}

/** A role without a name is described by its words: `role created by eksctl`. */
function theRole(role: string): string {
  return role.startsWith('role ') ? `the ${role}` : `the role ${role}`;
}
