import type { PolicyDocument } from '../model/policy';
import { policyFromText } from '../readers/policyDocument';
import { judge } from '../trust/judge';
import { refusals } from '../trust/refusals';
import { addStatement, addValue } from './editPolicy';
import { fittingPlaces } from './fittingStatement';
import { accountName, requestFor, type Pair } from './pair';
import { prove } from './prove';
import { trustStatement } from './trust';

/** What became of a trust policy that is there already. */
export type TrustMerge =
  /** It allows the account as it is; `everybody`: and any other one of the cluster. */
  | { readonly kind: 'same'; readonly everybody?: true }
  /** `how` says in a sentence what was added, and `note` what is worth knowing besides. */
  | { readonly kind: 'changed'; readonly text: string; readonly how: string; readonly note?: string }
  /** Nothing can be added safely: why, and what to do. */
  | { readonly kind: 'refused'; readonly message: string };

/** From this part of the quota on it is said how full a policy is. */
const nearlyFull = 0.9;

/**
 * Lets the pair's account in by as little as possible: a value in a statement that fits already, else a statement of its
 * own. Everything else stays as it is written, byte by byte. Nothing is changed that would admit anybody else.
 * @param text the policy as strict JSON.
 * @param quota characters without white space that a trust policy may have.
 */
export function mergeTrust(text: string, pair: Pair, quota: number): TrustMerge {
  const before = policyFromText(text);
  const wrong = whyUntouchable(text, before);
  if (wrong !== undefined) return { kind: 'refused', message: wrong };
  if (judge(before, requestFor(pair)).decision === 'allowed')
    return { kind: 'same', ...(allowsAnybody(before, pair) ? { everybody: true } : {}) };
  let reason: string | undefined;
  for (const candidate of candidates(text, before, pair)) {
    const after = policyFromText(candidate.text);
    const [problem] = prove(after, pair, before);
    if (problem !== undefined) {
      reason ??= problem;
      continue;
    }
    return withinQuota(candidate, after, quota);
  }
  const denying = before.statements.find(({ effect }) => effect?.text?.value === 'Deny');
  return {
    kind: 'refused',
    message: denying
      ? `A statement with the effect Deny (number ${denying.index + 1}) keeps ${accountName(pair)} out, or may: change it by hand, or take another role.`
      : `No statement can be added to the trust policy that allows only ${accountName(pair)}. ${reason ?? ''} Change it manually, or use another role.`,
  };
}

/** Whether an account that nobody has named can assume the role too. */
function allowsAnybody(policy: PolicyDocument, pair: Pair): boolean {
  return judge(policy, requestFor(pair, { namespace: 'pod-roles-nobody', name: 'pod-roles-nobody' })).decision === 'allowed';
}

/** What is said of a trust policy that needs no change. */
export function alreadyAllows(pair: Pair, everybody: boolean | undefined): string {
  return everybody
    ? `The trust policy allows ${accountName(pair)} already, and every other service account of the cluster: it has no condition on the subject that limits it.`
    : `The trust policy allows ${accountName(pair)} already.`;
}

/** Why a policy is left alone: only what is strict JSON, known in full and right by IAM's grammar is edited. */
function whyUntouchable(text: string, policy: PolicyDocument): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return "The trust policy isn't strict JSON (a template, comments or an error): add the statement manually.";
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return "The trust policy isn't a JSON object.";
  const refusal = refusals(policy, { trustPolicyQuota: Infinity }).find(({ sure }) => sure) ?? policy.problems[0];
  if (refusal) return `The trust policy has an error: ${refusal.message} Fix it first.`;
  return policy.open ? 'Parts of the trust policy are in a template: add the statement manually.' : undefined;
}

interface Candidate {
  readonly text: string;
  readonly how: string;
}

function* candidates(text: string, policy: PolicyDocument, pair: Pair): Generator<Candidate> {
  for (const place of fittingPlaces(policy, pair)) {
    yield { text: addValue(text, policy, place), how: `${place.value} is added to ${place.key} of statement ${place.statement + 1}.` };
  }
  yield { text: addStatement(text, policy, trustStatement(pair)), how: 'A statement is added.' };
}

function withinQuota(candidate: Candidate, after: PolicyDocument, quota: number): TrustMerge {
  const length = after.quotaLength ?? 0;
  if (length > quota) {
    return {
      kind: 'refused',
      message: `The trust policy would have ${length} characters without white space; its quota is ${quota}. Ask AWS to raise "Role trust policy length", remove accounts that need the role no more, or take another role.`,
    };
  }
  const full =
    length >= quota * nearlyFull ? { note: `The trust policy has then ${length} of ${quota} characters: little room is left.` } : {};
  return { kind: 'changed', ...candidate, ...full };
}
