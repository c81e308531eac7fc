import type { Place } from '../syntax/sourceFile';
import { movesInSteps, type Move } from './moves';
import { workloadsOf } from './next';
import type { MigrationHost, MigrationRequest } from './port';
import { unlinkedPackages } from './packages/unlinked';
import { reasonsOf } from './reasons/registry';
import { missingOf, standingOf, stateOf, type Standing } from './standing';
import { runStep, type Refusal } from './step';
import { finished, type Steps } from './slices';
import type { AccountPlan, Direction, MigrationPlan, MigrationReason } from './types';

/**
 * What can move, what can't and why, and what isn't known, for each account of the request. The first step is tried on
 * copies of the texts, so that what it would refuse is in the plan. Never throws for any text.
 */
export function plan(host: MigrationHost, request: MigrationRequest): MigrationPlan {
  return finished(planning(host, request));
}

/** The same in steps, so that others need not wait: of a workspace that has changed between two of them, nothing it gives holds. */
export function* planning(host: MigrationHost, request: MigrationRequest): Steps<MigrationPlan> {
  const moves = yield* movesInSteps(host.view, request);
  const { refusals } = yield* runStep(moves, { host, request: { ...request, step: 'expand' }, pending: [] });
  const tried = new Map(refusals.map((refusal) => [refusal.move, refusal]));
  const accounts = new Map<string, AccountPlan>();
  for (const move of moves) {
    yield;
    const account = accountPlan(move, host, request, tried.get(move));
    // One text that is deployed several times says the same several times.
    accounts.set(JSON.stringify(account), account);
  }
  const { direction } = request;
  const told = withoutNameless([...accounts.values()]);
  return {
    direction,
    accounts: told,
    packages: unlinkedPackages(host, told, direction),
    unreadPackageFiles: host.packages.unread,
  };
}

/**
 * The rows but those of an unknown cluster whose very text is in another row with its cluster: a module may be read from its own
 * folder, too, where no caller gives the cluster's name.
 */
function withoutNameless(accounts: readonly AccountPlan[]): AccountPlan[] {
  const keyOf = ({ shown, role }: AccountPlan, place: AccountPlan['places'][number]): string => JSON.stringify([shown, role, place]);
  const named = new Set(
    accounts.filter(({ cluster }) => cluster !== undefined).flatMap((each) => each.places.map((at) => keyOf(each, at))),
  );
  const isTold = (each: AccountPlan): boolean => each.places.length > 0 && each.places.every((at) => named.has(keyOf(each, at)));
  return accounts.filter((account) => account.cluster !== undefined || !isTold(account));
}

function accountPlan(move: Move, host: MigrationHost, { direction }: MigrationRequest, refused: Refusal | undefined): AccountPlan {
  const standing = standingOf(move);
  const state = stateOf(standing, direction);
  const reasons: MigrationReason[] =
    state === 'done' ? [...doneNotes(move, standing, direction)] : [...reasonsOf({ move, standing, direction, host })];
  if (refused && !reasons.some(({ effect }) => effect !== 'note') && state === 'not-started') {
    const { code, reason: message, effect = code === 'not-proven' ? 'unknown' : 'stops' } = refused;
    // No other role takes its place then.
    reasons.splice(0, reasons.length, ...reasons.filter((each) => each.code !== 'new-role'));
    reasons.push({ code, effect, message });
  }
  const missing = state === 'moving' ? missingOf(standing, direction) : undefined;
  const outcome = reasons.some(({ effect }) => effect === 'stops')
    ? 'cannot-move'
    : reasons.some(({ effect }) => effect === 'unknown')
      ? 'unknown'
      : 'can-move';
  return {
    namespace: move.namespace,
    serviceAccount: move.name,
    shown: move.shown,
    role: move.role,
    ...(move.cluster.name === undefined ? {} : { cluster: move.cluster.name }),
    state,
    ...(missing ? { missing } : {}),
    outcome,
    reasons,
    places: placesOf(move),
    workloads: workloadsOf([move]),
  };
}

/** What is wrong with the mechanism that an account uses already. */
function* doneNotes({ shown, role, policy }: Move, { irsa, pods }: Standing, direction: Direction): Generator<MigrationReason> {
  const [fact] = policy.facts;
  const toPods = direction === 'to-pod-identity';
  if (!fact || (toPods ? pods : irsa) !== 'denied') return;
  const how = toPods ? 'EKS Pod Identity' : 'IRSA';
  yield {
    code: 'denied-now',
    effect: 'note',
    message: `The trust policy of ${role} doesn't allow ${shown} by ${how} now. See Explain Access for the cause.`,
    at: { doc: fact.doc, span: fact.span },
  };
}

function placesOf({ chain, account, policy, grants }: Move): { label: string; at: Place }[] {
  const places: { label: string; at: Place }[] = [];
  // An entry of eksctl has no annotation of its own: eksctl writes it in the cluster.
  if (chain)
    places.push({
      label: chain.account.eksctl ? 'service account' : 'annotation',
      at: { doc: chain.request.doc, span: chain.request.span },
    });
  else if (account) places.push({ label: 'service account', at: { doc: account.doc, span: account.head } });
  const [fact] = policy.facts;
  if (fact && policy.kind !== 'made') places.push({ label: 'trust policy', at: { doc: fact.doc, span: fact.span } });
  // A module's text may be read from its own folder and from a caller's: it is one place.
  const told = new Set<string>();
  for (const { association } of grants) {
    if (!association) continue;
    const { doc, head } = association;
    const key = `${doc.uri} ${doc.start + head.start}`;
    if (!told.has(key)) places.push({ label: 'association', at: { doc, span: head } });
    told.add(key);
  }
  return places;
}
