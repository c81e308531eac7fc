import { count, isCrowd, mostTies, pairsOfOneName, type Crowd } from './crowds';
import { accountsInPath, isKindOfFile } from './deployment';
import { FactMap } from './factMap';
import { Derived, type Lookups } from './lookups';
import { isCommon, rankOf, type Ground, type Placed } from './ground';
import { OrderedFacts } from './orderedFacts';
import { roleKey, roleNamesOfPath } from './roleNames';
import type { Tie } from './tie';
import { filePath, folderKey, pathKey, resolvePath } from '../config/paths';
import { parseProviderArn, parseRoleArn, type RoleArn } from '../model/arn';
import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import { parseSubject } from '../model/subject';
import type { DocumentRef } from '../syntax/sourceFile';
import { equal, literal, trim } from '../text/texts';

/** A role whose trust policy is looked for: what an account's annotation, or an association, names. */
export interface Asking {
  /** Absent where an association refers to the role by its name alone. */
  readonly arn?: RoleArn | undefined;
  /** The role's name, literal. */
  readonly name: string;
  /** What names it (the account and its overlay, or the association): a policy must go with all of them. */
  readonly places: readonly [Placed, ...Placed[]];
  /** The account with the annotation: the only one of them may have the only policy beside it. */
  readonly account?: ServiceAccountFact;
  /** What the account is called where it is deployed, where that is known. */
  readonly who?: { readonly namespace: string; readonly name: string };
}

/** What else decides a tie. */
export interface TieSurroundings {
  ground(a: Placed, b: Placed): Ground;
  /** The issuer of the cluster that pod-roles.yaml deploys a file to. */
  issuerOf(uri: string): string | undefined;
  /** True when some account's annotation, or some association, of the workspace names a role of that name; and how many do. */
  isAskedFor(roleName: string): boolean;
  countAsking(roleName: string): number;
  /** Every account with a role annotation whose file stands in a folder. */
  askingIn(folder: string): Iterable<ServiceAccountFact>;
  /** The same for the folders directly in a folder. */
  askingBelow(folder: string): Iterable<ServiceAccountFact>;
  /** Role ARNs or names that `roles:` of pod-roles.yaml maps to a file. */
  configured(uri: string): readonly string[];
  /** Path keys of the files from which a role's own file says that its trust policy is read; and the roles that read a file. */
  filesOfRole(roleName: string): Iterable<string>;
  rolesOfFile(uri: string): Iterable<string>;
}

/** Of more policies that name an account than this none is tied to it by its subject. */
const mostOfOneSubject = 200;

/** Stems that say what a file is, not whose. */
const plainStem =
  /^(?:(?:iam|irsa|eks|oidc|aws|role|roles|policy|policies|sa|pod|identity|web|document|main|index|service|account)[-_. ]?)*$/i;

/** Trust policies that concern EKS, by what says whose they are. Ties are by contract.md, "How a trust policy finds its role". */
export class PolicyIndex {
  private readonly byDocumentName: OrderedFacts<TrustPolicyFact>;
  private readonly byPathName: OrderedFacts<TrustPolicyFact>;
  private readonly byFolder: FactMap<string, TrustPolicyFact>;
  private readonly byPath: OrderedFacts<TrustPolicyFact>;
  /** Policies that concern no pod (a role of EC2), of roles that their documents name. */
  private readonly othersByDocumentName: OrderedFacts<TrustPolicyFact>;
  private readonly othersByStem: OrderedFacts<TrustPolicyFact>;
  private readonly bySubjectWord: OrderedFacts<TrustPolicyFact>;
  /** So many pairs of one role are compared. */
  private readonly mostPairs: Derived<number>;

  constructor(
    private readonly surroundings: TieSurroundings,
    lookups: Lookups,
  ) {
    this.byDocumentName = new OrderedFacts(lookups);
    this.byPathName = new OrderedFacts(lookups);
    this.byFolder = new FactMap(lookups);
    this.byPath = new OrderedFacts(lookups);
    this.othersByDocumentName = new OrderedFacts(lookups);
    this.othersByStem = new OrderedFacts(lookups);
    this.bySubjectWord = new OrderedFacts(lookups);
    this.mostPairs = new Derived(lookups, () =>
      pairsOfOneName(
        [this.byDocumentName, this.byPathName].flatMap((map) => [...map.keys()].map((name) => this.pairs(map, name))),
        mostTies,
      ),
    );
  }

  add(fact: TrustPolicyFact): void {
    for (const [map, key] of this.keys(fact)) map.add(key, fact);
  }

  remove(fact: TrustPolicyFact): void {
    for (const [map, key] of this.keys(fact)) map.delete(key, fact);
  }

  /** Policies with a literal subject whose name or namespace is the word. */
  speakingOf(word: string): readonly TrustPolicyFact[] {
    return this.bySubjectWord.get(word);
  }

  /** Policies whose document or path names a role, whether that makes a tie or not. */
  *claiming(roleName: string): Generator<TrustPolicyFact> {
    yield* this.byDocumentName.get(roleName);
    yield* this.byPathName.get(roleName);
    yield* this.othersByDocumentName.get(roleName);
    yield* this.othersByStem.get(roleName);
  }

  /** True where a policy's document names a role so. */
  isOfNamed(roleName: string): boolean {
    return this.byDocumentName.size(roleName) > 0 || this.othersByDocumentName.size(roleName) > 0;
  }

  private *keys(fact: TrustPolicyFact): Generator<[Pick<FactMap<string, TrustPolicyFact>, 'add' | 'delete'>, string]> {
    if (fact.concerns === 'other') {
      yield [this.byPath, pathKey(fact.doc.uri)];
      if (isNamed(fact)) {
        const name = documentRoleName(fact);
        if (name !== undefined) yield [this.othersByDocumentName, name];
        return;
      }
      for (const name of pathNames(fact).stem) yield [this.othersByStem, name];
      return;
    }
    const { uri } = fact.doc;
    yield [this.byPath, pathKey(uri)];
    yield [this.byFolder, folderKey(uri)];
    for (const word of subjectWords(fact)) yield [this.bySubjectWord, word];
    if (isNamed(fact)) {
      const name = documentRoleName(fact);
      if (name !== undefined) yield [this.byDocumentName, name];
      return;
    }
    const { stem, folders } = pathNames(fact);
    for (const name of new Set([...stem, ...folders])) yield [this.byPathName, name];
  }

  /** Policies that stand in a file, by its path key. */
  inFile(path: string): readonly TrustPolicyFact[] {
    return this.byPath.get(path);
  }

  /**
   * The policies that may be those of the role asked for, strongest tie first; of one kind, those alone that have most in
   * common with what asks. `configuredFiles`: what pod-roles.yaml maps the role to.
   */
  tiesOf(asking: Asking, configuredFiles: readonly string[]): Tie[] {
    const found = new Set<TrustPolicyFact>();
    const ranked: { readonly tie: Tie; readonly rank: number }[] = [];
    const tie = (policy: TrustPolicyFact, kind: Tie['kind'], because: string, ground: Ground | undefined): void => {
      if (found.has(policy)) return;
      found.add(policy);
      ranked.push({
        tie: { kind, policy, because, ...(ground && isCommon(ground) ? { ground: ground.because } : {}) },
        rank: ground ? rankOf(ground) : Infinity,
      });
    };
    for (const path of configuredFiles) {
      for (const policy of this.byPath.get(path))
        if (policy.concerns !== 'other' && (!isNamed(policy) || namesRole(policy, asking)))
          tie(policy, 'config', 'named in pod-roles.yaml', undefined);
    }
    const [documents, paths] = [this.byDocumentName, this.byPathName].map((map) =>
      this.isFull(map, asking.name) ? [] : map.get(asking.name),
    ) as [readonly TrustPolicyFact[], readonly TrustPolicyFact[]];
    for (const policy of documents) {
      const ground = this.isFree(policy) && namesRole(policy, asking) ? this.groundOf(policy, asking) : undefined;
      if (ground) tie(policy, 'document', policy.ownRoleOnly ? 'named by its role' : 'named in the same document', ground);
    }
    for (const path of this.surroundings.filesOfRole(asking.name)) {
      for (const policy of this.byPath.get(path)) {
        const ground = policy.concerns !== 'other' && this.isFree(policy) ? this.groundOf(policy, asking) : undefined;
        if (ground) tie(policy, 'document', 'read by its role', ground);
      }
    }
    for (const policy of paths) {
      const ground = this.isFree(policy) && !contradictsAsked(policy, asking) ? this.groundOf(policy, asking) : undefined;
      const part = ground && this.pathTie(policy, asking);
      if (part) tie(policy, 'path', part === 'stem' ? 'from its file name' : 'from its folder', ground);
    }
    if (ranked.length === 0 && asking.account) {
      const only = this.onlyOne(asking, asking.account);
      if (only) tie(only, 'only-one', 'as the only one next to the only annotated service account', this.groundOf(only, asking));
    }
    // A role for EC2 or GitHub is the one that is asked for, where no other of that name is.
    if (!asking.account || ranked.length === 0) {
      for (const policy of this.othersByDocumentName.get(asking.name)) {
        const ground = namesRole(policy, asking) ? this.groundOf(policy, asking) : undefined;
        if (ground) tie(policy, 'document', 'named by its role', ground);
      }
    }
    for (const policy of asking.account && ranked.length === 0 ? this.othersByStem.get(asking.name) : []) {
      const ground = this.isFree(policy) ? this.groundOf(policy, asking) : undefined;
      if (ground) tie(policy, 'path', 'by its file name', ground);
    }
    if (asking.account && ranked.length === 0) {
      const only = this.onlySubject(asking);
      if (only) tie(only, 'subject', 'as the only one that allows just this account', this.groundOf(only, asking));
    }
    return nearestOfKind(ranked);
  }

  /** Names of roles that a policy may be tied to by anything but being the only one. */
  roleNamesOf(policy: TrustPolicyFact): string[] {
    const configured = this.surroundings.configured(policy.doc.uri);
    const named = documentRoleName(policy);
    const { stem, folders } = pathNames(policy);
    const names = isNamed(policy) ? (named === undefined ? [] : [named]) : [...stem, ...folders];
    return [...new Set([...configured.map(lastSegment), ...this.surroundings.rolesOfFile(policy.doc.uri), ...names])];
  }

  /** EKS policies in a folder, or in the `iam` folder in it or beside it; so many at most. */
  beside(folder: string, most = Infinity): TrustPolicyFact[] {
    const found: TrustPolicyFact[] = [];
    for (const each of new Set([folder, resolvePath(folder, 'iam'), resolvePath(folder, '../iam')])) {
      if (each === undefined) continue;
      for (const policy of this.byFolder.get(each)) {
        if (found.length >= most) return found;
        found.push(policy);
      }
    }
    return found;
  }

  /** Every account, some twice, that asks for a role beside a policy: in its folder, or around the `iam` folder that it stands in. */
  *askingBeside(policy: TrustPolicyFact): Generator<ServiceAccountFact> {
    const folder = folderKey(policy.doc.uri);
    yield* this.surroundings.askingIn(folder);
    if (!/(^|\/)iam$/.test(folder)) return;
    const parent = folder.slice(0, -'iam'.length).replace(/\/$/, '');
    yield* this.surroundings.askingIn(parent);
    yield* this.surroundings.askingBelow(parent);
  }

  /** The roles for which so many accounts ask, and whose so many policies may be, that none of them are joined. */
  *crowds(): Generator<Crowd> {
    for (const map of [this.byDocumentName, this.byPathName]) {
      for (const name of map.keys()) {
        if (!this.isFull(map, name)) continue;
        const asking = this.surroundings.countAsking(name);
        yield {
          uri: map.get(name)[0]!.doc.uri,
          reason: `read in part: ${count(asking, 'account uses', 'accounts use')} one role, and ${count(map.size(name), 'trust policy', 'trust policies')} may be its own, too many to tell which is`,
        };
      }
    }
  }

  /** True for a role for which too many accounts ask, and whose too many policies may be, to join them. */
  isCrowded(roleName: string): boolean {
    return this.isFull(this.byDocumentName, roleName) || this.isFull(this.byPathName, roleName);
  }

  private isFull(map: OrderedFacts<TrustPolicyFact>, roleName: string): boolean {
    return isCrowd(this.pairs(map, roleName), this.mostPairs);
  }

  private pairs(map: OrderedFacts<TrustPolicyFact>, roleName: string): number {
    return map.size(roleName) * this.surroundings.countAsking(roleName);
  }

  /** False where pod-roles.yaml says whose a policy is: then nothing weaker counts. A file may have others, which name their roles. */
  private isFree(policy: TrustPolicyFact): boolean {
    const configured = this.surroundings.configured(policy.doc.uri);
    const named = configured.length === 0 ? undefined : documentRoleName(policy);
    return configured.length === 0 || (named !== undefined && !configured.some((role) => lastSegment(role) === named));
  }

  /** What a policy has in common with what asks; undefined where it is of another deployment than any of that. */
  private groundOf(policy: TrustPolicyFact, { places }: Asking): Ground | undefined {
    let best: Ground | undefined;
    for (const place of places) {
      const ground = this.joined(policy, place);
      if (ground.kind === 'apart') return undefined;
      if (!best || rankOf(ground) > rankOf(best)) best = ground;
    }
    return best;
  }

  /** One of another environment by its folder, which names its role, is the account's, too, where it trusts the provider of its cluster. */
  private joined(policy: TrustPolicyFact, place: Placed): Ground {
    const ground = this.surroundings.ground(policy, place);
    if (ground.kind !== 'apart' || !isNamed(policy)) return ground;
    const issuer = this.surroundings.issuerOf(place.doc.uri);
    if (issuer === undefined || !trustsIssuer(policy, issuer)) return ground;
    return { kind: 'near', because: "it trusts the OIDC provider of the service account's cluster" };
  }

  private pathTie(policy: TrustPolicyFact, asking: Asking): 'stem' | 'folder' | undefined {
    const { stem, folders } = pathNames(policy);
    const own = stem.find((name) => this.surroundings.isAskedFor(name));
    if (own !== undefined) return own === asking.name ? 'stem' : undefined;
    const nearest = folders.findIndex((name) => this.surroundings.isAskedFor(name));
    if (nearest < 0 || folders[nearest] !== asking.name) return undefined;
    // A folder further up that holds the account too (the repository's own name) says nothing of this policy.
    const folder = folders.slice(nearest).reverse().join('/');
    if (nearest > 0 && `${folderKey(asking.places[0].doc.uri)}/`.startsWith(`${folder}/`)) return undefined;
    const another = stem[stem.length - 1];
    if (another !== undefined && !plainStem.test(another) && this.byFolder.get(folderKey(policy.doc.uri)).size > 1) return undefined;
    return 'folder';
  }

  private onlyOne(asking: Asking, own: ServiceAccountFact): TrustPolicyFact | undefined {
    const folder = folderKey(own.doc.uri);
    const [policy, other] = this.beside(folder, 2);
    if (!policy || other || isNamed(policy) || !this.isFree(policy)) return undefined;
    if (!this.groundOf(policy, asking) || contradictsAsked(policy, asking)) return undefined;
    const { stem, folders } = pathNames(policy);
    if (stem.some((name) => this.surroundings.isAskedFor(name)) || this.surroundings.isAskedFor(folders[0] ?? '')) return undefined;
    for (const account of this.askingBeside(policy)) if (account !== own) return undefined;
    return policy;
  }

  /** True for a subject's word that so many policies hold that nobody can tell which of them is meant. */
  isOfMany(word: string): boolean {
    return this.bySubjectWord.size(word) > mostOfOneSubject;
  }

  /** The one policy without a name whose only subject is the account that asks, with a provider of the role's AWS account. */
  private onlySubject(asking: Asking): TrustPolicyFact | undefined {
    const { who, arn } = asking;
    const id = literal(arn?.account);
    if (!who || id === undefined || !/^\d{12}$/.test(id) || this.isOfMany(who.name)) return undefined;
    let only: TrustPolicyFact | undefined;
    for (const policy of this.bySubjectWord.get(who.name)) {
      if (policy.made || !allowsOnly(policy, who)) continue;
      const { path, providers } = accountsIn(policy);
      if (providers.length === 0 || providers.some((each) => each !== id) || (path.length > 0 && !path.includes(id))) continue;
      if (!this.groundOf(policy, asking)) continue;
      if (only) return undefined;
      only = policy;
    }
    return only && !isNamed(only) && this.isFree(only) && !this.isOfAnother(only, asking.name, who) ? only : undefined;
  }

  /** True where a file or its folder has a name of its own: then it is more likely the role's that it is called like. */
  private isOfAnother(policy: TrustPolicyFact, role: string, who: NonNullable<Asking['who']>): boolean {
    const { stem, folders } = pathNames(policy);
    return [...stem, ...folders.slice(0, 1)].some(
      (name) => this.surroundings.isAskedFor(name) || (!plainStem.test(name) && !isKindOfFile(name) && !isNameOf(name, role, who)),
    );
  }
}

/** True where a name is that of the role or of the account, or of its namespace, a file's own words aside. */
function isNameOf(name: string, role: string, who: { readonly namespace: string; readonly name: string }): boolean {
  const own = name.replace(/[-_.]?(?:trust|policy|role|iam)$/gi, '');
  return [role, who.name, who.namespace].some((each) => each === name || each === own);
}

/** Of each kind of tie those alone whose ground is the best. */
function nearestOfKind(ranked: readonly { readonly tie: Tie; readonly rank: number }[]): Tie[] {
  const best = new Map<Tie['kind'], number>();
  for (const { tie, rank } of ranked) best.set(tie.kind, Math.max(best.get(tie.kind) ?? -1, rank));
  return ranked.filter(({ tie, rank }) => rank === best.get(tie.kind)).map(({ tie }) => tie);
}

/** True where the literal subjects of a policy come to one account alone. */
function allowsOnly(policy: TrustPolicyFact, { namespace, name }: { readonly namespace: string; readonly name: string }): boolean {
  const subjects = subjectsOf(policy);
  return subjects.length > 0 && subjects.every((each) => each.namespace === namespace && each.name === name);
}

const namesByDocument = new WeakMap<DocumentRef, ReturnType<typeof roleNamesOfPath>>();

/** The names that a policy's path gives its role; each account that asks for a role looks at them. */
function pathNames({ doc }: TrustPolicyFact): ReturnType<typeof roleNamesOfPath> {
  let names = namesByDocument.get(doc);
  if (!names) namesByDocument.set(doc, (names = roleNamesOfPath(filePath(doc.uri))));
  return names;
}

function isNamed(policy: TrustPolicyFact): boolean {
  return policy.ownRoleOnly === true || Boolean(policy.roleArn?.value || policy.roleName?.value);
}

const arns = new WeakMap<TrustPolicyFact, RoleArn | null>();

/** The ARN of the role that a policy's document gives; read once, for a role may have policies by the hundred. */
function roleArnOf(policy: TrustPolicyFact): RoleArn | undefined {
  let arn = arns.get(policy);
  if (arn === undefined) arns.set(policy, (arn = (policy.roleArn && parseRoleArn(trim(policy.roleArn))) ?? null));
  return arn ?? undefined;
}

function documentRoleName(policy: TrustPolicyFact): string | undefined {
  const arn = roleArnOf(policy);
  return literal(arn?.name) ?? roleKey(policy.roleName, policy.doc.uri);
}

/** Whether the document names the role asked for: its ARN, or the name where it gives no ARN and no account contradicts. */
function namesRole(policy: TrustPolicyFact, asking: Asking): boolean {
  const arn = roleArnOf(policy);
  if (arn) {
    if (!asking.arn) return literal(arn.name) === asking.name;
    const parts = [equal(arn.account, asking.arn.account), equal(arn.partition, asking.arn.partition), equal(arn.path, asking.arn.path)];
    return literal(arn.name) === asking.name && !parts.includes(false);
  }
  return roleKey(policy.roleName, policy.doc.uri) === asking.name && !contradictsAsked(policy, asking);
}

function contradictsAsked(policy: TrustPolicyFact, { arn }: Asking): boolean {
  return arn !== undefined && contradicts(policy, arn);
}

/** True when an account id in the policy's path, or of its providers, is another than the role's. */
export function contradicts(policy: TrustPolicyFact, arn: RoleArn): boolean {
  const account = literal(arn.account);
  if (account === undefined || !/^\d{12}$/.test(account)) return false;
  const against = (ids: readonly string[]): boolean => ids.length > 0 && !ids.includes(account);
  const { path, providers } = accountsIn(policy);
  return against(path) || against(providers);
}

const accountsOfPolicy = new WeakMap<TrustPolicyFact, { readonly path: readonly string[]; readonly providers: readonly string[] }>();

function accountsIn(policy: TrustPolicyFact): { readonly path: readonly string[]; readonly providers: readonly string[] } {
  let known = accountsOfPolicy.get(policy);
  if (!known)
    accountsOfPolicy.set(policy, (known = { path: accountsInPath(filePath(policy.doc.uri)), providers: providerAccounts(policy) }));
  return known;
}

/** Whether a policy names the provider of an issuer, written out. */
function trustsIssuer(policy: TrustPolicyFact, issuer: string): boolean {
  return policy.policy.statements.some(({ principal }) =>
    principal?.kinds.some(({ values }) =>
      values.some((value) => literal(parseProviderArn(value)?.issuer)?.toLowerCase() === issuer.toLowerCase()),
    ),
  );
}

function providerAccounts(policy: TrustPolicyFact): string[] {
  const accounts: string[] = [];
  for (const statement of policy.policy.statements) {
    for (const kind of statement.principal?.kinds ?? []) {
      for (const value of kind.values) {
        const account = literal(parseProviderArn(value)?.account);
        if (account !== undefined && /^\d{12}$/.test(account)) accounts.push(account);
      }
    }
  }
  return accounts;
}

/** Names and namespaces of the literal subjects that the conditions hold. */
function subjectWords(policy: TrustPolicyFact): Set<string> {
  return new Set(subjectsOf(policy).flatMap(({ namespace, name }) => [namespace, name].filter((word) => word !== undefined)));
}

/** The subjects that the conditions of a policy hold; a part that is not written out is absent. */
export function subjectsOf(policy: TrustPolicyFact): { readonly namespace?: string | undefined; readonly name?: string | undefined }[] {
  const subjects: { namespace?: string | undefined; name?: string | undefined }[] = [];
  for (const statement of policy.policy.statements) {
    for (const operator of statement.condition?.operators ?? []) {
      for (const key of operator.keys) {
        for (const value of key.values.values) {
          const subject = parseSubject(value);
          if (subject) subjects.push({ namespace: literal(subject.namespace), name: literal(subject.name) });
        }
      }
    }
  }
  return subjects;
}

function lastSegment(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
}
