import type { TrustPolicyFact } from '../../model/facts';
import type { Edit } from '../../rules/rule';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { Move } from '../moves';
import type { MigrationHost, StepRequest } from '../port';
import type { Standing } from '../standing';
import type { FileChange } from '../types';

/** An account that a step is asked to move, and where it stands. */
export interface Candidate {
  readonly move: Move;
  readonly standing: Standing;
}

/** Accounts of one role's trust policy: what is done for them is done at once, and proven at once. */
export interface RoleGroup {
  readonly candidates: readonly [Candidate, ...Candidate[]];
}

export interface StepContext {
  readonly host: MigrationHost;
  readonly request: StepRequest;
  /** What the step writes into Terraform folders, so that no name is given twice. */
  readonly pending: SourceDocument[];
}

/** What a step does for the accounts of one role: all of it, or nothing. */
export interface Part {
  readonly candidates: readonly Candidate[];
  readonly edits: readonly Edit[];
  readonly creates: FileChange['creates'];
  /** Pieces of a shell script, each of which makes sense by itself: of two that are equal one is left out. */
  readonly script: readonly string[];
  /** A trust policy that AWS alone has, before and after; its change is in the script. */
  readonly inAws?: { readonly before: TrustPolicyFact; readonly after: TrustPolicyFact };
  /** Calls of Terraform modules: the role of one takes the place of the other's, which these places give to others. */
  readonly replaced?: { readonly from: string; readonly to: string; readonly uses: readonly string[] };
  /** Why the old role stays in this step, though its annotations leave: a sentence. */
  readonly stays?: string;
}

/** What came of a group: a part, and the accounts that are left as they are. */
export interface Outcome {
  readonly part?: Part;
  readonly refused: readonly { readonly candidate: Candidate; readonly reason: string }[];
}

/** A step of one mechanism, for the accounts of one role. */
export type PartMaker = (group: RoleGroup, context: StepContext) => Outcome;

/** The outcome where none of a group's accounts is changed, for one reason. */
export function refusedAll({ candidates }: RoleGroup, reason: string): Outcome {
  return { refused: candidates.map((candidate) => ({ candidate, reason })) };
}

export const emptyPart = { edits: [], creates: [], script: [] } as const;

/** Candidates by their role: those of one trust policy together, each one else by itself. */
export function groupsOf(candidates: readonly Candidate[]): RoleGroup[] {
  const groups = new Map<string, [Candidate, ...Candidate[]]>();
  for (const [i, candidate] of candidates.entries()) {
    const [fact] = candidate.move.policy.facts;
    const key = fact ? `${fact.doc.uri} ${fact.doc.index} ${fact.span.start}` : `alone ${i}`;
    const group = groups.get(key);
    if (group) group.push(candidate);
    else groups.set(key, [candidate]);
  }
  return [...groups.values()].map((group) => ({ candidates: group }));
}
