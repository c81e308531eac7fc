import { parseRoleArn } from '../model/arn';
import type { TrustPolicyFact } from '../model/facts';
import { roleArnProblem } from '../model/roleArnProblem';
import { literal } from '../text/texts';
import type { Chain } from '../wiring/chain';
import { contradicts } from '../wiring/policyIndex';
import type { Wiring } from '../wiring/wiring';
import { annotatedWithRole } from './mayBe';
import { isProviderUnwritten, shownName, type Found, type Move } from './move';

/** Whether an annotation's value is a placeholder that no file fills in: `${role_arn}` of a template. */
export function isUnfilled({ namespace, name, roleArn, reference, request: { value } }: Chain): boolean {
  return (
    namespace !== undefined &&
    name !== undefined &&
    roleArn === undefined &&
    reference === undefined &&
    value !== undefined &&
    roleArnProblem(value) === undefined
  );
}

/** What is filled in once all moves are found. */
type Later = { beside: Move[]; perhapsBy?: Chain; perhapsOf?: TrustPolicyFact; rivalCluster?: string };

/**
 * Joins the moves of one name: an account has one role by EKS Pod Identity in a cluster, and may have operators that need its token.
 * @param unfilled annotations whose value is a placeholder: they are of the moves of their accounts
 */
export function withOthers(found: readonly Found[], unfilled: readonly Chain[], wiring: Wiring): Move[] {
  const moves = found.map((each): Move & Later => ({ ...each, beside: [] }));
  const placeholders = new Map(unfilled.map((chain) => [shownName(chain.namespace, chain.name), chain]));
  const byAccount = new Map<string, typeof moves>();
  const byRole = policiesByRole(found);
  for (const move of moves) {
    const { roleArn, reference, ties } = move.chain ?? {};
    const elsewhere = roleArn && !reference && ties?.length === 0 ? byRole.get(literal(roleArn.name) ?? '') : undefined;
    if (elsewhere && roleArn && !contradicts(elsewhere, roleArn)) move.perhapsOf = elsewhere;
    if (move.namespace === undefined || move.name === undefined) continue;
    const same = byAccount.get(move.shown);
    if (same) same.push(move);
    else byAccount.set(move.shown, [move]);
  }
  for (const same of byAccount.values()) {
    const others = [...same.filter(({ chain }) => chain), ...same.filter(({ chain }) => !chain)].slice(0, mostOfOneName);
    for (const move of same) {
      for (const other of others) if (other !== move && areTogether(move, other, wiring)) move.beside.push(other);
      const rival = isProviderUnwritten(move.policy, move.named) ? others.find((other) => isOfOtherCluster(other, move)) : undefined;
      if (rival?.cluster.name !== undefined) move.rivalCluster = rival.cluster.name;
      for (const other of annotatedWithRole(move, others)) {
        if (other.chain) move.perhapsBy ??= other.chain;
        other.perhapsOf ??= move.policy.facts[0];
      }
      const placeholder = placeholders.get(move.shown);
      if (!move.chain && placeholder) move.perhapsBy ??= placeholder;
    }
  }
  return moves;
}

/** The trust policies in files whose document names their role, by its name: the first of each. */
function policiesByRole(moves: readonly Found[]): Map<string, TrustPolicyFact> {
  const found = new Map<string, TrustPolicyFact>();
  for (const { policy } of moves) {
    const [fact] = policy.facts;
    const name = literal(fact?.roleName ?? (fact?.roleArn && parseRoleArn(fact.roleArn)?.name));
    if (fact && name && policy.kind === 'file' && !found.has(name)) found.set(name, fact);
  }
  return found;
}

/** Each of many moves of one name is compared with the first ones of them only: with each other it would grow with the square. */
const mostOfOneName = 30;

/** Whether two annotations of different clusters request the role of one trust policy. */
function isOfOtherCluster(other: Found, { chain, policy, cluster }: Found): boolean {
  if (!chain || !other.chain || other.cluster.name === undefined || cluster.name === undefined) return false;
  return other.policy.facts[0] === policy.facts[0] && other.cluster.name !== cluster.name;
}

function areTogether(a: Found, b: Found, wiring: Wiring): boolean {
  if (a.cluster.name !== undefined && b.cluster.name !== undefined && a.cluster.name !== b.cluster.name) return false;
  const [x, y] = [a.account ?? a.policy.facts[0], b.account ?? b.policy.facts[0]];
  return x !== undefined && y !== undefined && wiring.together(x, y);
}
