import { defaultAudience } from '../../model/subject';
import type { Edit } from '../../rules/rule';
import type { ServiceAccountFact } from '../../model/facts';
import { literal } from '../../text/texts';
import type { Wiring } from '../../wiring/wiring';
import { providerArnFor } from '../clusters';
import type { Move } from '../moves';
import { providerInFiles } from '../provider';
import { documentOf, spelledNames } from '../spelling';
import type { Spelling, WebIdentityAccount } from '../types';
import { emptyPart, type Candidate, type PartMaker, type StepContext } from './part';
import { changeTrust, noTrustChange } from './trustChange';

/** Expand, towards IRSA: the trust policy allows the accounts' tokens too, and each account gets its annotation. */
export const addIrsa: PartMaker = (group, context) => {
  const { host } = context;
  const refused: { candidate: Candidate; reason: string }[] = [];
  const kept: Candidate[] = [];
  const edits: Edit[] = [];
  const toAllow: WebIdentityAccount[] = [];
  for (const candidate of group.candidates) {
    const { move, standing } = candidate;
    const needs = !standing.irsaNamed && standing.irsa !== 'allowed';
    const account = needs ? webIdentityAccount(move, context) : undefined;
    const annotation = annotationOf(candidate, context);
    const reason =
      move.policy.kind === 'made' || move.policy.kind === 'unknown'
        ? 'The role is made by a tool, or its trust policy is unknown: add IRSA where the role is made.'
        : typeof account === 'string'
          ? account
          : 'refused' in annotation
            ? annotation.refused
            : undefined;
    if (reason !== undefined || typeof account === 'string' || 'refused' in annotation) {
      refused.push({ candidate, reason: reason! });
      continue;
    }
    kept.push(candidate);
    edits.push(...annotation.made);
    if (account) toAllow.push(account);
  }
  const [first] = kept;
  if (!first) return { refused };
  const trust =
    toAllow.length === 0
      ? { made: noTrustChange }
      : changeTrust(first.move.policy, host, (own, document, editor) => editor.allowWebIdentity(own, document, toAllow));
  if ('refused' in trust) return { refused: [...refused, ...kept.map((candidate) => ({ candidate, reason: trust.refused }))] };
  const { edits: ofTrust, script, inAws } = trust.made;
  return { part: { ...emptyPart, candidates: kept, edits: [...edits, ...ofTrust], script, ...(inAws ? { inAws } : {}) }, refused };
};

function webIdentityAccount(move: Move, { host }: StepContext): WebIdentityAccount | string {
  const { issuer } = move.cluster;
  const [fact] = move.policy.facts;
  const spelled = issuer === undefined ? providerInFiles(move, host) : undefined;
  if ((issuer === undefined && !spelled) || !fact) return "The cluster's OIDC issuer isn't known. Add it to the cluster in pod-roles.yaml.";
  const names = spelledNames(move, documentOf(fact, host.source));
  if (!names) return "The service account's namespace and name aren't known.";
  if (issuer === undefined) return { ...names, ...spelled!, audience: defaultAudience };
  const grant = move.grants[0];
  const account = literal(grant?.roleArn?.account) ?? move.cluster.account ?? grant?.cluster.account;
  const partition = literal(grant?.roleArn?.partition) ?? grant?.cluster.partition ?? 'aws';
  const known = providerArnFor(fact, issuer);
  if (known === undefined && (account === undefined || !/^\d{12}$/.test(account)))
    return "The role's AWS account isn't known, so the OIDC provider can't be named.";
  const provider: Spelling = { text: known ?? `arn:${partition}:iam::${account}:oidc-provider/${issuer}` };
  return { ...names, provider, issuer: { text: issuer }, audience: defaultAudience };
}

/** The annotation role-arn, where the account has none. */
function annotationOf(
  { move, standing }: Candidate,
  { host }: StepContext,
): { readonly made: readonly Edit[] } | { readonly refused: string } {
  if (standing.annotation) return { made: [] };
  const account = move.account ?? accountOf(move, host.view.wiring);
  if (!account) return { refused: 'Its service account is in none of the files, so nothing takes the annotation.' };
  const document = documentOf(account, host.source);
  if (!document) return { refused: 'The text of the service account is not at hand.' };
  const role = roleSpelling(move, account, host.view.wiring);
  if (!role) return { refused: "The role's ARN isn't known from the files." };
  return host.editors.addAnnotation(account, document, { 'eks.amazonaws.com/role-arn': role });
}

function accountOf({ namespace, name }: Move, wiring: Wiring): ServiceAccountFact | undefined {
  const found = namespace === undefined || name === undefined ? [] : wiring.accountsNamed(name, namespace);
  return found.length === 1 ? found[0] : undefined;
}

/** The role as the account's file can write it: its ARN where that is known, its own expression within one Terraform folder. */
function roleSpelling({ grants: [grant], cluster }: Move, account: ServiceAccountFact, wiring: Wiring): Spelling | undefined {
  const arn = literal(grant?.roleArn?.text);
  if (arn !== undefined) return { text: arn };
  const folder = (uri: string): string => uri.slice(0, uri.lastIndexOf('/'));
  const written = grant?.association?.roleArn?.refers?.written;
  if (
    written !== undefined &&
    grant?.association &&
    folder(grant.association.doc.uri) === folder(account.doc.uri) &&
    /\.tf$/.test(account.doc.uri)
  )
    return { expression: written };
  // Without its path a role's name gives no ARN; AWS has it whole.
  const name = literal(grant?.roleArn?.name) ?? literal(grant?.association?.roleName);
  const owner = cluster.account ?? grant?.cluster.account;
  const [only, another] = name === undefined || owner === undefined ? [] : (wiring.aws?.rolesNamed(owner, name) ?? []);
  return only && !another ? { text: only.arn } : undefined;
}
