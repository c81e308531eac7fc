import { asksForRole } from '../trust/access';
import type { TrustPolicyFact } from '../model/facts';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import { annotatedWithRole } from './mayBe';
import { isExample, type Found, type Move } from './move';
import { ofChain, unnamedAssociations } from './movesOfChains';
import { ofGrant } from './movesOfGrants';
import { ofPolicies } from './movesOfPolicies';
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
  for (const chain of wiring.chains()) {
    if (seen.has(chain) || !asksForRole(chain) || isExample(wiring, chain.account.doc.uri)) continue;
    seen.add(chain);
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
  return withOthers(moves, wiring)
    .filter((move) => isAskedFor(move, request))
    .sort(byName);
}

/** What is filled in once all moves are found. */
type Later = { beside: Move[]; perhapsBy?: Chain; perhapsOf?: TrustPolicyFact };

/** Joins the moves of one name: an account has one role by EKS Pod Identity in a cluster, and may have operators that need its token. */
function withOthers(found: readonly Found[], wiring: Wiring): Move[] {
  const moves = found.map((each): Move & Later => ({ ...each, beside: [] }));
  const byAccount = new Map<string, typeof moves>();
  for (const move of moves) {
    if (move.namespace === undefined || move.name === undefined) continue;
    const same = byAccount.get(move.shown);
    if (same) same.push(move);
    else byAccount.set(move.shown, [move]);
  }
  for (const same of byAccount.values()) {
    const others = [...same.filter(({ chain }) => chain), ...same.filter(({ chain }) => !chain)].slice(0, mostOfOneName);
    for (const move of same) {
      for (const other of others) if (other !== move && areTogether(move, other, wiring)) move.beside.push(other);
      for (const other of annotatedWithRole(move, others)) {
        if (other.chain) move.perhapsBy ??= other.chain;
        other.perhapsOf ??= move.policy.facts[0];
      }
    }
  }
  return moves;
}

/** Each of many moves of one name is compared with the first ones of them only: with each other it would grow with the square. */
const mostOfOneName = 30;

function areTogether(a: Found, b: Found, wiring: Wiring): boolean {
  if (a.cluster.name !== undefined && b.cluster.name !== undefined && a.cluster.name !== b.cluster.name) return false;
  const [x, y] = [a.account ?? a.policy.facts[0], b.account ?? b.policy.facts[0]];
  return x !== undefined && y !== undefined && wiring.together(x, y);
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
