import { literal } from '../../text/texts';
import type { RoleFact } from '../../model/facts';
import type { Edit } from '../../rules/rule';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { Chain } from '../../wiring/chain';
import { hasModulesRole, isOfAddon } from '../addons';
import { isOfInstance } from '../edits/association/terraform';
import { isByEksctlAlone } from '../eksctl';
import type { Move } from '../moves';
import { siblingsOf, spelledCluster } from '../spelledCluster';
import { documentOf, spelledNames } from '../spelling';
import type { AssociationTarget } from '../port';
import type { MovedAccount } from '../types';
import { emptyPart, refusedAll, type Candidate, type PartMaker, type StepContext } from './part';
import { changeTrust, noTrustChange } from './trustChange';

/** Expand, towards EKS Pod Identity: the trust policy allows it for these accounts too, and each gets its association. */
export const addPods: PartMaker = (group, context) => {
  const { host } = context;
  const refused: { candidate: Candidate; reason: string }[] = [];
  const taken: { readonly candidate: Candidate; readonly account: MovedAccount; readonly given: readonly Edit[] }[] = [];
  for (const candidate of group.candidates) {
    const moved = movedAccount(candidate.move, context);
    if (moved) taken.push({ candidate, ...moved });
    else refused.push({ candidate, reason: "The service account's namespace and name aren't known." });
  }
  const [first] = taken;
  if (!first) return { refused };
  const edits: Edit[] = [];
  const creates: { uri: string; text: string }[] = [];
  const script: string[] = [];
  const { policy } = first.candidate.move;
  const toAllow = distinct(taken.filter(({ candidate }) => needsStatement(candidate)).map(({ account }) => account));
  const trust =
    toAllow.length === 0
      ? { made: noTrustChange }
      : changeTrust(policy, host, (fact, document, editor) => editor.allowPodIdentity(fact, document, toAllow));
  if ('refused' in trust) return refusedAll(group, trust.refused);
  edits.push(...trust.made.edits);
  script.push(...trust.made.script);
  const { inAws } = trust.made;
  const kept: Candidate[] = [];
  const known = new Map<string, WrittenPart>();
  for (const { candidate, account, given } of taken) {
    // One text that makes several roles has one association in it, which is each role's own.
    const key = JSON.stringify([account, homeOf(candidate.move, host)]);
    const written = known.get(key) ?? association(candidate, account, context);
    known.set(key, written);
    if ('refused' in written) {
      refused.push({ candidate, reason: written.refused });
      continue;
    }
    kept.push(candidate);
    edits.push(...written.made.edits, ...(toAllow.length + written.made.edits.length > 0 ? given : []));
    creates.push(...written.made.creates);
    script.push(...written.made.script);
  }
  // A statement for an account without its association does nothing; one that stays would be of no account that moves.
  if (refused.length > 0 && kept.length > 0 && toAllow.length > 0) {
    const rest = addPods({ candidates: kept as [Candidate, ...Candidate[]] }, context);
    return { ...rest, refused: [...refused, ...rest.refused] };
  }
  if (kept.length === 0) return { refused };
  return { part: { ...emptyPart, candidates: kept, edits, creates, script, ...(inAws ? { inAws } : {}) }, refused };
};

function needsStatement({ move, standing }: Candidate): boolean {
  return move.policy.kind !== 'made' && !standing.podsNamed && standing.pods !== 'allowed';
}

/** An account as its role's files spell it, and edits that make what these spellings name. */
function movedAccount(move: Move, { host }: StepContext): { readonly account: MovedAccount; readonly given: readonly Edit[] } | undefined {
  const [fact] = move.policy.facts;
  const document = fact && documentOf(fact, host.source);
  const names = spelledNames(move, document);
  if (!names) return undefined;
  const { cluster, accountId, edits } = spelledCluster(move, host);
  const owner = move.cluster.account ?? move.request.roleAccount;
  const name = cluster ?? (move.cluster.name === undefined ? undefined : { text: move.cluster.name });
  const account = accountId ?? (owner === undefined ? undefined : { text: owner });
  return { account: { ...names, ...(name ? { cluster: name } : {}), ...(account ? { accountId: account } : {}) }, given: edits };
}

function distinct(accounts: readonly MovedAccount[]): MovedAccount[] {
  return [...new Map(accounts.map((account) => [JSON.stringify(account), account])).values()];
}

type WrittenPart = { readonly made: { readonly edits: readonly Edit[]; readonly creates: readonly { readonly uri: string; readonly text: string }[]; readonly script: readonly string[] } } | { readonly refused: string }; // prettier-ignore

function association({ move, standing }: Candidate, account: MovedAccount, { host, pending }: StepContext): WrittenPart {
  if (standing.associations.length > 0) return { made: emptyPart };
  const { chain } = move;
  if (chain && isOfAddon(chain, host) && !hasModulesRole(move, host)) {
    const document = documentOf(chain.request, host.source);
    const made = document ? host.editors.moveAddon(chain.account, document) : { refused: "The add-on's text isn't at hand." };
    return 'refused' in made ? made : { made: { ...emptyPart, edits: made.made } };
  }
  const role = roleOf(move, host);
  const home = role ?? (move.policy.kind === 'made' ? move.policy.facts[0] : undefined);
  const document = home && documentOf(home, host.source);
  const roleArn = literal((chain ?? move.knownBy)?.roleArn?.text) ?? literal(move.policy.facts[0]?.roleArn);
  const made = host.editors.writeAssociation({
    account,
    ...instanceOf(move, account, host),
    ...(role ? { role } : {}),
    ...(document ? { document } : {}),
    siblings: document ? [...siblingsOf(document, host), ...pending] : [],
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(move.cluster.region === undefined ? {} : { region: move.cluster.region }),
    ...(chain && move.policy.kind === 'made' ? { entry: chain.account, createsAccount: isByEksctlAlone(chain, host) } : {}),
  });
  if ('refused' in made) return made;
  if (document?.syntax === 'hcl') pending.push(...made.made.edits.map(({ newText }) => withText(document, newText)));
  const taken = made.made.creates.find(({ uri }) => host.exists(uri));
  if (taken) return { refused: `The association would go into a new file, but ${taken.uri.slice(taken.uri.lastIndexOf('/') + 1)} exists.` };
  return { made: { edits: made.made.edits, creates: made.made.creates, script: made.made.script === undefined ? [] : [made.made.script] } };
}

/** What an association needs to know of names that are an instance's own in the text of the trust policy. */
function instanceOf(
  move: Move,
  { namespace, serviceAccount }: MovedAccount,
  host: StepContext['host'],
): Pick<AssociationTarget, 'instance'> {
  const [policy] = move.policy.facts;
  const document = policy && documentOf(policy, host.source);
  if (!document || ![namespace, serviceAccount].some(isOfInstance)) return {};
  const isKnown = move.namespace !== undefined && move.name !== undefined;
  const names = isKnown ? { namespace: { text: move.namespace }, serviceAccount: { text: move.name } } : undefined;
  return { instance: { policy, document, ...(names ? { names } : {}) } };
}

/** What tells the associations of two accounts apart that are spelled alike: where their role is made, or which role it is. */
function homeOf(move: Move, host: StepContext['host']): unknown {
  const role = roleOf(move, host);
  return role && documentOf(role, host.source)
    ? [role.doc.uri, role.doc.index, role.span.start, move.policy.kind === 'made' && move.chain?.account.span.start]
    : [literal((move.chain ?? move.knownBy)?.roleArn?.text), move.shown];
}

/** The role where a file makes it: as the annotation's reference, or as the trust policy's own document says. */
function roleOf({ chain, policy, knownBy }: Move, { view }: StepContext['host']): RoleFact | undefined {
  const [fact] = policy.facts;
  if (chain?.role && chain.role.arn === undefined) return chain.role;
  const [only, another] = chain?.reference?.roles ?? [];
  if (only && !another) return only;
  if (!fact) return chain?.role;
  const ids = new Set(fact.roleIds);
  for (const uri of new Set([fact.doc.uri, ...(ids.size > 0 ? view.wiring.files() : [])]))
    for (const each of view.wiring.facts(uri)) if (each.kind === 'role' && each.id !== undefined && ids.has(each.id)) return each;
  const name = literal(fact.roleName);
  const here = view.wiring.facts(fact.doc.uri).filter((each) => each.kind === 'role');
  return (
    here.find((each) => name !== undefined && literal(each.name) === name && each.doc.index === fact.doc.index) ??
    (chain ?? chainOf(knownBy))?.role
  );
}

function chainOf(user: Move['knownBy']): Chain | undefined {
  return user && 'account' in user ? user : undefined;
}

/** A text that another account's association will have in the folder, as a document of its own: its names are taken. */
function withText(document: SourceDocument, text: string): SourceDocument {
  const tree = document.parse(text);
  return {
    ref: { ...document.ref },
    text,
    syntax: document.syntax,
    relevant: true,
    tree: () => tree,
    parse: (other) => document.parse(other),
  };
}
