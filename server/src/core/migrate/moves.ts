import { isTestData } from '../config/testData';
import { parseRoleArn } from '../model/arn';
import type { PodIdentityAssociationFact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import { isNamespaceName, isServiceAccountName, parseSubject } from '../model/subject';
import { roleArnProblem } from '../model/roleArnProblem';
import { literal, plain } from '../text/texts';
import { asksForRole, policiesOf } from '../trust/access';
import { requestOf } from '../trust/chainVerdict';
import { shownRoleName } from '../trust/roleText';
import { isReplacementFor } from '../trust/sameRole';
import type { WebIdentityRequest } from '../trust/verdict';
import type { Chain, Tie } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { contradicts } from '../wiring/policyIndex';
import { isPartlyKnown, type ReferredRole } from '../wiring/roleReferences';
import { isWeak } from '../wiring/tie';
import type { Wiring } from '../wiring/wiring';
import {
  irsaAdmissions,
  isSame,
  namesAccount,
  namesExactly,
  naming,
  podStatements,
  subjectValues,
  type Admission,
  type Named,
  type PodStatement,
} from './admissions';
import { onlyAccountOf } from './assumed';
import { clusterOf, countPodProviders, hasUnwrittenProvider, type MoveCluster } from './clusters';
import { annotatedWithRole } from './mayBe';
import type { MigrationRequest, MigrationView } from './port';
import { ReplacedPolicies } from './replacedPolicies';
import { grantsOfRole } from './roleGrants';
import type { Steps } from './slices';

/** The trust policy of a role, as far as it is known which it is. */
export type RolePolicy =
  /** In a file: one place, of which one text may give several roles their policy, one in each deployment. */
  | { readonly kind: 'file'; readonly facts: readonly [TrustPolicyFact, ...TrustPolicyFact[]] }
  /** Made by a tool for this account alone (eksctl's), and written nowhere. */
  | { readonly kind: 'made'; readonly facts: readonly [TrustPolicyFact, ...TrustPolicyFact[]] }
  /** In AWS alone. */
  | { readonly kind: 'aws'; readonly facts: readonly [TrustPolicyFact, ...TrustPolicyFact[]] }
  | { readonly kind: 'unknown'; readonly because: string; readonly facts: readonly [] };

/** One account with its role: what is moved. A view, made on demand. */
export interface Move {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** `shop/orders`, for people and for results. */
  readonly shown: string;
  /** Its names as values, where they are known to be one thing. */
  readonly named: Named | undefined;
  /** What its annotation asks for; absent for one without. */
  readonly chain?: Chain;
  /** The account in a manifest, where there is one. */
  readonly account?: ServiceAccountFact;
  /** Associations that give it a role: its cluster's. */
  readonly grants: readonly Grant[];
  /** The role's name as people are shown it. */
  readonly role: string;
  readonly policy: RolePolicy;
  readonly cluster: MoveCluster;
  /** The statements that allow its token. */
  readonly admissions: readonly Admission[];
  /** The statements for Pod Identity. */
  readonly pods: readonly PodStatement[];
  /** What its pods ask of STS by IRSA. */
  readonly request: WebIdentityRequest;
  /** How many clusters the policy has providers of. */
  readonly providers: number;
  /** The same of the statements that name the account. */
  readonly ownProviders: number;
  /** What uses the account, as far as it is in the files: workloads, and operators' objects. */
  readonly workloads: readonly WorkloadFact[];
  /** Another account's annotation or association that tells which role the policy is of, where this one's own names none. */
  readonly knownBy?: Chain | Grant;
  /** True where no file tells the account of the annotation, but the role's trust policy allows only this one. */
  readonly assumed?: true;
  /** An annotation of this account with a role that may be this one, where the account's own names none for certain. */
  readonly perhapsBy?: Chain;
  /** The other way: the policy that may be of the annotation's role, where nothing joins them for certain. */
  readonly perhapsOf?: TrustPolicyFact;
  /** Another cluster whose account of this name has the role, too, where the policy's only provider of a cluster is written in no file. */
  readonly rivalCluster?: string;
  /** Whatever else the files say of an account of this name, in the same deployment: with another role, or for an operator. */
  readonly beside: readonly Move[];
}

/** A move before it is known what else there is of its account. */
type Found = Omit<Move, 'beside' | 'perhapsBy' | 'perhapsOf' | 'rivalCluster'>;

/** Every account that the files wire to a role, by annotation, by association or in a trust policy; sorted by name. */
export function* movesInSteps(view: MigrationView, request: MigrationRequest): Steps<Move[]> {
  const { wiring } = view;
  const moves: Found[] = [];
  const told = new Set<unknown>();
  const seen = new Set<Chain>();
  const unnamed = unnamedAssociations(wiring);
  const replaced = new ReplacedPolicies(wiring);
  const unfilled: Chain[] = [];
  for (const chain of wiring.chains()) {
    if (seen.has(chain) || isExample(wiring, chain.account.doc.uri)) continue;
    seen.add(chain);
    // What another program fills in tells no role, with an association as without one: the policy or the association is the move.
    const fillsIn = request.direction === 'to-pod-identity' && isUnfilled(chain);
    if (fillsIn) unfilled.push(chain);
    if (fillsIn || !asksForRole(chain)) continue;
    yield;
    const move = ofChain(wiring, chain, request, unnamed);
    for (const { association } of move.grants) told.add(association);
    moves.push(move);
  }
  for (const account of wiring.accounts()) {
    yield;
    if (wiring.chainsThrough(account).length > 0 || isExample(wiring, account.doc.uri)) continue;
    for (const { namespace, name } of wiring.identitiesOf(account))
      for (const grant of wiring.grantsOf({ namespace, name, places: [account] })) {
        if (grant.association && (told.has(grant.association) || replaced.has(grant))) continue;
        told.add(grant.association);
        moves.push(ofGrant(wiring, grant, account, request));
      }
  }
  for (const grant of wiring.grants()) {
    const uri = grant.association?.doc.uri;
    yield;
    if (told.has(grant.association) || replaced.has(grant) || (uri !== undefined && isExample(wiring, uri))) continue;
    moves.push(ofGrant(wiring, grant, undefined, request));
  }
  for (const found of ofPolicies(wiring, [...moves], request)) {
    yield;
    moves.push(found);
  }
  return withOthers(moves, unfilled, wiring)
    .filter((move) => isAskedFor(move, request))
    .sort(byName);
}

/** Whether an annotation's value is a placeholder that no file fills in: `${role_arn}` of a template. */
function isUnfilled({ namespace, name, roleArn, reference, request: { value } }: Chain): boolean {
  return (
    namespace !== undefined &&
    name !== undefined &&
    roleArn === undefined &&
    reference === undefined &&
    value !== undefined &&
    roleArnProblem(value) === undefined
  );
}

/** What is filled in once all moves are found. */
type Later = { beside: Move[]; perhapsBy?: Chain; perhapsOf?: TrustPolicyFact; rivalCluster?: string };

/** Joins the moves of one name: an account has one role by EKS Pod Identity in a cluster, and may have operators that need its token. */
function withOthers(found: readonly Found[], unfilled: readonly Chain[], wiring: Wiring): Move[] {
  const moves = found.map((each): Move & Later => ({ ...each, beside: [] }));
  const placeholders = new Map(unfilled.map((chain) => [shownName(chain.namespace, chain.name), chain]));
  const byAccount = new Map<string, typeof moves>();
  const byRole = policiesByRole(found);
  for (const move of moves) {
    const { roleArn, reference, ties } = move.chain ?? {};
    const elsewhere = roleArn && !reference && ties?.length === 0 ? byRole.get(literal(roleArn.name) ?? '') : undefined;
    if (elsewhere && roleArn && !contradicts(elsewhere, roleArn)) move.perhapsOf = elsewhere;
    if (move.namespace === undefined || move.name === undefined) continue;
    const same = byAccount.get(move.shown);
    if (same) same.push(move);
    else byAccount.set(move.shown, [move]);
  }
  for (const same of byAccount.values()) {
    const others = [...same.filter(({ chain }) => chain), ...same.filter(({ chain }) => !chain)].slice(0, mostOfOneName);
    for (const move of same) {
      for (const other of others) if (other !== move && areTogether(move, other, wiring)) move.beside.push(other);
      const rival = isProviderUnwritten(move.policy, move.named) ? others.find((other) => isOfOtherCluster(other, move)) : undefined;
      if (rival?.cluster.name !== undefined) move.rivalCluster = rival.cluster.name;
      for (const other of annotatedWithRole(move, others)) {
        if (other.chain) move.perhapsBy ??= other.chain;
        other.perhapsOf ??= move.policy.facts[0];
      }
      const placeholder = placeholders.get(move.shown);
      if (!move.chain && placeholder) move.perhapsBy ??= placeholder;
    }
  }
  return moves;
}

/** The trust policies in files whose document names their role, by its name: the first of each. */
function policiesByRole(moves: readonly Found[]): Map<string, TrustPolicyFact> {
  const found = new Map<string, TrustPolicyFact>();
  for (const { policy } of moves) {
    const [fact] = policy.facts;
    const name = literal(fact?.roleName ?? (fact?.roleArn && parseRoleArn(fact.roleArn)?.name));
    if (fact && name && policy.kind === 'file' && !found.has(name)) found.set(name, fact);
  }
  return found;
}

/** Each of many moves of one name is compared with the first ones of them only: with each other it would grow with the square. */
const mostOfOneName = 30;

/** Whether two annotations of different clusters request the role of one trust policy. */
function isOfOtherCluster(other: Found, { chain, policy, cluster }: Found): boolean {
  if (!chain || !other.chain || other.cluster.name === undefined || cluster.name === undefined) return false;
  return other.policy.facts[0] === policy.facts[0] && other.cluster.name !== cluster.name;
}

function areTogether(a: Found, b: Found, wiring: Wiring): boolean {
  if (a.cluster.name !== undefined && b.cluster.name !== undefined && a.cluster.name !== b.cluster.name) return false;
  const [x, y] = [a.account ?? a.policy.facts[0], b.account ?? b.policy.facts[0]];
  return x !== undefined && y !== undefined && wiring.together(x, y);
}

function isExample({ settings }: Wiring, uri: string): boolean {
  return isTestData(uri, settings.base);
}

function isAskedFor({ namespace, name, cluster }: Move, request: MigrationRequest): boolean {
  if (request.namespace !== undefined && namespace !== request.namespace) return false;
  if (request.cluster !== undefined && cluster.name !== undefined && cluster.name !== request.cluster) return false;
  return request.accounts?.some((each) => each.namespace === namespace && each.name === name) ?? true;
}

function byName(a: Move, b: Move): number {
  const compare = (x = '\uffff', y = '\uffff'): number => (x < y ? -1 : x > y ? 1 : 0);
  return compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(placeOf(a), placeOf(b));
}

function placeOf({ chain, policy, grants }: Move): string {
  const at = chain?.request ?? policy.facts[0] ?? grants[0]?.association;
  return at ? `${at.doc.uri} ${String(at.doc.start + at.span.start).padStart(10, '0')}` : '';
}

/** The associations whose namespace or account is a value that no file tells: no name joins them with an account. */
function unnamedAssociations(wiring: Wiring): PodIdentityAssociationFact[] {
  const found: PodIdentityAssociationFact[] = [];
  for (const uri of wiring.files())
    for (const fact of wiring.facts(uri))
      if (fact.kind === 'podIdentityAssociation' && (literal(fact.namespace) === undefined || literal(fact.serviceAccount) === undefined))
        found.push(fact);
  return found;
}

/** What an association gives an account that has the very values of the program for its names, and its very role. */
function grantByValues(chain: Chain, associations: readonly PodIdentityAssociationFact[]): Grant[] {
  const { identified, ties, reference, request, workloads } = chain;
  const role = request.value?.refers?.objects;
  if (!identified || !role) return [];
  return associations.flatMap((association): Grant[] => {
    const { namespace, serviceAccount, roleArn } = association;
    if (!namespace || !serviceAccount || !roleArn?.refers?.objects.some((id) => role.includes(id))) return [];
    if (!isSame(namespace, identified.namespace) || !isSame(serviceAccount, identified.name)) return [];
    return [
      {
        namespace: namespace.value,
        serviceAccount: serviceAccount.value,
        cluster: {},
        association,
        role: roleArn,
        sure: association.conditional !== true,
        ties,
        workloads,
        profiles: [],
        ...(reference ? { reference } : {}),
      },
    ];
  });
}

function ofChain(
  wiring: Wiring,
  chain: Chain,
  { cluster: given }: MigrationRequest,
  unnamed: readonly PodIdentityAssociationFact[],
): Found {
  const { account } = chain;
  const policy = policyOf(chain.ties, chain.reference, wiring);
  const assumed = onlyAccountOf(policy, chain, wiring);
  const { namespace, name } = assumed ?? chain;
  const byName = assumed
    ? wiring.grantsOf({ namespace, name, places: [account] })
    : chain.overriddenBy
      ? [chain.overriddenBy]
      : (chain.perhapsOverriddenBy ?? chain.passedBy ?? []);
  const byRole = byName.length === 0 && policy.kind === 'file' ? grantsOfRole(wiring, policy.facts[0], namespace, name) : byName;
  const grants = byRole.length > 0 ? byRole : grantByValues(chain, unnamed);
  const own = grants.find(({ association }) => association !== undefined)?.association;
  const named = namespace !== undefined && name !== undefined ? { namespace: plain(namespace), name: plain(name) } : chain.identified;
  const cluster = clusterOf(wiring, {
    uris: [...(chain.overlays ?? []).map(({ doc }) => doc.uri), account.doc.uri, ...policy.facts.map(({ doc }) => doc.uri)],
    chain,
    policy: ownPart(policy, named),
    named: literal(own?.clusterName),
    given,
  });
  const asked = assumed ? { ...requestOf(chain), namespace, serviceAccount: name } : requestOf(chain);
  const request = fromCluster(asked, cluster, policy, named);
  return {
    ...statementsOf(policy, request, named),
    namespace,
    name,
    named,
    shown: shownName(namespace ?? shownPart(named?.namespace), name ?? shownPart(named?.name) ?? literal(account.name)),
    chain,
    account,
    grants,
    role: shownRoleName(chain.request.value),
    policy,
    cluster,
    request,
    workloads: assumed
      ? wiring.workloadsNamed(assumed.namespace, assumed.name).filter((each) => wiring.together(account, each))
      : chain.workloads,
    ...(assumed ? { assumed: true } : {}),
  };
}

function ofGrant(wiring: Wiring, grant: Grant, account: ServiceAccountFact | undefined, { cluster: given }: MigrationRequest): Found {
  const { namespace, serviceAccount: name, association } = grant;
  const policy = policyOf(grant.ties, grant.reference, wiring);
  const uris = [association?.doc.uri, account?.doc.uri, ...policy.facts.map(({ doc }) => doc.uri)].filter((uri) => uri !== undefined);
  const named = { namespace: plain(namespace), name: plain(name) };
  const cluster = clusterOf(wiring, { uris, policy: ownPart(policy, named), named: grant.cluster.name, given });
  const request = requestFor(namespace, name, cluster, literal(grant.roleArn?.account), policy);
  return {
    ...statementsOf(policy, request, named),
    namespace,
    name,
    named,
    shown: shownName(namespace, name),
    ...(account ? { account } : {}),
    grants: [grant],
    role: grant.role ? shownRoleName(grant.role) : "the association's role",
    policy,
    cluster: { ...cluster, ...grant.cluster },
    request,
    workloads: grant.workloads,
  };
}

/** Accounts that a trust policy alone names: their manifests are in none of the files. */
function* ofPolicies(wiring: Wiring, known: readonly Found[], { cluster: given }: MigrationRequest): Generator<Found> {
  // A policy that may be that of a known account's role says nothing new of it.
  const told = new Set(known.flatMap((move) => [...tiedTo(move)].map((fact) => keyOf(fact, move.shown))));
  for (const fact of wiring.policies()) {
    if ((fact.concerns !== 'irsa' && fact.concerns !== 'both') || isExample(wiring, fact.doc.uri)) continue;
    for (const statement of fact.policy.statements) {
      if (literal(statement.effect?.text) !== 'Allow') continue;
      for (const { value, like } of subjectValues(statement)) {
        const subject = literal(value) === undefined || (like && /[*?]/.test(value.value)) ? undefined : parseSubject(value);
        const [namespace, name] = [literal(subject?.namespace), literal(subject?.name)];
        if (!namespace || !name || !isNamespaceName(namespace) || !isServiceAccountName(name)) continue;
        const shown = shownName(namespace, name);
        if (told.has(keyOf(fact, shown))) continue;
        told.add(keyOf(fact, shown));
        // eksctl's entry with roleOnly makes a role for an account that something else creates.
        const policy: RolePolicy = { kind: kindOf(fact), facts: [fact] };
        const named = { namespace: plain(namespace), name: plain(name) };
        const cluster = clusterOf(wiring, { uris: [fact.doc.uri], policy: ownPart(policy, named), given });
        const knownBy = fact.roleName || fact.roleArn || fact.roleIds?.length ? undefined : roleUser(fact, wiring);
        const request = requestFor(namespace, name, cluster, literal(knownBy?.roleArn?.account), policy);
        const statements = statementsOf(policy, request, named);
        if (!statements.admissions.some(({ by }) => by === 'exact')) continue;
        const associations =
          policy.kind === 'made'
            ? wiring.grantsOf({ namespace, name, places: [] })
            : [...wiring.grantsTo(fact), ...replacing(fact, namespace, name, wiring)];
        const grants = [...associations].filter((grant) => grant.namespace === namespace && grant.serviceAccount === name);
        const role = shownRoleName(fact.roleName ?? fact.roleArn ?? knownBy?.roleArn?.text);
        const workloads = wiring.workloadsNamed(namespace, name).filter((each) => wiring.together(fact, each));
        yield {
          ...statements,
          namespace,
          name,
          named,
          shown,
          grants,
          role,
          policy,
          cluster,
          request,
          workloads,
          ...(knownBy ? { knownBy } : {}),
        };
      }
    }
  }
}

/** The associations of an account whose role was made in the place of a policy's role. */
function replacing(fact: TrustPolicyFact, namespace: string, name: string, wiring: Wiring): readonly Grant[] {
  if (fact.permissions === undefined) return [];
  return wiring.grantsOf({ namespace, name, places: [fact] }).filter((grant) => isReplacementFor(fact, grant));
}

/**
 * An account's annotation or association whose role surely has the policy, of an account that the policy names; undefined
 * where they name several roles, or none.
 */
function roleUser(fact: TrustPolicyFact, wiring: Wiring): Chain | Grant | undefined {
  const { policy } = fact;
  const isNamed = (user: Chain | Grant): boolean => {
    const { namespace, name } = 'account' in user ? user : { namespace: user.namespace, name: user.serviceAccount };
    if (namespace === undefined || name === undefined) return false;
    const named = { namespace: plain(namespace), name: plain(name) };
    return namesExactly(policy, named) || podStatements(policy).some((statement) => namesAccount(statement, named));
  };
  const users = [...wiring.chainsOf(fact), ...wiring.grantsTo(fact)];
  const sure = users.filter((user) => policyOf(user.ties, user.reference, wiring).facts.some((each) => each === fact) && isNamed(user));
  const arns = new Set(sure.map(({ roleArn }) => literal(roleArn?.text)));
  return arns.size === 1 && !arns.has(undefined) ? sure[0] : undefined;
}

function tiedTo({ chain, grants, policy }: Found): Set<TrustPolicyFact> {
  const ties = [...(chain?.ties ?? []), ...grants.flatMap((grant) => grant.ties)];
  return new Set([...policy.facts, ...ties.map((tie) => tie.policy)]);
}

function keyOf({ doc, span }: TrustPolicyFact, shown: string): string {
  return `${doc.uri} ${doc.index} ${span.start} ${shown}`;
}

function requestFor(
  namespace: string,
  name: string,
  cluster: MoveCluster,
  account: string | undefined,
  policy: RolePolicy,
): WebIdentityRequest {
  const asked: WebIdentityRequest = {
    mechanism: 'irsa',
    namespace,
    serviceAccount: name,
    ...(account !== undefined && /^\d{12}$/.test(account) ? { roleAccount: account } : {}),
  };
  return fromCluster(asked, cluster, policy, { namespace: plain(namespace), name: plain(name) });
}

/**
 * A request with the issuer of the account's cluster; without one where the policy names the account for a provider alone that
 * no file writes out: with an issuer that can't be compared to it, nothing could ever be told.
 */
function fromCluster(
  { issuer: asked, ...rest }: WebIdentityRequest,
  cluster: MoveCluster,
  policy: RolePolicy,
  named: Named | undefined,
): WebIdentityRequest {
  const issuer = asked ?? cluster.issuer;
  return issuer === undefined || isProviderUnwritten(policy, named) ? rest : { ...rest, issuer };
}

/** Whether a policy in a file names an account for a provider alone whose issuer no file writes out. */
export function isProviderUnwritten(policy: RolePolicy, named: Named | undefined): boolean {
  const [fact] = policy.kind === 'file' ? policy.facts : [];
  return fact !== undefined && named !== undefined && namesExactly(fact.policy, named) && hasUnwrittenProvider(naming(fact, named));
}

function statementsOf(
  { facts: [fact] }: RolePolicy,
  request: WebIdentityRequest,
  named: Named | undefined,
): Pick<Move, 'admissions' | 'pods' | 'providers' | 'ownProviders'> {
  if (!fact) return { admissions: [], pods: [], providers: 0, ownProviders: 0 };
  return {
    admissions: irsaAdmissions(fact.policy, request, named),
    pods: podStatements(fact.policy),
    providers: countPodProviders(fact),
    ownProviders: countPodProviders(naming(fact, named)),
  };
}

function ownPart({ facts: [fact] }: RolePolicy, named: Named | undefined): TrustPolicyFact | undefined {
  return fact && naming(fact, named);
}

/** The role's trust policy, if it is known which it is: nothing is changed on a guess. */
export function policyOf(ties: readonly Tie[], reference: ReferredRole | undefined, { aws }: Pick<Wiring, 'aws'>): RolePolicy {
  const unknown = (because: string): RolePolicy => ({ kind: 'unknown', because, facts: [] });
  if (reference && isPartlyKnown(reference))
    return unknown(
      reference.unmade > 0
        ? `No file that was read makes the role ${reference.written}.`
        : reference.unread > 0
          ? `The trust policy of ${reference.written} can't be read in the files.`
          : `${reference.written} may be another role, too.`,
    );
  const candidates = policiesOf({ ties });
  const [first] = candidates;
  if (!first)
    return unknown(
      `The role's trust policy is in none of the files${aws ? ' and not in the AWS data' : ''}. Name its file under roles: in pod-roles.yaml, or read it from AWS or from a snapshot.`,
    );
  if (isWeak(first))
    return unknown(`It isn't certain that a trust policy in the files is the role's. Name its file under roles: in pod-roles.yaml.`);
  const places = new Set(candidates.map(({ policy: { doc, span } }) => `${doc.uri} ${doc.index} ${span.start}`));
  if (places.size > 1)
    return unknown(`${places.size} trust policies may be the role's. Name the one that is under roles: in pod-roles.yaml.`);
  const facts = candidates.map(({ policy }) => policy) as [TrustPolicyFact, ...TrustPolicyFact[]];
  return { kind: first.kind === 'aws' ? 'aws' : kindOf(facts[0]), facts };
}

/** A role that a tool makes with its trust policy, which no text of it can change, but for a module's call. */
function kindOf(fact: TrustPolicyFact): 'made' | 'file' {
  return fact.made && fact.policy.form !== 'hcl-module' ? 'made' : 'file';
}

function shownName(namespace: string | undefined, name: string | undefined): string {
  const shown = name ?? 'a service account';
  return namespace === undefined ? shown : `${namespace}/${shown}`;
}

function shownPart(text: Named['name'] | undefined): string | undefined {
  if (!text) return undefined;
  return text.value.replace(/^\$\{([^{}]*)\}$/, '$1');
}
