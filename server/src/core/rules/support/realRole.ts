import type { Report } from '../rule';
import { accessDenied } from '../trust/effects';
import { fileName, recipients, sourceNote, tieNote } from './ties';
import { parseProviderArn } from '../../model/arn';
import type { TrustPolicyFact } from '../../model/facts';
import { issuerKind } from '../../model/issuer';
import { literal } from '../../text/texts';
import { chainVerdict } from '../../trust/chainVerdict';
import { headline, line, lines, sentence } from '../../text/message';
import { shownRoleName } from '../../trust/roleText';
import type { Verdict } from '../../trust/verdict';
import type { Chain, Tie } from '../../wiring/chain';
import { overlayWords } from '../../wiring/overlayWords';
import { isPlain, isWeak } from '../../wiring/tie';

/** The tie to the role's own trust policy in AWS, if the verdict rests on a file instead. */
export function realRole(chain: Chain): Tie | undefined {
  return chain.ties.slice(1).find(({ kind }) => kind === 'aws');
}

/** The chain as if no file had the role's trust policy. */
export function asInAws(chain: Chain, tie: Tie): Chain {
  return { ...chain, ties: [tie] };
}

/** A role in AWS that doesn't allow the account, for another cause than its subject: no file has the error, so it is reported here. */
export function refusedByRole(chain: Chain, tie: Tie, verdict: Verdict): Report {
  return {
    doc: chain.request.doc,
    span: chain.request.valueSpan,
    message: lines(
      headline`${roleName(chain)} in AWS doesn't allow this service account.`,
      `${sentence(reasonOf(verdict))} ${recipients(chain)} ${accessDenied}.${sourceNote(tie.because)}`,
      "Change the role's trust policy.",
    ),
  };
}

/**
 * A file's trust policy that doesn't allow the account, for another cause than its subject, if the policy has no error by
 * itself. Certain only if the document or pod-roles.yaml names the policy's role, and the account is known.
 */
export function refusedByFile(chain: Chain, tie: Tie, verdict: Verdict): Report {
  const { namespace, name } = chain;
  const others = principalsBeside(tie.policy);
  const known = namespace !== undefined && name !== undefined;
  // A role for something else allows no pod's token; unless an association may give the service account another way.
  const isSure = (tie.kind === 'config' || isPlain(tie)) && (known || others !== undefined) && !chain.perhapsOverriddenBy;
  const account = name === undefined ? 'this service account' : namespace === undefined ? name : `${namespace}/${name}`;
  return {
    doc: chain.request.doc,
    span: chain.request.valueSpan,
    ...(isSure ? {} : { level: 'info' as const }),
    message: lines(
      headline`${chain.overlays ? `In ${overlayWords(chain.overlays)}, the` : 'The'} trust policy of ${roleName(chain)} ${others === undefined ? "doesn't allow" : `allows ${others}, not`} ${account}.`,
      `${others === undefined ? sentence(reasonOf(verdict)) : "It doesn't allow the cluster's OIDC provider."} ${recipients(chain)} ${accessDenied}.${tieNote(chain)}`,
      'Change the trust policy, or use another role.',
    ),
    overlays: chain.overlays,
    related: [{ at: { doc: tie.policy.doc, span: tie.policy.policy.span }, message: 'The trust policy' }],
  };
}

/** The principals, in words, of a policy that names no OIDC provider: `ec2.amazonaws.com`; undefined if it may allow tokens. */
function principalsBeside({ policy }: TrustPolicyFact): string | undefined {
  if (policy.open) return undefined;
  const names: string[] = [];
  for (const { effect, principal, open } of policy.statements) {
    if (literal(effect?.text) !== 'Allow') continue;
    if (open || !principal || principal.open) return undefined;
    for (const { key, values, open: more } of principal.kinds) {
      if (more || values.length === 0) return undefined;
      for (const value of values) {
        const provider = key.value === 'Federated' ? literal(parseProviderArn(value)?.issuer) : undefined;
        if (key.value === 'Federated' && (provider === undefined || issuerKind(provider) !== 'known-other')) return undefined;
        if (literal(value) === undefined || value.value === '*') return undefined;
        names.push(provider ?? value.value);
      }
    }
  }
  const shown = [...new Set(names)];
  if (shown.length === 0) return undefined;
  return shown.length > 3 ? `${shown.slice(0, 3).join(', ')} and ${shown.length - 3} more` : shown.join(', ');
}

/** A file allows the account and the role in AWS doesn't: the file isn't applied yet, or the role was changed in AWS. */
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
    message: lines(
      headline`${name} allows this service account, but ${roleName(chain)} in AWS doesn't.`,
      `${sentence(reasonOf(verdict))} ${recipients(chain)} ${accessDenied}.${sourceNote(tie.because)}`,
      line`Apply ${name}.`,
    ),
  };
}

function roleName(chain: Chain): string {
  return shownRoleName(chain.request.value);
}

/** The step that failed, as a sentence: the deepest one. */
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
