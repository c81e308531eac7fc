import type { Edit } from '../../rules/rule';
import { shellQuote } from '../../text/shellQuote';
import { literal } from '../../text/texts';
import type { Move } from '../moves';
import { awsCommand, ShellText } from '../../generate/text/shell';
import { encloses } from '../../text/span';
import type { Grant } from '../../wiring/grants';
import { placed, podsLeaving } from '../removals';
import { replacementPolicy } from '../replaced';
import { documentOf } from '../spelling';
import type { Made } from '../types';
import { changeTrust } from './trustChange';
import { emptyPart, type Candidate, type PartMaker, type StepContext } from './part';

/** The associations of accounts leave, and the statements for them: they can assume the role by IRSA alone then. */
export const dropPods: PartMaker = ({ candidates }, context) => {
  const { host } = context;
  const refused: { candidate: Candidate; reason: string }[] = [];
  const kept: Candidate[] = [];
  const edits: Edit[] = [];
  const script: string[] = [];
  for (const candidate of candidates) {
    const reason = whyNotYet(candidate);
    const gone = reason === undefined ? associationsLeave(candidate, candidates, context) : { refused: reason };
    if ('refused' in gone) {
      refused.push({ candidate, reason: gone.refused });
      continue;
    }
    kept.push(candidate);
    edits.push(...gone.made);
    script.push(...(gone.script ?? []));
  }
  const [first] = kept;
  if (!first) return { refused };
  const { policy } = first.move;
  const [fact] = policy.facts;
  const moves = kept.map(({ move }) => move);
  const leaving = fact && policy.kind !== 'made' ? podsLeaving(fact.policy, moves) : undefined;
  if (!leaving || leaving.removals.length === 0) return { part: { ...emptyPart, candidates: kept, edits, script }, refused };
  const trust = changeTrust(policy, host, (own, document, editor) =>
    editor.remove(
      own,
      document,
      placed(policy.kind === 'aws' ? podsLeaving(own.policy, moves).removals : leaving.removals, own.doc, context.request.step === 'undo'),
    ),
  );
  if ('refused' in trust) return { refused: [...refused, ...kept.map((candidate) => ({ candidate, reason: trust.refused }))] };
  const { edits: ofTrust, script: ofAws, inAws } = trust.made;
  const all = { candidates: kept, edits: [...edits, ...ofTrust], script: [...script, ...ofAws] };
  return { part: { ...emptyPart, ...all, ...(inAws ? { inAws } : {}) }, refused };
};

/** Why EKS Pod Identity can't leave: IRSA isn't there, or not certainly. */
function whyNotYet({ move, standing }: Candidate): string | undefined {
  // Where no file has the account, its annotation is elsewhere, as it was before the move began.
  const isElsewhere = !move.account && standing.irsaNamed;
  if (!standing.annotation && !isElsewhere) return 'It has no role-arn annotation in these files, so it would lose its role.';
  if (move.policy.kind === 'unknown') return move.policy.because;
  if (standing.irsa === 'denied') return "The trust policy doesn't allow it by IRSA, so it would lose its role.";
  if (standing.irsa !== 'allowed' && !standing.irsaNamed) return "It isn't certain that the trust policy allows it by IRSA.";
  return undefined;
}

function associationsLeave(
  { move, standing }: Candidate,
  candidates: readonly Candidate[],
  context: StepContext,
): { readonly made: readonly Edit[]; readonly script?: readonly string[] } | { readonly refused: string } {
  const { host } = context;
  const made: Edit[] = [];
  const script: string[] = [];
  for (const grant of standing.associations) {
    const { association, cluster } = grant;
    if (!association) {
      script.push(...deletion(move.shown, cluster.name, cluster.region, move.namespace!, move.name!));
      continue;
    }
    const document = documentOf(association, host.source);
    if (!document) return { refused: 'The text of its association is not at hand.' };
    const edits = replacingCallLeaves(move, grant, candidates, context) ?? host.editors.removeAssociation(association, document);
    if ('refused' in edits) return edits;
    made.push(...edits.made);
  }
  // A script may have made it, which no file tells.
  const { cluster, policy, namespace, name } = move;
  if (
    standing.associations.length === 0 &&
    policy.kind !== 'made' &&
    !host.view.wiring.aws &&
    namespace !== undefined &&
    name !== undefined
  )
    script.push(...perhapsDeletion(move, namespace, name, cluster.name));
  return { made, script };
}

/**
 * The call whose role was made in the place of the account's, with its associations; undefined where the association's role isn't such
 * a one, or is made elsewhere.
 */
function replacingCallLeaves(
  { policy }: Move,
  grant: Grant,
  candidates: readonly Candidate[],
  { host }: StepContext,
): Made<readonly Edit[]> | undefined {
  const fact = replacementPolicy(policy, grant);
  const document = fact && documentOf(fact, host.source);
  const { association } = grant;
  if (!fact || !document || !association || association.doc !== fact.doc || !encloses(fact.span, association.span)) return undefined;
  const leaving = candidates.flatMap(({ standing }) => standing.associations.map((each) => each.association));
  const stays = host.view.wiring
    .facts(fact.doc.uri)
    .find((each) => each.kind === 'podIdentityAssociation' && encloses(fact.span, each.span) && !leaving.includes(each));
  if (stays) return { refused: 'Other service accounts use the new role, too: undo their move together with this one.' };
  const siblings = host.siblings(fact.doc.uri).flatMap((uri) => host.source(uri)?.documents ?? []);
  return host.editors.removeCall(fact.span, document, siblings, []);
}

/** Deletes the association if there is one, and if it gives this role. */
function perhapsDeletion(
  { shown, cluster, chain, knownBy, policy }: Move,
  namespace: string,
  name: string,
  clusterName: string | undefined,
): string[] {
  if (clusterName === undefined) return [`# Delete the association of ${shown}, if it has one: its cluster isn't known here.`];
  const where = { 'cluster-name': clusterName, region: cluster.region };
  const role = literal((chain ?? knownBy)?.roleArn?.text) ?? literal(policy.facts[0]?.roleArn);
  const id = new ShellText('"$id"');
  const found = awsCommand('eks list-pod-identity-associations', {
    ...where,
    namespace,
    'service-account': name,
    query: 'associations[0].associationId',
    output: 'text',
  });
  const itsRole = awsCommand('eks describe-pod-identity-association', {
    ...where,
    'association-id': id,
    query: 'association.roleArn',
    output: 'text',
  });
  const condition = role === undefined ? '[ "$id" != None ]' : `[ "$id" != None ] && [ "$(${itsRole})" = ${shellQuote(role)} ]`;
  // One piece: a line alone is the same for two accounts, and repeated pieces of a script are left out.
  return [
    [
      `# The association of ${shown}, if it has one${role === undefined ? '' : ' with this role'}.`,
      `id="$(${found})"`,
      `if ${condition}; then ${awsCommand('eks delete-pod-identity-association', { ...where, 'association-id': id })}; fi`,
    ].join('\n'),
  ];
}

function deletion(shown: string, cluster: string | undefined, region: string | undefined, namespace: string, name: string): string[] {
  if (cluster === undefined) return [`# Delete the association of ${shown}: its cluster isn't known here.`];
  const where = { 'cluster-name': cluster, region };
  const found = awsCommand('eks list-pod-identity-associations', {
    ...where,
    namespace,
    'service-account': name,
    query: 'associations[0].associationId',
    output: 'text',
  });
  return [
    `# The association of ${shown}.`,
    awsCommand('eks delete-pod-identity-association', { ...where, 'association-id': new ShellText(`"$(${found})"`) }),
  ];
}
