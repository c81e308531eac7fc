import { filePath } from '../config/paths';
import type { PolicyDocument } from '../model/policy';
import type { Tie } from '../wiring/chain';
import type { TraceStep, Verdict } from './verdict';
import { isPartlyKnown, type ReferredRole } from '../wiring/roleReferences';

/** The trust policies that may as well be the role's: those tied to it in the strongest way that there is. */
export function candidatesOf(ties: readonly Tie[]): readonly Tie[] {
  return ties.filter(({ kind }) => kind === ties[0]!.kind);
}

/** More candidates than this are not judged: then nothing is known. */
const most = 20;

/**
 * What all candidates for a role's trust policy answer: where they agree, that is the answer, told by the first of them;
 * else it is unknown. Unknown, too, where a value may be a role whose policy no file tells. Undefined where there is none. By
 * contract.md, "How a trust policy finds its role".
 */
export function agreedVerdict(
  ties: readonly Tie[],
  answer: (policy: PolicyDocument) => Verdict,
  reference?: ReferredRole,
): Verdict | undefined {
  if (ties.length === 0) return undefined;
  const candidates = candidatesOf(ties);
  const first = answer(candidates[0]!.policy.policy);
  if (reference && isPartlyKnown(reference))
    return unknown(first, () => `${reference.written} may be another role, too: ${lackOf(reference)}.`);
  if (candidates.length === 1) return first;
  const agree = candidates.length <= most && candidates.slice(1).every(({ policy }) => answer(policy.policy).decision === first.decision);
  if (agree) return first;
  const message = () => `${candidates.length} trust policies may be the role's, and they don't agree: ${candidateNames(candidates)}.`;
  return unknown(first, message, candidates.length);
}

/** @param message asked for with the trace alone: it may name many files */
function unknown(first: Verdict, message: () => string, disagreeing?: number): Verdict {
  return {
    decision: 'unknown',
    ...(disagreeing === undefined ? {} : { disagreeing }),
    get trace(): TraceStep[] {
      return [{ element: 'Request', matched: null, message: message() }, ...first.trace];
    },
    assumptions: first.assumptions,
  };
}

/** What is not known of a role that a value refers to, as a clause. */
export function lackOf({ open, unmade, unread }: ReferredRole): string {
  if (unmade > 0) return unmade === 1 ? 'no file that was read makes that role' : `no file that was read makes ${unmade} of its roles`;
  if (unread > 0) return "that role's trust policy can't be read in the files";
  return open ? 'the value depends on something that no file sets' : 'nothing is unknown';
}

/** So many candidates are named. */
const mostNamed = 3;

/** The files of the candidates, with the folders where their names are the same. */
export function candidateNames(candidates: readonly Tie[]): string {
  const paths = [...new Set(candidates.map(({ policy }) => policy.doc.uri))].map(filePath);
  const isClear = new Set(paths.map(({ name }) => name)).size === paths.length;
  const names = paths.slice(0, mostNamed).map(({ folders, name }) => (isClear ? name : [...folders.slice(-2), name].join('/')));
  const more = paths.length > names.length ? ` and ${paths.length - names.length} more` : '';
  return `${names.join(', ')}${more}`;
}
