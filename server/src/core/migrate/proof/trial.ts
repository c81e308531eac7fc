import { cutYaml } from '../../documents/cut';
import { syntaxFaults, type SyntaxFaults } from '../../fixes/trees';
import type { TrustPolicyFact } from '../../model/facts';
import type { Tree } from '../../syntax/tree';
import type { PolicyDocument } from '../../model/policy';
import { judge } from '../../trust/judge';
import { namesAccount, namesExactly, podStatements } from '../admissions';
import type { Move } from '../moves';
import type { MigrationHost, MigrationView } from '../port';
import { isReplacementFor } from '../../trust/sameRole';
import { isReplaced, replacementPolicy } from '../replaced';
import { selectedByProfiles } from '../reasons/workloads';
import { podsAnswer } from '../standing';
import type { Candidate, Part, StepContext } from '../steps/part';
import type { MigrationReasonCode, StepProof } from '../types';
import { gapIn, prove, saysTheSame } from './prove';
import { policyPairs, type PolicyPairs } from './pairs';
import { allowOnly, effectOf } from './statements';

/** Why a part is not made. */
export interface Failure {
  readonly code: MigrationReasonCode;
  readonly reason: string;
}

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
export function tryParts(parts: readonly Part[], texts: ReadonlyMap<string, string>, { host, request }: StepContext): TrialResult {
  const failed = new Map<Part, Failure>();
  const blame = (part: Part, code: MigrationReasonCode, reason: string): void => {
    if (!failed.has(part)) failed.set(part, { code, reason });
  };
  for (const uri of torn(texts, host, effectOf(request.step, request.direction) === 'drop-pods'))
    for (const part of parts)
      if (touches(part, uri)) blame(part, 'policy-not-editable', 'The changed file could not be read as well as before.');
  const view = texts.size === 0 ? host.view : host.reread(texts);
  const pairs = policyPairs(host.view, view);
  const effect = effectOf(request.step, request.direction);
  const proofs: { role: string; proof: StepProof }[] = [];
  const { trustPolicyQuota } = host.view.wiring.settings;
  const judgeChange = (before: TrustPolicyFact, after: PolicyDocument): void => {
    const owners = parts.filter(({ candidates }) => candidates.some(({ move }) => isOf(move, before)));
    if (owners.length === 0) {
      for (const part of suspectsOf(parts, before.doc.uri)) blame(part, 'policy-not-editable', othersToo);
      return;
    }
    for (const part of owners) {
      const moves = part.candidates.map(({ move }) => move).filter((move) => isOf(move, before));
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
    const suspects = suspectsOf(parts, before.doc.uri);
    const named = suspects.flatMap(({ candidates }) => candidates.flatMap(({ move }) => move.named ?? []));
    // A document that a module took beside its own statements goes with the statements that the step removes.
    const leaves = effect === 'drop-pods' ? 'to-pod-identity' : effect === 'drop-irsa' ? 'to-irsa' : undefined;
    if (leaves && before.policy.statements.length > 0 && allowOnly(before.policy.statements, before.policy, named, leaves)) return;
    for (const part of suspects) blame(part, 'policy-not-editable', 'A trust policy could no longer be read.');
  };
  for (const [before, after] of pairs.all) {
    if (after && !saysTheSame(before.policy, after.policy)) judgeChange(before, after.policy);
    if (!after && !before.made) loseDocument(before);
  }
  for (const fact of pairs.added) {
    if (fact.made) continue;
    const suspects = suspectsOf(parts, fact.doc.uri);
    const named = suspects.flatMap(({ candidates }) => candidates.flatMap(({ move }) => move.named ?? []));
    // A document that a module takes beside its own statements: it may name those who move, and no others.
    const isTheirs = request.step === 'expand' && allowOnly(fact.policy.statements, fact.policy, named, request.direction);
    if (!isTheirs) for (const part of suspects) blame(part, 'policy-not-editable', 'The change would make another trust policy.');
  }
  for (const { inAws } of parts) if (inAws) judgeChange(inAws.before, inAws.after.policy);
  for (const part of parts)
    for (const candidate of part.candidates) {
      const broken = brokenPromise(candidate, part, pairs, view, effect);
      if (typeof broken === 'string') blame(part, 'not-proven', broken);
      else if (broken) blame(part, broken.code, broken.reason);
    }
  return { failed, proofs };
}

const othersToo = "The same text makes trust policies of other roles, whose service accounts aren't part of this step. Move them together.";

/**
 * Whether a policy is that of a move's role: the same fact, the one that AWS has of the role, or another deployment's of the
 * same text, in which that names the very account.
 */
function isOf({ policy, named }: Move, fact: TrustPolicyFact): boolean {
  const isSamePlace = ({ doc, span }: TrustPolicyFact): boolean =>
    doc.uri === fact.doc.uri && doc.index === fact.doc.index && span.start === fact.span.start;
  if (policy.facts.some((each) => each === fact || (policy.kind === 'aws' && each.doc.uri === fact.doc.uri))) return true;
  return named !== undefined && policy.facts.some(isSamePlace) && namesExactly(fact.policy, named);
}

function touches({ edits, creates }: Part, uri: string): boolean {
  return edits.some(({ doc }) => doc.uri === uri) || creates.some((file) => file.uri === uri);
}

/** The parts that may have changed what is read of a file: those that write in it, else in its folder, else in any file of Terraform. */
function suspectsOf(parts: readonly Part[], uri: string): readonly Part[] {
  const writers = parts.filter((part) => touches(part, uri));
  if (writers.length > 0 || !isTerraform(uri)) return writers;
  const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
  const inTerraform = parts.filter((part) => urisOf(part).some(isTerraform));
  const beside = inTerraform.filter((part) => urisOf(part).some((each) => each.slice(0, each.lastIndexOf('/') + 1) === folder));
  return beside.length > 0 ? beside : inTerraform;
}

function urisOf({ edits, creates }: Part): string[] {
  return [...edits.map(({ doc }) => doc.uri), ...creates.map((file) => file.uri)];
}

function isTerraform(uri: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(uri);
}

/** The files that are read worse than before. `mayDrop`: a document that is an association leaves. */
function* torn(texts: ReadonlyMap<string, string>, { source }: MigrationHost, mayDrop: boolean): Generator<string> {
  for (const [uri, text] of texts) {
    const file = source(uri);
    const [first] = file?.documents ?? [];
    if (!file || !first) continue;
    const starts = file.syntax === 'yaml' && !file.documentation ? cutYaml(text) : [0];
    const before = faultsOf(file.documents.map((document) => document.tree()));
    const after = faultsOf(starts.map((start, i) => first.parse(text.slice(start, starts[i + 1]))));
    if ((starts.length < file.documents.length && !mayDrop) || after.problems > before.problems || after.doubles > before.doubles)
      yield uri;
  }
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

/** What isn't as the step promises for an account; undefined where all is. */
function brokenPromise(
  { move, standing }: Candidate,
  part: Part,
  pairs: PolicyPairs,
  view: MigrationView,
  effect: ReturnType<typeof effectOf>,
): string | Failure | undefined {
  const [fact] = move.policy.facts;
  if (!fact || move.policy.kind === 'made') return undefined;
  if (part.replaced) return brokenReplacement({ move, standing }, part, pairs, view);
  const isGone = pairs.after(fact) === undefined && isReplaced(move, standing.associations);
  const after = (move.policy.kind === 'aws' ? part.inAws?.after : pairs.after(fact)) ?? fact;
  const irsa = judge(after.policy, move.request).decision;
  switch (effect) {
    case 'add-pods':
    case 'drop-irsa': {
      const [grant] = grantsOf(move, view);
      if (isGone || isReplaced(move, standing.associations)) {
        const stays = move.admissions.some(({ wide }) => wide);
        if (!grant) return 'Afterwards no association of it could be read.';
        return !isGone && part.stays === undefined && irsa === 'allowed' && !stays
          ? 'Afterwards the trust policy would still allow it by IRSA.'
          : undefined;
      }
      const pods = podsAnswer(after.policy, move, grant);
      const isNamed = move.named !== undefined && podStatements(after.policy).some((statement) => namesAccount(statement, move.named!));
      if (pods === 'denied' || (pods === 'unknown' && !isNamed && standing.pods !== 'unknown'))
        return 'Afterwards the trust policy would not certainly allow it by EKS Pod Identity.';
      if (effect === 'add-pods' && !grant && part.script.length === 0 && move.namespace !== undefined && move.name !== undefined)
        return 'Afterwards no association of it could be read.';
      const onFargate = effect === 'add-pods' && grant ? selectedByProfiles(grant) : undefined;
      if (onFargate !== undefined) return { code: 'fargate', reason: onFargate };
      if (effect === 'add-pods') return irsa === 'denied' && standing.irsa !== 'denied' ? 'Afterwards it could no longer assume the role by IRSA.' : undefined; // prettier-ignore
      const stays = move.admissions.some(({ wide }) => wide);
      return irsa === 'allowed' && !stays ? 'Afterwards the trust policy would still allow it by IRSA.' : undefined;
    }
    case 'add-irsa':
    case 'drop-pods':
      return irsa === 'denied' ? 'Afterwards the trust policy would not allow it by IRSA.' : undefined;
  }
}

/** What isn't as promised where another role is made in the place of the account's: that one allows it and nobody else, and this one stays. */
function brokenReplacement(
  { move }: Pick<Candidate, 'move' | 'standing'>,
  { candidates }: Part,
  pairs: PolicyPairs,
  view: MigrationView,
): string | Failure | undefined {
  const [before] = move.policy.facts;
  const after = before && pairs.after(before);
  if (!before || !after || !saysTheSame(before.policy, after.policy))
    return 'Afterwards the trust policy of its role would be another one.';
  const grant = grantsOf(move, view).find((each) => isReplacementFor(after, each));
  const policy = grant && replacementPolicy({ kind: 'file', facts: [after] }, grant)?.policy;
  if (!grant || !policy) return 'Afterwards no role with the same policies could be read for it.';
  const named = candidates.flatMap((each) => each.move.named ?? []);
  if (policy.open || !allowOnly(policy.statements, policy, named, 'to-pod-identity'))
    return 'Afterwards the new role would not be for these service accounts alone.';
  const isNamed = move.named !== undefined && podStatements(policy).some((statement) => namesAccount(statement, move.named!));
  if (!isNamed || podsAnswer(policy, move, grant) === 'denied')
    return 'Afterwards the new role would not certainly allow it by EKS Pod Identity.';
  const onFargate = selectedByProfiles(grant);
  return onFargate === undefined ? undefined : { code: 'fargate', reason: onFargate };
}

function grantsOf({ namespace, name, account }: Move, { wiring }: MigrationView) {
  return [...wiring.grantsOf({ namespace, name, places: account ? [account] : [] })];
}
