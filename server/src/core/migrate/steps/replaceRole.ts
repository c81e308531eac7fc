import { folderOf } from '../../readers/terraform/modules/folders';
import type { Edit } from '../../rules/rule';
import type { SourceDocument } from '../../syntax/sourceFile';
import { isOfAddon } from '../addons';
import { documentOf } from '../spelling';
import type { MovedAccount } from '../types';
import { emptyPart, refusedAll, type Candidate, type Outcome, type StepContext } from './part';

/** An account of a role that is to be replaced. */
export interface TakenAccount {
  readonly candidate: Candidate;
  readonly account: MovedAccount;
  /** Edits that make what the account's spelling names. */
  readonly given: readonly Edit[];
}

/**
 * Expand, where the role's module takes no further statements: another role with the same policies is written beside it, with the
 * associations of these accounts. Nothing is changed in the old role.
 */
export function replaceRole(
  taken: readonly [TakenAccount, ...TakenAccount[]],
  siblings: (document: SourceDocument) => readonly SourceDocument[],
  { host, pending }: StepContext,
): Outcome {
  const candidates = taken.map(({ candidate }) => candidate) as [Candidate, ...Candidate[]];
  const [first] = candidates;
  const [fact] = first.move.policy.facts;
  const document = fact && documentOf(fact, host.source);
  const call = fact && document && host.editors.replacedCall(fact, document);
  if (!fact || !document || !call) return refusedAll({ candidates }, "The text of the role's trust policy isn't at hand.");
  const addons = candidates.filter(({ move }) => move.chain && isOfAddon(move.chain));
  if (addons.length > 0 && candidates.length > 1)
    return refusedAll({ candidates }, 'An EKS add-on and other service accounts share this role: give the add-on a role of its own.');
  const accounts = [...new Map(taken.map(({ account }) => [JSON.stringify(account), account])).values()];
  const others = [...siblings(document), ...pending.filter(({ ref }) => folderOf(ref.uri) === folderOf(document.ref.uri))];
  const made = host.editors.replaceRole(fact, document, others, accounts, addons.length === 0);
  if ('refused' in made) return refusedAll({ candidates }, made.refused);
  const edits: Edit[] = [...made.made.edits, ...taken.flatMap(({ given }) => given)];
  for (const { move } of addons) {
    const own = documentOf(move.chain!.request, host.source);
    const addon = own && host.editors.moveAddon(move.chain!.account, own, { call: { from: call.label, to: made.made.call } });
    if (!addon || 'refused' in addon) return refusedAll({ candidates }, addon?.refused ?? "The add-on's text isn't at hand.");
    edits.push(...addon.made);
  }
  const replaced = { from: call.label, to: made.made.call, uses: made.made.uses };
  return { part: { ...emptyPart, candidates, edits, replaced }, refused: [] };
}
