import { accountsInPath } from './deployment';
import { FactMap } from './factMap';
import type { Lookups } from './lookups';
import { inOrder } from './order';
import { roleKey, roleNamesOfPath } from './roleNames';
import type { Tie } from './chain';
import { filePath, folderKey, pathKey, resolvePath } from '../config/paths';
import { parseProviderArn, parseRoleArn, type RoleArn } from '../model/arn';
import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import { parseSubject } from '../model/subject';
import type { DocumentRef } from '../syntax/sourceFile';
import { equal, literal, trim } from '../text/texts';

/** Who asks: an account and the role that its annotation names. */
export interface Asking {
  readonly account: ServiceAccountFact;
  readonly arn: RoleArn;
  /** The file of the overlay that deploys the account, where one does: a policy must go with both. */
  readonly overlay?: string | undefined;
  /** The role's name, literal. */
  readonly name: string;
}

/** What else decides a tie. */
export interface TieSurroundings {
  together(uriA: string, uriB: string): boolean;
  /** True when some account of the workspace asks for a role of that name. */
  isAskedFor(roleName: string): boolean;
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

/** Stems that say what a file is, not whose. */
const plainStem = /^(?:(?:iam|irsa|eks|oidc|aws|role|roles|policy|policies|sa|pod|identity|web|document|main|index|service|account)[-_. ]?)*$/i;

/** Trust policies that concern EKS, by what says whose they are. Ties are by contract.md, "How a trust policy finds its role". */
export class PolicyIndex {
  private readonly byDocumentName: FactMap<string, TrustPolicyFact>;
  private readonly byPathName: FactMap<string, TrustPolicyFact>;
  private readonly byFolder: FactMap<string, TrustPolicyFact>;
  private readonly byPath: FactMap<string, TrustPolicyFact>;
  private readonly bySubjectWord: FactMap<string, TrustPolicyFact>;

  constructor(private readonly surroundings: TieSurroundings, lookups: Lookups) {
    this.byDocumentName = new FactMap(lookups);
    this.byPathName = new FactMap(lookups);
    this.byFolder = new FactMap(lookups);
    this.byPath = new FactMap(lookups);
    this.bySubjectWord = new FactMap(lookups);
  }

  add(fact: TrustPolicyFact): void {
    for (const [map, key] of this.keys(fact)) map.add(key, fact);
  }

  remove(fact: TrustPolicyFact): void {
    for (const [map, key] of this.keys(fact)) map.delete(key, fact);
  }

  /** Policies with a literal subject whose name or namespace is the word. */
  speakingOf(word: string): Iterable<TrustPolicyFact> {
    return this.bySubjectWord.get(word);
  }

  /** Policies whose document or path names a role, whether that makes a tie or not. */
  *claiming(roleName: string): Generator<TrustPolicyFact> {
    yield* this.byDocumentName.get(roleName);
    yield* this.byPathName.get(roleName);
  }

  private *keys(fact: TrustPolicyFact): Generator<[FactMap<string, TrustPolicyFact>, string]> {
    if (fact.concerns === 'other') return;
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

  /** The policies that may be those of the role asked for, strongest tie first. `configuredFiles`: what pod-roles.yaml maps the role to. */
  tiesOf(asking: Asking, configuredFiles: readonly string[]): Tie[] {
    const ties: Tie[] = [];
    const found = new Set<TrustPolicyFact>();
    const tie = (policy: TrustPolicyFact, kind: Tie['kind'], because: string): void => {
      if (!found.has(policy)) ties.push({ kind, policy, because });
      found.add(policy);
    };
    for (const path of configuredFiles) {
      for (const policy of inOrder(this.byPath.get(path))) if (!isNamed(policy) || namesRole(policy, asking)) tie(policy, 'config', 'named in pod-roles.yaml');
    }
    for (const policy of inOrder(this.byDocumentName.get(asking.name))) {
      if (this.isFree(policy) && namesRole(policy, asking) && this.near(policy, asking)) tie(policy, 'document', policy.ownRoleOnly ? 'named by its role' : 'named in the same document');
    }
    for (const path of this.surroundings.filesOfRole(asking.name)) {
      for (const policy of inOrder(this.byPath.get(path))) if (this.isFree(policy) && this.near(policy, asking)) tie(policy, 'document', 'read by its role');
    }
    for (const policy of inOrder(this.byPathName.get(asking.name))) {
      const part = this.isFree(policy) && this.near(policy, asking) && !contradicts(policy, asking.arn) ? this.pathTie(policy, asking) : undefined;
      if (part) tie(policy, 'path', part === 'stem' ? 'by its file name' : 'by its folder');
    }
    if (ties.length === 0) {
      const only = this.onlyOne(asking);
      if (only) tie(only, 'only-one', 'as the only one beside the only account that asks for a role');
    }
    return ties;
  }

  /** Names of roles that a policy may be tied to by anything but being the only one. */
  roleNamesOf(policy: TrustPolicyFact): string[] {
    const configured = this.surroundings.configured(policy.doc.uri);
    const named = documentRoleName(policy);
    const { stem, folders } = pathNames(policy);
    const names = isNamed(policy) ? (named === undefined ? [] : [named]) : [...stem, ...folders];
    return [...new Set([...configured.map(lastSegment), ...this.surroundings.rolesOfFile(policy.doc.uri), ...names])];
  }

  /** EKS policies in a folder, or in the `iam` folder in it or beside it. */
  beside(folder: string): TrustPolicyFact[] {
    const neighbours = [folder, resolvePath(folder, 'iam'), resolvePath(folder, '../iam')];
    return [...new Set(neighbours)].flatMap((each) => (each === undefined ? [] : [...this.byFolder.get(each)]));
  }

  /** Every account that asks for a role beside a policy: in its folder, or around the `iam` folder that it stands in. */
  askingBeside(policy: TrustPolicyFact): Set<ServiceAccountFact> {
    const folder = folderKey(policy.doc.uri);
    const accounts = new Set(this.surroundings.askingIn(folder));
    if (!/(^|\/)iam$/.test(folder)) return accounts;
    const parent = folder.slice(0, -'iam'.length).replace(/\/$/, '');
    for (const account of this.surroundings.askingIn(parent)) accounts.add(account);
    for (const account of this.surroundings.askingBelow(parent)) accounts.add(account);
    return accounts;
  }

  /** False where pod-roles.yaml says whose a policy is: then nothing weaker counts. */
  private isFree(policy: TrustPolicyFact): boolean {
    return this.surroundings.configured(policy.doc.uri).length === 0;
  }

  private near(policy: TrustPolicyFact, asking: Asking): boolean {
    const { uri } = policy.doc;
    return this.surroundings.together(uri, asking.account.doc.uri) && (asking.overlay === undefined || this.surroundings.together(uri, asking.overlay));
  }

  private pathTie(policy: TrustPolicyFact, asking: Asking): 'stem' | 'folder' | undefined {
    const { stem, folders } = pathNames(policy);
    const own = stem.find((name) => this.surroundings.isAskedFor(name));
    if (own !== undefined) return own === asking.name ? 'stem' : undefined;
    const nearest = folders.findIndex((name) => this.surroundings.isAskedFor(name));
    if (nearest < 0 || folders[nearest] !== asking.name) return undefined;
    // A folder further up that holds the account too (the repository's own name) says nothing of this policy.
    const folder = folders.slice(nearest).reverse().join('/');
    if (nearest > 0 && `${folderKey(asking.account.doc.uri)}/`.startsWith(`${folder}/`)) return undefined;
    const another = stem[stem.length - 1];
    if (another !== undefined && !plainStem.test(another) && this.byFolder.get(folderKey(policy.doc.uri)).size > 1) return undefined;
    return 'folder';
  }

  private onlyOne(asking: Asking): TrustPolicyFact | undefined {
    const folder = folderKey(asking.account.doc.uri);
    const [policy, ...others] = this.beside(folder);
    if (!policy || others.length > 0 || isNamed(policy) || !this.isFree(policy)) return undefined;
    if (!this.near(policy, asking) || contradicts(policy, asking.arn)) return undefined;
    const { stem, folders } = pathNames(policy);
    if (stem.some((name) => this.surroundings.isAskedFor(name)) || this.surroundings.isAskedFor(folders[0] ?? '')) return undefined;
    for (const account of this.askingBeside(policy)) if (account !== asking.account) return undefined;
    return policy;
  }
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

function documentRoleName(policy: TrustPolicyFact): string | undefined {
  const arn = policy.roleArn && parseRoleArn(trim(policy.roleArn));
  return literal(arn?.name) ?? roleKey(policy.roleName, policy.doc.uri);
}

/** Whether the document names the role asked for: its ARN, or the name where it gives no ARN and no account contradicts. */
function namesRole(policy: TrustPolicyFact, asking: Asking): boolean {
  const arn = policy.roleArn && parseRoleArn(trim(policy.roleArn));
  if (arn) {
    const parts = [equal(arn.account, asking.arn.account), equal(arn.partition, asking.arn.partition), equal(arn.path, asking.arn.path)];
    return literal(arn.name) === asking.name && !parts.includes(false);
  }
  return roleKey(policy.roleName, policy.doc.uri) === asking.name && !contradicts(policy, asking.arn);
}

/** True when an account id in the policy's path, or of its providers, is another than the role's. */
export function contradicts(policy: TrustPolicyFact, arn: RoleArn): boolean {
  const account = literal(arn.account);
  if (account === undefined || !/^\d{12}$/.test(account)) return false;
  const against = (ids: readonly string[]): boolean => ids.length > 0 && !ids.includes(account);
  return against(accountsInPath(filePath(policy.doc.uri))) || against(providerAccounts(policy));
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
