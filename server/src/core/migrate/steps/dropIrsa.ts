import type { Edit } from '../../rules/rule';
import { literal } from '../../text/texts';
import type { Grant } from '../../wiring/grants';
import { hasModulesRole, isOfAddon } from '../addons';
import { isByEksctlAlone, isCreatedByAssociation } from '../eksctl';
import { perhapsItsAnnotation, stillAnnotated } from '../perhaps';
import type { TrustPolicyFact } from '../../model/facts';
import { placed, subjectsLeaving } from '../removals';
import { isReplaced } from '../replaced';
import { doubtOfCluster } from '../otherFolder';
import { isOfItsRole } from '../sameCluster';
import { isConditionalAsItsRole } from '../sameCondition';
import { documentOf } from '../spelling';
import type { Made, Removal } from '../types';
import { changeTrust, noTrustChange, type TrustChange } from './trustChange';
import { emptyPart, type Candidate, type PartMaker, type StepContext } from './part';

/** The annotations and the subjects of accounts leave: they can assume the role by EKS Pod Identity alone then. */
export const dropIrsa: PartMaker = ({ candidates }, context) => {
  const { host } = context;
  const refused: { candidate: Candidate; reason: string }[] = [];
  const kept: Candidate[] = [];
  const edits: Edit[] = [];
  for (const candidate of candidates) {
    const reason = whyNotYet(candidate, context);
    const annotation = reason === undefined ? annotationLeaves(candidate, context) : { refused: reason };
    if ('refused' in annotation) {
      refused.push({ candidate, reason: annotation.refused });
      continue;
    }
    kept.push(candidate);
    edits.push(...annotation.made);
  }
  const [first] = kept;
  if (!first) return { refused };
  const { policy } = first.move;
  const [fact] = policy.facts;
  const leaving = fact && policy.kind !== 'made' ? subjectsLeaving(fact.policy, kept.map(({ move }) => move)) : undefined; // prettier-ignore
  if (!leaving || leaving.removals.length === 0) return { part: { ...emptyPart, candidates: kept, edits }, refused };
  const whole = fact && isWhole(fact, leaving.removals) && kept.every(({ move, standing }) => isReplaced(move, standing.associations));
  const trust = whole
    ? callLeaves(fact, edits, context)
    : changeTrust(policy, host, (own, document, editor) => {
        // Of a policy in AWS the values' places are those of the text that is read again here.
        const again = policy.kind === 'aws' ? subjectsLeaving(own.policy, kept.map(({ move }) => move)) : leaving; // prettier-ignore
        return editor.remove(own, document, placed(again.removals, own.doc, context.request.step === 'undo'));
      });
  // Where something else still names the old role, its annotations leave alone; the module's call goes when that is changed.
  if ('refused' in trust && whole && edits.length > 0)
    return { part: { ...emptyPart, candidates: kept, edits, stays: trust.refused }, refused };
  if ('refused' in trust) return { refused: [...refused, ...kept.map((candidate) => ({ candidate, reason: trust.refused }))] };
  const { edits: ofTrust, script, inAws } = trust.made;
  return { part: { ...emptyPart, candidates: kept, edits: [...edits, ...ofTrust], script, ...(inAws ? { inAws } : {}) }, refused };
};

/** Whether nothing is left of a trust policy: then its role is there for nobody. */
function isWhole({ policy }: TrustPolicyFact, removals: readonly Removal[]): boolean {
  const leaving = new Set(removals.flatMap((each) => (each.kind === 'statement' ? [each.statement] : [])));
  return !policy.open && policy.statements.every(({ index }) => leaving.has(index));
}

/** The module's call whose role is replaced leaves with its last service account. */
function callLeaves(fact: TrustPolicyFact, leaving: readonly Edit[], { host }: StepContext): Made<TrustChange> {
  const document = documentOf(fact, host.source);
  if (!document) return { refused: "The text of the role's trust policy isn't at hand." };
  const siblings = host.siblings(fact.doc.uri).flatMap((uri) => host.source(uri)?.documents ?? []);
  const made = host.editors.removeCall(fact.span, document, siblings, leaving);
  return 'refused' in made ? made : { made: { ...noTrustChange, edits: made.made } };
}

/** Why IRSA can't leave: EKS Pod Identity isn't there, or not certainly enough. */
function whyNotYet({ move, standing }: Candidate, { host }: StepContext): string | undefined {
  const isSure = (grant: Grant): boolean =>
    grant.sure || isConditionalAsItsRole(grant, move, host.source) || isOfItsRole(grant, move, host);
  if (standing.otherRole) return 'Its association gives it another role than the annotation.';
  if (standing.associations.length === 0)
    return 'No file or AWS data shows an association of it yet. Run the expand step first; if its script was run, read the association from AWS or from a snapshot.';
  if (move.policy.kind === 'made') return standing.pods === undefined || standing.associations.some(isSure) ? undefined : notSure;
  if (!standing.associations.some(isSure)) return notSure;
  const doubts = standing.associations.map((grant) => doubtOfCluster(grant, move, host));
  if (doubts.every((doubt) => doubt !== undefined)) return doubts[0];
  if (standing.pods === undefined) return "The role's trust policy isn't known.";
  if (standing.pods === 'denied') return "The trust policy doesn't allow it by EKS Pod Identity yet. Run the expand step first.";
  if (standing.pods === 'unknown' && !standing.podsNamed) return "It isn't certain that the trust policy allows it by EKS Pod Identity.";
  // Its subject would go, and with it the role of pods that start without the association.
  const perhaps = perhapsItsAnnotation(move, host.view.wiring);
  return perhaps && stillAnnotated(perhaps, host);
}

const notSure = 'It depends on a condition, a template or another cluster whether its association exists.';

function annotationLeaves({ move }: Candidate, { host }: StepContext): { readonly made: readonly Edit[] } | { readonly refused: string } {
  const { chain, policy } = move;
  if (!chain) {
    const [fact] = policy.facts;
    const entry = policy.kind === 'made' && fact ? documentOf(fact, host.source) : undefined;
    return entry ? host.editors.removeEntry(fact!, entry) : { made: [] };
  }
  if (isOfAddon(chain)) {
    const addon = hasModulesRole(move, host) ? documentOf(chain.request, host.source) : undefined;
    if (addon) return host.editors.removeAddonRole(chain.account, addon);
    return { refused: "The add-on's role for IRSA is still there. Run the expand step first." };
  }
  if (chain.account.eksctl === 'entry' && policy.kind === 'made' && move.admissions.some(({ wide }) => wide))
    return {
      refused:
        'Its subjectPattern allows other service accounts, too, and eksctl deletes the role with the entry. Give each of them an association, then remove subjectPattern.',
    };
  if (isByEksctlAlone(chain, host) && !isCreatedByAssociation(chain, host))
    return {
      refused:
        'Only its entry in iam.serviceAccounts creates the service account. Add createServiceAccount: true to its association, or define it in a manifest first.',
    };
  const document = documentOf(chain.account, host.source);
  if (!document) return { refused: 'The text of the service account is not at hand.' };
  if (chain.request.doc !== chain.account.doc && chain.request.doc.uri !== chain.account.doc.uri)
    return { refused: `The annotation of ${literal(chain.account.name) ?? 'the service account'} is in another file than its manifest.` };
  return host.editors.removeAnnotation(chain.account, document);
}
