import { asksForRole } from '../trust/access';
import type { Chain } from '../wiring/chain';
import { isExample, type Found, type Move } from './move';
import { ofChain, unnamedAssociations } from './movesOfChains';
import { ofGrant } from './movesOfGrants';
import { ofPolicies } from './movesOfPolicies';
import { isUnfilled, withOthers } from './movesOfOneName';
import type { MigrationRequest, MigrationView } from './port';
import { ReplacedPolicies } from './replacedPolicies';
import type { Steps } from './slices';

export type { Move, RolePolicy } from './move';

/** Every account that the files wire to a role, by annotation, by association or in a trust policy; sorted by name. */
export function* movesInSteps(view: MigrationView, request: MigrationRequest): Steps<Move[]> {
  const { wiring } = view;
  const moves: Found[] = [];
  const told = new Set<unknown>();
  const seen = new Set<Chain>();
  const unnamed = unnamedAssociations(wiring);
  const replaced = new ReplacedPolicies(wiring);
  const unfilled: Chain[] = [];
  for (const chain of wiring.chains()) {
    if (seen.has(chain) || isExample(wiring, chain.account.doc.uri)) continue;
    seen.add(chain);
    // What another program fills in tells no role, with an association as without one: the policy or the association is the move.
    const fillsIn = request.direction === 'to-pod-identity' && isUnfilled(chain);
    if (fillsIn) unfilled.push(chain);
    if (fillsIn || !asksForRole(chain)) continue;
    yield;
    const move = ofChain(wiring, chain, request, unnamed);
    for (const { association } of move.grants) told.add(association);
    moves.push(move);
  }
  for (const account of wiring.accounts()) {
    yield;
    if (wiring.chainsThrough(account).length > 0 || isExample(wiring, account.doc.uri)) continue;
    for (const { namespace, name } of wiring.identitiesOf(account))
      for (const grant of wiring.grantsOf({ namespace, name, places: [account] })) {
        if (grant.association && (told.has(grant.association) || replaced.has(grant))) continue;
        told.add(grant.association);
        moves.push(ofGrant(wiring, grant, account, request));
      }
  }
  for (const grant of wiring.grants()) {
    const uri = grant.association?.doc.uri;
    yield;
    if (told.has(grant.association) || replaced.has(grant) || (uri !== undefined && isExample(wiring, uri))) continue;
    moves.push(ofGrant(wiring, grant, undefined, request));
  }
  for (const found of ofPolicies(wiring, [...moves], request)) {
    yield;
    moves.push(found);
  }
  return withOthers(moves, unfilled, wiring)
    .filter((move) => isAskedFor(move, request))
    .sort(byName);
}

function isAskedFor({ namespace, name, cluster }: Move, request: MigrationRequest): boolean {
  if (request.namespace !== undefined && namespace !== request.namespace) return false;
  if (request.cluster !== undefined && cluster.name !== undefined && cluster.name !== request.cluster) return false;
  return request.accounts?.some((each) => each.namespace === namespace && each.name === name) ?? true;
}

function byName(a: Move, b: Move): number {
  const compare = (x = '\uffff', y = '\uffff'): number => (x < y ? -1 : x > y ? 1 : 0);
  return compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(placeOf(a), placeOf(b));
}

function placeOf({ chain, policy, grants }: Move): string {
  const at = chain?.request ?? policy.facts[0] ?? grants[0]?.association;
  return at ? `${at.doc.uri} ${String(at.doc.start + at.span.start).padStart(10, '0')}` : '';
}
