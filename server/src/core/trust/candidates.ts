import { filePath } from '../config/paths';
import type { PolicyDocument } from '../model/policy';
import type { Tie } from '../wiring/chain';
import type { TraceStep, Verdict } from './verdict';

/** The trust policies that may as well be the role's: those tied to it in the strongest way that there is. */
export function candidatesOf(ties: readonly Tie[]): readonly Tie[] {
  return ties.filter(({ kind }) => kind === ties[0]!.kind);
}

/** More candidates than this are not judged: then nothing is known. */
const most = 20;

/**
 * What all candidates for a role's trust policy answer: where they agree, that is the answer, told by the first of them;
 * else it is unknown. Undefined where there is none. By contract.md, "How a trust policy finds its role".
 */
export function agreedVerdict(ties: readonly Tie[], answer: (policy: PolicyDocument) => Verdict): Verdict | undefined {
  if (ties.length === 0) return undefined;
  const candidates = candidatesOf(ties);
  const first = answer(candidates[0]!.policy.policy);
  if (candidates.length === 1) return first;
  const agree = candidates.length <= most && candidates.slice(1).every(({ policy }) => answer(policy.policy).decision === first.decision);
  if (agree) return first;
  const names = candidates.slice(0, 3).map(({ policy }) => filePath(policy.doc.uri).name);
  const more = candidates.length > names.length ? ` and ${candidates.length - names.length} more` : '';
  return {
    decision: 'unknown',
    get trace(): TraceStep[] {
      return [
        {
          element: 'Request',
          matched: null,
          message: `${candidates.length} trust policies may be the role's, and they don't agree: ${names.join(', ')}${more}.`,
        },
        ...first.trace,
      ];
    },
    assumptions: first.assumptions,
    disagreeing: candidates.length,
  };
}
