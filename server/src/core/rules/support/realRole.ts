import type { Report } from '../rule';
import { accessDenied } from '../trust/effects';
import { fileName, tieNote } from './ties';
import { chainVerdict } from '../../trust/chainVerdict';
import { shownRoleName } from '../../trust/roleText';
import type { Verdict } from '../../trust/verdict';
import type { Chain, Tie } from '../../wiring/chain';
import { overlayWords } from '../../wiring/overlayWords';
import { isPlain, isWeak } from '../../wiring/tie';

/** The tie to the role's own trust policy in AWS, where that is not what the chain is judged by. */
export function realRole(chain: Chain): Tie | undefined {
  return chain.ties.slice(1).find(({ kind }) => kind === 'aws');
}

/** The chain as if no file told of the role's trust policy. */
export function asInAws(chain: Chain, tie: Tie): Chain {
  return { ...chain, ties: [tie] };
}

/** Where AWS's answer is from, as the end of a sentence: ` in AWS`, ` by the snapshot of 2026-11-20`. */
export function bySource(label: string): string {
  return label === 'AWS' ? ' in AWS' : ` by the ${label}`;
}

/** A real role that refuses the account for another cause than its subject: no file shows the mistake, so it is told here. */
export function refusedByRole(chain: Chain, tie: Tie, verdict: Verdict): Report {
  return {
    doc: chain.request.doc,
    span: chain.request.valueSpan,
    message: `${roleName(chain)} refuses this account${bySource(tie.because)}: ${reasonOf(verdict)} Pods would see ${accessDenied}. Change the role's trust policy.`,
  };
}

/**
 * A file's trust policy that refuses the account for another cause than its subject, where nothing is wrong with the policy
 * by itself. Sure only where the document or pod-roles.yaml says whose policy it is, and the account is known.
 */
export function refusedByFile(chain: Chain, tie: Tie, verdict: Verdict): Report {
  const { namespace, name } = chain;
  const isSure = (tie.kind === 'config' || isPlain(tie)) && namespace !== undefined && name !== undefined;
  const who = name === undefined ? 'this service account' : namespace === undefined ? name : `${namespace}/${name}`;
  return {
    doc: chain.request.doc,
    span: chain.request.valueSpan,
    ...(isSure ? {} : { level: 'info' as const }),
    message: `${chain.overlays ? `In ${overlayWords(chain.overlays)}, the` : 'The'} trust policy of ${roleName(chain)} doesn't allow ${who}: ${reasonOf(verdict)} Pods get ${accessDenied}.${tieNote(chain)}`,
    related: [{ at: { doc: tie.policy.doc, span: tie.policy.policy.span }, message: 'The trust policy' }],
  };
}

/** A file admits the account and the role in AWS does not: what is written is not applied yet, or something changed it. */
export function notAppliedYet(chain: Chain): Report | undefined {
  const [file] = chain.ties;
  const tie = realRole(chain);
  if (!file || isWeak(file) || !tie || chain.namespace === undefined || chain.name === undefined) return undefined;
  const verdict = chainVerdict(asInAws(chain, tie));
  if (verdict?.decision !== 'denied' || chainVerdict(chain)?.decision !== 'allowed') return undefined;
  const name = fileName(file.policy.doc.uri);
  return {
    doc: chain.request.doc,
    span: chain.request.valueSpan,
    level: 'info',
    message:
      `${name} admits this account, but ${roleName(chain)}${bySource(tie.because)} does not: ${reasonOf(verdict)} ` +
      `Until ${name} is applied, pods see ${accessDenied}.`,
  };
}

function roleName(chain: Chain): string {
  return shownRoleName(chain.request.value);
}

/** What failed, as a sentence: the deepest step of the statement that came furthest. */
export function reasonOf({ trace }: Verdict): string {
  const failed = trace.filter((step) => step.matched === false && step.element !== 'Statement');
  const step =
    failed.find(({ element }) => element === 'Document' || element === 'Request') ??
    ['Condition', 'Action', 'Principal', 'Effect']
      .map((element) => failed.find((each) => each.element === element))
      .find((each) => each !== undefined);
  if (!step)
    return trace.some((each) => each.effect === 'Deny' && each.element === 'Statement' && each.matched === true)
      ? 'a Deny statement applies.'
      : 'no statement allows it.';
  return /[.?]$/.test(step.message) ? step.message : `${step.message}.`;
}
