import { cutYaml } from '../../documents/cut';
import { syntaxFaults, type SyntaxFaults } from '../../fixes/trees';
import type { TrustPolicyFact } from '../../model/facts';
import type { Tree } from '../../syntax/tree';
import type { PolicyDocument } from '../../model/policy';
import { namesExactly } from '../admissions';
import type { Move } from '../moves';
import type { MigrationHost } from '../port';
import { isSamePlace } from '../samePlace';
import type { Steps } from '../slices';
import type { Part, StepContext } from '../steps/part';
import type { MigrationReasonCode, StepProof } from '../types';
import { gapIn, prove, saysTheSame } from './prove';
import { PartIndex } from './partIndex';
import { policyPairs } from './pairs';
import { brokenPromise, type Failure } from './promises';
import { allowOnly, effectOf } from './statements';

/** What a trial of a step came to. */
export interface TrialResult {
  /** The parts that fail, and why. */
  readonly failed: ReadonlyMap<Part, Failure>;
  readonly proofs: readonly { readonly role: string; readonly proof: StepProof }[];
}

/**
 * Judges parts on the texts that they make together, as the real readers read them: that every document is read as well as
 * before, that no trust policy changed but for those who move, and that the accounts can assume their roles as promised.
 */
export function* tryParts(parts: readonly Part[], texts: ReadonlyMap<string, string>, { host, request }: StepContext): Steps<TrialResult> {
  const failed = new Map<Part, Failure>();
  const index = new PartIndex(parts);
  const blame = (part: Part, code: MigrationReasonCode, reason: string): void => {
    if (!failed.has(part)) failed.set(part, { code, reason });
  };
  for (const text of texts) {
    yield;
    const [uri] = text;
    if (!isTorn(text, host, effectOf(request.step, request.direction) === 'drop-pods')) continue;
    for (const part of index.writersOf(uri)) blame(part, 'policy-not-editable', 'The changed file could not be read as well as before.');
  }
  const view = texts.size === 0 ? host.view : yield* host.reread(texts);
  const pairs = policyPairs(host.view, view);
  const effect = effectOf(request.step, request.direction);
  const proofs: { role: string; proof: StepProof }[] = [];
  const { trustPolicyQuota } = host.view.wiring.settings;
  // What is added for another deployment's account of the same name takes nothing from it; what is taken away does.
  const isOwn = (move: Move, before: TrustPolicyFact): boolean =>
    isOf(move, before) || (request.step === 'expand' && isOfSameText(move, before));
  const judgeChange = (before: TrustPolicyFact, after: PolicyDocument): void => {
    const owners = index.about(before).filter(({ candidates }) => candidates.some(({ move }) => isOwn(move, before)));
    if (owners.length === 0) {
      for (const part of index.suspectsOf(before.doc.uri)) blame(part, 'policy-not-editable', othersToo);
      return;
    }
    for (const part of owners) {
      const moves = part.candidates.map(({ move }) => move).filter((move) => isOwn(move, before));
      const proven = prove({ before: before.policy, after, moves, effect }, host.includes);
      if ('wrong' in proven) {
        blame(part, 'policy-not-editable', proven.wrong);
        continue;
      }
      const gap = gapIn(proven.proof);
      if (gap && (gap.sure || request.unproven !== true)) blame(part, 'not-proven', gap.because);
      const [was, is] = [before.policy.quotaLength ?? 0, after.quotaLength ?? 0];
      if (is > trustPolicyQuota && is > was)
        blame(part, 'quota', `The trust policy of ${moves[0]!.role} would have ${is} characters; the quota is ${trustPolicyQuota}.`);
      proofs.push({ role: moves[0]!.role, proof: proven.proof });
    }
  };
  const loseDocument = (before: TrustPolicyFact): void => {
    const suspects = index.suspectsOf(before.doc.uri);
    const named = suspects.flatMap(({ candidates }) => candidates.flatMap(({ move }) => move.named ?? []));
    // A document that a module took beside its own statements goes with the statements that the step removes.
    const leaves = effect === 'drop-pods' ? 'to-pod-identity' : effect === 'drop-irsa' ? 'to-irsa' : undefined;
    if (leaves && before.policy.statements.length > 0 && allowOnly(before.policy.statements, before.policy, named, leaves)) return;
    for (const part of suspects) blame(part, 'policy-not-editable', 'A trust policy could no longer be read.');
  };
  for (const [before, after] of pairs.all) {
    yield;
    if (after && !saysTheSame(before.policy, after.policy)) judgeChange(before, after.policy);
    if (!after && !before.made) loseDocument(before);
  }
  for (const fact of pairs.added) {
    if (fact.made) continue;
    const suspects = index.suspectsOf(fact.doc.uri);
    const named = suspects.flatMap(({ candidates }) => candidates.flatMap(({ move }) => move.named ?? []));
    // A document that a module takes beside its own statements: it may name those who move, and no others.
    const isTheirs = request.step === 'expand' && allowOnly(fact.policy.statements, fact.policy, named, request.direction);
    if (!isTheirs) for (const part of suspects) blame(part, 'policy-not-editable', 'The change would make another trust policy.');
  }
  for (const { inAws } of parts) if (inAws) judgeChange(inAws.before, inAws.after.policy);
  for (const part of parts)
    for (const candidate of part.candidates) {
      yield;
      const broken = brokenPromise(candidate, part, pairs, view, effect);
      if (typeof broken === 'string') blame(part, 'not-proven', broken);
      else if (broken && !failed.has(part)) failed.set(part, broken);
    }
  return { failed, proofs };
}

const othersToo = "The same text makes trust policies of other roles, whose service accounts aren't part of this step. Move them together.";

/** Whether a policy is that of a move's role: the same fact, or the one that AWS has of the role. */
function isOf({ policy }: Move, fact: TrustPolicyFact): boolean {
  return policy.facts.some((each) => each === fact || (policy.kind === 'aws' && each.doc.uri === fact.doc.uri));
}

/** Whether a policy is another deployment's of the same text as that of a move's role, in which it names the very account. */
function isOfSameText({ policy, named }: Move, fact: TrustPolicyFact): boolean {
  return named !== undefined && policy.facts.some((each) => isSamePlace(each, fact)) && namesExactly(fact.policy, named);
}

/** Whether a file is read worse than before. `mayDrop`: a document that is an association leaves. */
function isTorn([uri, text]: readonly [uri: string, text: string], { source }: MigrationHost, mayDrop: boolean): boolean {
  const file = source(uri);
  const [first] = file?.documents ?? [];
  if (!file || !first) return false;
  const starts = file.syntax === 'yaml' && !file.documentation ? cutYaml(text) : [0];
  const before = faultsOf(file.documents.map((document) => document.tree()));
  const after = faultsOf(starts.map((start, i) => first.parse(text.slice(start, starts[i + 1]))));
  return (starts.length < file.documents.length && !mayDrop) || after.problems > before.problems || after.doubles > before.doubles;
}

function faultsOf(trees: readonly Tree[]): SyntaxFaults {
  let [problems, doubles] = [0, 0];
  for (const tree of trees) {
    const faults = syntaxFaults(tree);
    problems += faults.problems;
    doubles += faults.doubles;
  }
  return { problems, doubles };
}
