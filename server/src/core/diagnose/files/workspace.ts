import { plain, literal } from '../../text/texts';
import { shownText } from '../../text/shown';
import type { ServiceAccountFact } from '../../model/facts';
import type { Finding } from '../../rules/rule';
import type { Place } from '../../syntax/sourceFile';
import { accessByGrant, accessOf, asksForRole, type Access } from '../../trust/access';
import { allowedInstead } from '../../trust/subjects';
import { audienceOf } from '../../trust/chainVerdict';
import { defaultAudience } from '../../model/subject';
import type { WorkspaceView } from '../../features/workspaceView';
import type { Chain } from '../../wiring/chain';
import type { Grant } from '../../wiring/grants';
import type { FileAnswer, Files, Question } from './port';

/** The workspace as the engine asks it. */
export function filesOf(view: WorkspaceView): Files {
  return { look: (question) => look(view, question) };
}

function look(view: WorkspaceView, question: Question): FileAnswer[] {
  if (question.isWorkload && question.namespace !== undefined && question.name !== undefined) view.readWorkloadsOf?.(question.name);
  const accounts = accountsOf(view, question);
  const found = accounts.flatMap((account) => ofAccount(view, account, question));
  if (found.length > 0) return found;
  const { namespace, name } = question;
  const grants = namespace === undefined || name === undefined ? [] : [...view.wiring.grantsOf({ namespace, name, places: [] })];
  const given = grants.filter((grant) => fitsRole(question, literal(grant.roleArn?.text))).map((grant) => ofGrant(view, grant, undefined));
  return given.length > 0 ? given : ofRole(view, question);
}

/** The accounts that the question names: by themselves, by a workload, or by the role that they ask for. */
function accountsOf(view: WorkspaceView, { namespace, name, isWorkload, roleArn }: Question): ServiceAccountFact[] {
  const { wiring } = view;
  if (name === undefined) {
    if (roleArn === undefined) return [];
    return [...wiring.accounts()].filter((account) => wiring.chainsFor(account).some((chain) => literal(chain.roleArn?.text) === roleArn));
  }
  if (isWorkload) {
    const used = [...wiring.workloads()].filter(
      (workload) => literal(workload.name) === name && (wiring.namespaceOf(workload) ?? namespace) === namespace,
    );
    const accounts = new Set(used.flatMap((workload) => wiring.accountsOf(workload)));
    if (accounts.size > 0) return [...accounts];
  }
  return [...wiring.accounts()].filter((account) => isNamed(view, account, namespace, name));
}

function isNamed(view: WorkspaceView, account: ServiceAccountFact, namespace: string | undefined, name: string): boolean {
  const chains = view.wiring.chainsFor(account);
  const identities = chains.length > 0 ? chains : view.wiring.identitiesOf(account);
  return identities.some(
    (each) => (each.name ?? literal(account.name)) === name && (namespace === undefined || (each.namespace ?? namespace) === namespace),
  );
}

function ofAccount(view: WorkspaceView, account: ServiceAccountFact, question: Question): FileAnswer[] {
  const { namespace, name, roleArn, mechanism, isWorkload } = question;
  const own = view.wiring
    .chainsThrough(account)
    .filter(asksForRole)
    .filter((chain) => isWorkload || name === undefined || (chain.name ?? literal(account.name)) === name)
    .filter((chain) => namespace === undefined || (chain.namespace ?? namespace) === namespace);
  const grants = grantsFor(view, account, question);
  if (mechanism === 'pod-identity' && grants.length > 0) return grants.map((grant) => ofGrant(view, grant, account));
  const chains = own.filter((chain) => fitsRole(question, literal(chain.roleArn?.text)));
  if (chains.length > 0) return chains.map((chain) => ofChain(view, chain, question)).sort((a, b) => urgency(a) - urgency(b));
  if (own.length === 0 && grants.length > 0) return grants.map((grant) => ofGrant(view, grant, account));
  // The account asks for another role than the pod did.
  if (own.length > 0 && roleArn !== undefined)
    return [...ofRole(view, question), ...own.map((chain) => ({ ...ofChain(view, chain, {}), fault: 'other-role' }))];
  return own.length > 0 ? [] : [withoutRole(view, account, question)];
}

function grantsFor(view: WorkspaceView, account: ServiceAccountFact, question: Question): Grant[] {
  const [identity] = view.wiring.identitiesOf(account);
  const namespace = identity?.namespace ?? question.namespace;
  const name = identity?.name ?? literal(account.name);
  return [...view.wiring.grantsOf({ namespace, name, places: [account] })].filter((grant) =>
    fitsRole(question, literal(grant.roleArn?.text)),
  );
}

function fitsRole({ roleArn }: Question, other: string | undefined): boolean {
  return roleArn === undefined || other === undefined || other === roleArn;
}

function urgency({ decision }: FileAnswer): number {
  return decision === 'denied' ? 0 : decision === 'unknown' ? 1 : 2;
}

function ofChain(view: WorkspaceView, chain: Chain, question: Question): FileAnswer {
  const asked = askedChain(chain, question);
  const own = view.access(chain);
  const access = asked === chain ? own : accessOf(asked, view.wiring.aws);
  const sameAsFiles = own.decision === access.decision && own.reason === access.reason && own.fault === access.fault;
  const namespace = asked.namespace;
  const name = asked.name ?? literal(chain.account.name);
  return {
    ...answer(view, access, sameAsFiles ? chain : undefined, chain.account),
    account: accountText(namespace, name),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    accountPlace: { doc: chain.account.doc, span: chain.account.head },
    asks: true,
    ...(literal(chain.roleArn?.text) === undefined ? {} : { roleArn: literal(chain.roleArn?.text)! }),
    skips: chain.workloads
      .filter(({ skipsWebhook }) => skipsWebhook)
      .slice(0, 3)
      .map((workload) => ({
        text: `${workload.objectKind} ${workload.name ? shownText(workload.name) : ''} has the label that keeps the webhook away.`,
        place: { doc: workload.doc, span: workload.head },
      })),
    sure: isSure(access, asked),
  };
}

/** The chain with what the evidence says of the token in the place of what files leave open. */
function askedChain(chain: Chain, { namespace, name, isWorkload, issuer, audience, mechanism }: Question): Chain {
  let asked = chain;
  if (namespace !== undefined && asked.namespace === undefined) asked = { ...asked, namespace };
  if (name !== undefined && asked.name === undefined && !isWorkload) asked = { ...asked, name };
  if (issuer !== undefined && asked.issuer !== issuer) asked = { ...asked, issuer };
  if (audience !== undefined && (literal(audienceOf(chain)?.value) ?? defaultAudience) !== audience)
    asked = { ...asked, audience: { ...chain.request, value: plain(audience) } };
  // A web identity token proves that no association took the annotation's place.
  if (mechanism === 'irsa' && asked.overriddenBy) {
    const { overriddenBy: _overriddenBy, ...rest } = asked;
    asked = rest;
  }
  return asked;
}

/** What the role's policy says of an account that no file has, or that asks for another role: by an account that asks for the role, or by AWS. */
function ofRole(view: WorkspaceView, question: Question): FileAnswer[] {
  const { roleArn, namespace, name, issuer } = question;
  if (roleArn === undefined || namespace === undefined || name === undefined || question.isWorkload) return [];
  const model = [...view.wiring.chains()].find((chain) => literal(chain.roleArn?.text) === roleArn);
  if (!model) return [];
  const { overriddenBy: _overriddenBy, issuer: _issuer, ...rest } = model;
  const asked = askedChain({ ...rest, namespace, name, ...(issuer === undefined ? {} : { issuer }) }, question);
  const access = accessOf(asked, view.wiring.aws);
  return [
    {
      ...answer(view, access, undefined, undefined),
      account: accountText(namespace, name),
      namespace,
      name,
      asks: false,
      roleArn,
      skips: [],
      sure: isSure(access, asked),
    },
  ];
}

function ofGrant(view: WorkspaceView, grant: Grant, account: ServiceAccountFact | undefined): FileAnswer {
  const access = accessByGrant(grant, view.wiring.aws);
  const arn = literal(grant.roleArn?.text);
  return {
    ...answer(view, access, undefined, account),
    account: accountText(grant.namespace, grant.serviceAccount),
    namespace: grant.namespace,
    name: grant.serviceAccount,
    ...(account ? { accountPlace: { doc: account.doc, span: account.head } } : {}),
    asks: true,
    ...(arn === undefined ? {} : { roleArn: arn }),
    ...(grant.cluster.name === undefined ? {} : { cluster: grant.cluster.name }),
    skips: [],
    sure: grant.sure && isSureTie(access),
  };
}

function withoutRole(view: WorkspaceView, account: ServiceAccountFact, question: Question): FileAnswer {
  const [identity] = view.wiring.identitiesOf(account);
  const namespace = identity?.namespace ?? question.namespace;
  const name = identity?.name ?? literal(account.name);
  const place = { doc: account.doc, span: account.head };
  return {
    account: accountText(namespace, name),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    accountPlace: place,
    place,
    asks: false,
    steps: [],
    fixes: [],
    skips: [],
    sure: namespace !== undefined && name !== undefined && !account.open,
  };
}

/** The parts of an answer that come from the one verdict and from what rules report of it. */
function answer(
  view: WorkspaceView,
  access: Access,
  chain: Chain | undefined,
  account: ServiceAccountFact | undefined,
): Pick<FileAnswer, 'mechanism' | 'role' | 'decision' | 'fault' | 'reason' | 'allowedInstead' | 'steps' | 'place' | 'fixes' | 'tie'> {
  const found = access.decision === 'denied' ? findingsOf(view, access, chain, account) : [];
  const steps = access.decision === 'denied' ? failedSteps(access) : [];
  const place =
    steps.find((step) => step.place)?.place ??
    found[0]?.at ??
    policyPlace(access) ??
    (account ? { doc: account.doc, span: account.head } : undefined);
  const { tie } = access;
  return {
    mechanism: access.mechanism,
    role: access.role,
    decision: access.decision,
    ...(access.fault === undefined ? {} : { fault: access.fault }),
    ...(access.reason === undefined ? {} : { reason: access.reason }),
    ...(insteadOf(access) === undefined ? {} : { allowedInstead: insteadOf(access)! }),
    steps,
    ...(place ? { place } : {}),
    fixes: withoutRepeats(found.flatMap(({ fixes, at }) => fixes.map(({ title, edits }) => ({ title, place: at, edits })))).slice(0, 6),
    ...(tie && tie.kind !== 'document' && tie.kind !== 'aws' ? { tie: tie.because } : {}),
  };
}

/** A mismatch is reported on both sides, with the same fixes: each is offered once. */
function withoutRepeats(fixes: FileAnswer['fixes']): FileAnswer['fixes'] {
  const keyOf = ({ title, edits }: FileAnswer['fixes'][number]): string =>
    JSON.stringify([title, edits.map(({ doc, span, newText }) => [doc.uri, doc.start + span.start, doc.start + span.end, newText])]);
  const seen = new Set<string>();
  return fixes.filter((fix) => {
    const key = keyOf(fix);
    return !seen.has(key) && seen.add(key);
  });
}

/** What rules report of the cause, the side of the trust policy first. */
function findingsOf(view: WorkspaceView, access: Access, chain: Chain | undefined, account: ServiceAccountFact | undefined): Finding[] {
  const causes = view.causes(access, chain, account);
  const uris = new Set([
    ...(access.tie && access.tie.kind !== 'aws' ? [access.tie.policy.doc.uri] : []),
    ...(access.grant?.association ? [access.grant.association.doc.uri] : []),
    ...(chain ? [chain.request.doc.uri] : []),
  ]);
  return [...uris]
    .flatMap((uri) => view.check(uri).filter(({ rule }) => causes.includes(rule)))
    .filter((finding) => concerns(finding, access, chain));
}

function concerns({ at }: Finding, { tie, grant }: Access, chain: Chain | undefined): boolean {
  const within = (place: { readonly doc: Place['doc']; readonly span: Place['span'] } | undefined): boolean =>
    place !== undefined &&
    at.doc.uri === place.doc.uri &&
    at.doc.index === place.doc.index &&
    at.span.start >= place.span.start &&
    at.span.end <= place.span.end;
  return within(tie && { doc: tie.policy.doc, span: tie.policy.policy.span }) || within(grant?.association) || within(chain?.account);
}

/** Whom the policy allows in the place of the one that it refuses: "shop/order". */
function insteadOf({ verdict, tie, decision }: Access): string | undefined {
  if (decision !== 'denied' || !verdict || !tie) return undefined;
  const instead = allowedInstead(verdict, tie.policy);
  if (instead === undefined || instead === 'placeholder') return undefined;
  const names = [...new Set(instead.map(({ account }) => `${account.namespace}/${account.name}`))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function failedSteps({ verdict, tie }: Access): { readonly text: string; readonly place?: Place }[] {
  const failed = (verdict?.trace ?? []).filter(({ matched, element }) => matched === false && element !== 'Statement');
  return failed.slice(0, 6).map(({ message, span }) => ({
    text: message,
    ...(span && tie && tie.kind !== 'aws' ? { place: { doc: tie.policy.doc, span } } : {}),
  }));
}

function policyPlace({ tie, grant }: Access): Place | undefined {
  if (tie && tie.kind !== 'aws')
    return { doc: tie.policy.doc, span: { start: tie.policy.policy.span.start, end: tie.policy.policy.span.start } };
  return grant?.association ? { doc: grant.association.doc, span: grant.association.head } : undefined;
}

function isSure(access: Access, chain: Chain): boolean {
  return chain.namespace !== undefined && (chain.name ?? literal(chain.account.name)) !== undefined && isSureTie(access);
}

/** A policy that is the only one in its folder may be another role's; one in the role's own folder, or named by a file, is the role's. */
function isSureTie({ tie, fault, verdict }: Access): boolean {
  if (verdict?.disagreeing !== undefined) return false;
  return fault === 'role-arn' || fault === 'role-missing' || (tie !== undefined && tie.kind !== 'only-one');
}

function accountText(namespace: string | undefined, name: string | undefined): string {
  return namespace === undefined ? (name ?? 'a service account') : `${namespace}/${name ?? '?'}`;
}
