import { AccountIndex } from './accountIndex';
import { AssociationIndex } from './associationIndex';
import type { AwsIndex } from './aws';
import { Builds, overlayName, type BuiltIn } from './builds';
import type { Chain, Overlay, Tie } from './chain';
import type { Reach } from './dependents';
import { sameDeployment, type Deployment } from './deployment';
import { Grants, type Grant, type Grantee } from './grants';
import { Kustomizations, type Overwritten } from './kustomize';
import { filledIn, type BuiltAccount } from './kustomizeObjects';
import { MultiMap } from './multiMap';
import { inOrder } from './order';
import { PolicyIndex } from './policyIndex';
import { roleKey } from './roleNames';

import { fileMatcher, type FileMatcher } from '../config/globs';
import { filePath, folderKey, pathKey, resolvePath } from '../config/paths';
import { defaultSettings, type ClusterSetting, type Settings } from '../config/settings';
import { parseRoleArn, type RoleArn } from '../model/arn';
import type { AnnotationFact, Fact, KustomizationFact, PodIdentityAssociationFact, RoleFact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import { literal, trim } from '../text/texts';

interface ClusterMatcher {
  readonly setting: ClusterSetting;
  readonly matches: FileMatcher;
}

/** The workspace's facts and their joins. Each question is answered from a map, so that its cost does not grow with the workspace. */
export class FactIndex implements Reach {
  private settingsNow: Settings = defaultSettings;
  private awsNow: AwsIndex | undefined;
  /** A file's facts, or how they are put together when asked for. */
  private readonly byFile = new Map<string, readonly Fact[] | (() => readonly Fact[])>();
  private readonly kustomizations = new Kustomizations();
  private readonly builds = new Builds(this.kustomizations, { factsAt: (path) => this.factsAt(path), filesIn: (folder, recursive) => this.filesIn(folder, recursive) });
  /** Files with facts, by their path keys. */
  private readonly uriByPath = new Map<string, string>();
  private readonly accountIndex: AccountIndex;
  private readonly policyIndex: PolicyIndex;
  /** Accounts that ask for a role, by the role's name, their folder and the folder above it. */
  private readonly askingByRole = new MultiMap<string, ServiceAccountFact>();
  private readonly askingByFolder = new MultiMap<string, ServiceAccountFact>();
  private readonly askingByParent = new MultiMap<string, ServiceAccountFact>();
  private readonly roles = new MultiMap<string, RoleFact>();
  /** Roles and the files that hold their trust policies, where a file says so: role's name → path key, and back. */
  private readonly policyFiles = new MultiMap<string, string>();
  private readonly rolesOfPolicyFile = new MultiMap<string, string>();
  private readonly associationIndex: AssociationIndex;
  private readonly grants_ = new Grants({
    together: (a, b) => this.together(a, b),
    associations: (namespace, name) => this.associationIndex.named(namespace, name),
    allAssociations: () => this.associations(),
    policiesClaiming: (name) => this.policyIndex.claiming(name),
    clustersOf: (uri) => this.clustersOf(uri),
    aws: () => this.awsNow,
  });

  private clusterMatchers: readonly ClusterMatcher[] = [];
  /** `roles:` of pod-roles.yaml: path key → role ARNs or names. */
  private readonly configuredRoles = new MultiMap<string, string>();
  private readonly deployments = new Map<string, Deployment>();
  private readonly overwritten = new Map<string, Overwritten>();
  private readonly chains_ = new Map<ServiceAccountFact, readonly Chain[]>();

  constructor(settings: Settings = defaultSettings) {
    this.accountIndex = new AccountIndex({
      namespaceOf: (fact) => this.namespaceOf(fact),
      together: (a, b) => this.together(a, b),
      folder: folderKey,
    });
    this.associationIndex = new AssociationIndex({ identitiesOf: (fact) => this.identitiesOf(fact), together: (a, b) => this.together(a, b) });
    this.policyIndex = new PolicyIndex({
      together: (a, b) => this.together(a, b),
      isAskedFor: (name) => this.askingByRole.get(name).size > 0,
      askingIn: (folder) => this.askingByFolder.get(folder),
      askingBelow: (folder) => this.askingByParent.get(folder),
      configured: (uri) => [...this.configuredRoles.get(pathKey(uri))],
      filesOfRole: (name) => this.policyFiles.get(name),
      rolesOfFile: (uri) => this.rolesOfPolicyFile.get(pathKey(uri)),
    });
    this.configure(settings);
  }

  get settings(): Settings {
    return this.settingsNow;
  }

  get aws(): AwsIndex | undefined {
    return this.awsNow;
  }

  /** Takes what AWS knows now; undefined where it is not asked. */
  setAws(aws: AwsIndex | undefined): void {
    this.awsNow = aws;
    this.chains_.clear();
  }

  /** Takes new settings: clusters, roles and their paths. */
  configure(settings: Settings): void {
    this.settingsNow = settings;
    this.clusterMatchers = settings.clusters.map((setting) => ({ setting, matches: fileMatcher(setting.paths, settings.base) }));
    this.deployments.clear();
    this.chains_.clear();
    for (const key of [...this.configuredRoles.keys()]) {
      for (const role of [...this.configuredRoles.get(key)]) this.configuredRoles.delete(key, role);
    }
    for (const [role, path] of Object.entries(settings.roles)) {
      const target = resolvePath(settings.base === undefined ? '' : pathKey(settings.base), path);
      if (target !== undefined) this.configuredRoles.add(target, role);
    }
  }

  /** Puts a file's facts in place of those it had. */
  setFile(uri: string, facts: readonly Fact[]): void {
    const before = this.facts(uri);
    this.forgetBuilds(uri, [...before, ...facts]);
    for (const fact of before) this.index(fact, 'remove');
    this.chains_.clear();
    if (facts.length === 0) {
      this.forgetUri(uri);
      this.deployments.delete(uri);
      this.overwritten.delete(uri);
      return;
    }
    this.keep(uri, facts);
    for (const fact of facts) this.index(fact, 'add');
  }

  /** Changes some of a file's facts; `facts` gives all of them as they are then, undefined where none are left. */
  changeFile(uri: string, removed: readonly Fact[], added: readonly Fact[], facts: (() => readonly Fact[]) | undefined): void {
    this.chains_.clear();
    this.forgetBuilds(uri, [...removed, ...added]);
    for (const fact of removed) this.index(fact, 'remove');
    for (const fact of added) this.index(fact, 'add');
    if (facts) this.keep(uri, facts);
    else this.forgetUri(uri);
  }

  private keep(uri: string, facts: readonly Fact[] | (() => readonly Fact[])): void {
    if (!this.byFile.has(uri)) this.uriByPath.set(pathKey(uri), uri);
    this.byFile.set(uri, facts);
  }

  private forgetUri(uri: string): void {
    if (this.byFile.delete(uri) && this.uriByPath.get(pathKey(uri)) === uri) this.uriByPath.delete(pathKey(uri));
  }

  private factsAt(path: string): readonly Fact[] {
    const uri = this.uriByPath.get(path);
    return uri === undefined ? [] : this.facts(uri);
  }

  private *filesIn(folder: string, recursive: boolean): Generator<string> {
    const start = `${folder}/`;
    for (const path of this.uriByPath.keys()) if (path.startsWith(start) && (recursive || !path.includes('/', start.length))) yield path;
  }

  /** Lets go what was built with facts that go or come. */
  private forgetBuilds(uri: string, changed: readonly Fact[]): void {
    if (changed.some((fact) => fact.kind === 'kustomization')) {
      this.overwritten.clear();
      this.builds.forget();
    } else if (changed.some((fact) => fact.kind === 'serviceAccount' || fact.kind === 'workload')) this.builds.forgetFile(uri);
  }

  removeFile(uri: string): void {
    this.setFile(uri, []);
  }

  private index(fact: Fact, change: 'add' | 'remove'): void {
    switch (fact.kind) {
      case 'serviceAccount':
        this.accountIndex[change](fact);
        this.indexRequest(fact, change);
        return;
      case 'workload':
        this.accountIndex[change](fact);
        return;
      case 'trustPolicy':
        this.policyIndex[change](fact);
        return;
      case 'kustomization':
        this.kustomizations[change](fact);
        return;
      case 'role': {
        const name = roleNameOf(fact);
        if (name === undefined) return;
        const operation = change === 'add' ? 'add' : 'delete';
        this.roles[operation](name, fact);
        const path = fact.policyFile && literal(fact.policyFile);
        const target = path === undefined ? undefined : resolvePath(folderKey(fact.doc.uri), path);
        if (target === undefined) return;
        this.policyFiles[operation](name, target);
        this.rolesOfPolicyFile[operation](target, name);
        return;
      }
      case 'podIdentityAssociation':
        this.associationIndex[change](fact);
        return;
      case 'annotation':
      case 'object':
      case 'oidcProvider':
      case 'cluster':
    }
  }

  private indexRequest(account: ServiceAccountFact, change: 'add' | 'remove'): void {
    if (!account.roleArn) return;
    const operation = change === 'add' ? 'add' : 'delete';
    const folder = folderKey(account.doc.uri);
    this.askingByFolder[operation](folder, account);
    this.askingByParent[operation](folder.slice(0, Math.max(0, folder.lastIndexOf('/'))), account);
    const name = roleKey(requestedRole(account)?.name, account.doc.uri);
    if (name !== undefined) this.askingByRole[operation](name, account);
  }

  files(): Iterable<string> {
    return this.byFile.keys();
  }

  facts(uri: string): readonly Fact[] {
    const facts = this.byFile.get(uri);
    return typeof facts === 'function' ? facts() : (facts ?? []);
  }

  *accounts(): Iterable<ServiceAccountFact> {
    for (const uri of this.byFile.keys()) for (const fact of this.facts(uri)) if (fact.kind === 'serviceAccount') yield fact;
  }

  *workloads(): Iterable<WorkloadFact> {
    for (const uri of this.byFile.keys()) for (const fact of this.facts(uri)) if (fact.kind === 'workload') yield fact;
  }

  *policies(): Iterable<TrustPolicyFact> {
    for (const uri of this.byFile.keys()) for (const fact of this.facts(uri)) if (fact.kind === 'trustPolicy') yield fact;
  }

  namespaceOf(fact: ServiceAccountFact | WorkloadFact): string | undefined {
    if (fact.kind === 'serviceAccount' && fact.ofRelease) return literal(fact.namespace);
    const names = new Set(fact.kind === 'serviceAccount'
      ? this.builds.accounts(fact)?.map((each) => this.builtNamespace(each, fact.doc.uri))
      : this.builds.workloads(fact)?.map(({ root, built: { namespace } }) => namespace ?? (namespace === null ? this.clusterNamespace(root, fact.doc.uri) : undefined)));
    if (names.size > 0) return names.size === 1 ? [...names][0] : undefined;
    const { namespace } = this.effectOn(fact.doc.uri);
    if (namespace.kind === 'set') return namespace.name;
    if (namespace.kind === 'unknown') return undefined;
    if (namespace.kind === 'perhaps') return literal(fact.namespace) === namespace.name ? namespace.name : undefined;
    if (fact.namespace && fact.namespace.value !== '') return literal(fact.namespace);
    if (fact.kind === 'serviceAccount' && fact.origin === 'values') return undefined;
    return this.clusterValue(fact.doc.uri, (cluster) => cluster.namespace);
  }

  /** The namespace that pod-roles.yaml says for what neither a manifest nor a build places. */
  private clusterNamespace(root: KustomizationFact | undefined, uri: string): string | undefined {
    return this.clusterOf(root, uri, (cluster) => cluster.namespace);
  }

  /** What the clusters of an overlay's file say, or else those of the account's. */
  private clusterOf(root: KustomizationFact | undefined, uri: string, of: (cluster: ClusterSetting) => string | undefined): string | undefined {
    return (root && this.clusterValue(root.doc.uri, of)) ?? this.clusterValue(uri, of);
  }

  identitiesOf(account: ServiceAccountFact): readonly { readonly namespace?: string | undefined; readonly name?: string | undefined }[] {
    const built = this.builds.accounts(account);
    if (!built || built.length === 0) return [{ namespace: this.namespaceOf(account), name: this.effectOn(account.doc.uri).renamed ? undefined : literal(account.name) || undefined }];
    return built.map((each) => ({ namespace: this.builtNamespace(each, account.doc.uri), name: each.built.name }));
  }

  private builtNamespace({ root, built }: BuiltIn<BuiltAccount>, uri: string): string | undefined {
    const { object, namespace } = built;
    if (object.ofRelease) return literal(object.namespace);
    return namespace ?? (namespace === null && object.origin === 'manifest' ? this.clusterNamespace(root, uri) : undefined);
  }

  namespaceIsOverwritten(uri: string): boolean {
    return this.effectOn(uri).namespace.kind !== 'kept';
  }

  accountsNamed(name: string, namespace?: string): readonly ServiceAccountFact[] {
    const written = this.accountIndex.named(name, undefined);
    const renamed = [...this.builds.renamedTo(name)].filter((account) => !written.includes(account));
    const all = renamed.length > 0 ? inOrder(new Set([...written, ...renamed])) : written;
    if (namespace === undefined) return all;
    // An account of several overlays is in each of their namespaces.
    return all.filter((account) => this.identitiesOf(account).some((each) => each.namespace === namespace && (each.name === undefined || each.name === name)));
  }

  accountNames(): Iterable<string> {
    return this.accountIndex.names();
  }

  policiesNaming(word: string): Iterable<TrustPolicyFact> {
    return inOrder(this.policyIndex.speakingOf(word));
  }

  workloadsNaming(account: string): Iterable<WorkloadFact> {
    return this.accountIndex.using(account);
  }

  asking(roleName: string): Iterable<ServiceAccountFact> {
    return this.askingByRole.get(roleName);
  }

  policiesClaiming(roleName: string): Iterable<TrustPolicyFact> {
    return this.policyIndex.claiming(roleName);
  }

  askingBeside(policy: TrustPolicyFact): Iterable<ServiceAccountFact> {
    return this.policyIndex.askingBeside(policy);
  }

  policiesBeside(folder: string): Iterable<TrustPolicyFact> {
    return this.policyIndex.beside(folder);
  }

  accountsOf(workload: WorkloadFact): readonly ServiceAccountFact[] {
    const built = this.builds.workloads(workload) ?? [];
    const joined = this.accountIndex.accountsOf(workload);
    if (built.length === 0) return joined;
    const roots = new Set(built.map(({ root }) => root));
    const found = new Set(built.flatMap((each) => this.builds.accountsOf(each)).map((account) => account.object));
    // Another build's, or an account that no build takes.
    for (const account of joined) if (!this.builds.rootsOf(account.doc.uri).some((root) => roots.has(root))) found.add(account);
    return inOrder(found);
  }

  workloadsOf(account: ServiceAccountFact): readonly WorkloadFact[] {
    const built = this.builds.accounts(account) ?? [];
    const joined = this.accountIndex.workloadsOf(account);
    if (built.length === 0) return joined;
    return this.withForeign(new Set(built.flatMap((each) => this.builds.workloadsOf(each))), built, joined);
  }

  /** The workloads of builds, and those of other builds and of none that use the account all the same. */
  private withForeign(found: Set<WorkloadFact>, built: readonly BuiltIn<BuiltAccount>[], joined: readonly WorkloadFact[]): WorkloadFact[] {
    const roots = new Set(built.map(({ root }) => root));
    for (const workload of joined) if (!this.builds.rootsOf(workload.doc.uri).some((root) => roots.has(root))) found.add(workload);
    return inOrder(found);
  }

  associationsOf(account: ServiceAccountFact): readonly PodIdentityAssociationFact[] {
    return this.associationIndex.of(account);
  }

  *associations(): Iterable<PodIdentityAssociationFact> {
    for (const uri of this.byFile.keys()) for (const fact of this.facts(uri)) if (fact.kind === 'podIdentityAssociation') yield fact;
  }

  grantsOf(grantee: Grantee): readonly Grant[] {
    return this.grants_.of(grantee);
  }

  grants(): Iterable<Grant> {
    return this.grants_.all();
  }

  /** Names of the clusters that a file is for: by pod-roles.yaml, or what the file itself makes (eksctl's). */
  private clustersOf(uri: string): string[] {
    const { clusters } = this.deploymentOf(uri);
    return clusters.length > 0 ? [...clusters] : this.facts(uri).flatMap((fact) => (fact.kind === 'cluster' ? (literal(fact.name) ?? []) : []));
  }

  associationsLike(association: PodIdentityAssociationFact): readonly PodIdentityAssociationFact[] {
    return this.associationIndex.like(association);
  }

  /** Accounts that an association may be for: those of its name. */
  accountsAssociated(association: PodIdentityAssociationFact): readonly ServiceAccountFact[] {
    const name = literal(association.serviceAccount);
    return name === undefined ? [] : this.accountsNamed(name);
  }

  chainOf(account: ServiceAccountFact): Chain | undefined {
    return this.chainsFor(account)[0] ?? this.looseChain(account);
  }

  chainsFor(account: ServiceAccountFact): readonly Chain[] {
    let chains = this.chains_.get(account);
    if (!chains) this.chains_.set(account, (chains = this.makeChains(account)));
    return chains;
  }

  chainsThrough(account: ServiceAccountFact): readonly Chain[] {
    const found = new Set(this.chainsFor(account));
    for (const { built } of this.builds.accounts(account) ?? []) {
      const by = built.roleArn?.by;
      for (const chain of by && by !== account ? this.chainsFor(by) : []) if (chain.name === built.name) found.add(chain);
    }
    return [...found];
  }

  /** All manifests and patches that builds put together with an account. */
  *partsAround(account: ServiceAccountFact): Generator<ServiceAccountFact> {
    for (const { built } of this.builds.accounts(account) ?? []) for (const part of built.parts) if (part !== account) yield part;
  }

  private readonly loose = new WeakMap<ServiceAccountFact, Chain>();

  /** What an annotation asks for that every build writes over, or that no build is seen to lay over an account. */
  private looseChain(account: ServiceAccountFact): Chain | undefined {
    if (!account.roleArn) return undefined;
    const known = this.loose.get(account);
    if (known) return known;
    const chain: Chain = { account, request: account.roleArn, workloads: [], ties: [], ...optionalArn(requestedRole(account)) };
    this.loose.set(account, chain);
    return chain;
  }

  private makeChains(account: ServiceAccountFact): readonly Chain[] {
    const built = this.builds.accounts(account);
    if (!account.roleArn) return [];
    if (!built || built.length === 0) return [this.makeChain(account, account.roleArn)];
    const chains = new Map<string, Chain>();
    for (const each of built) {
      const { roleArn } = each.built;
      if (roleArn?.by !== account) continue;
      const chain = this.makeChain(account, roleArn.annotation, each);
      // Overlays that come to the same are one chain.
      const key = JSON.stringify([chain.namespace, chain.name, chain.issuer, chain.audience?.value?.value, chain.ties.map(({ policy: { doc, span } }) => [doc.uri, doc.index, span.start])]);
      const same = chains.get(key);
      chains.set(key, same ? merged(same, chain) : chain);
    }
    const all = [...chains.values()];
    // One build in the folder of the account itself says nothing that its name would make clearer.
    const plain = all.length === 1 && built.every((each) => each.built.object === account && folderKey(each.root.doc.uri) === folderKey(account.doc.uri));
    return plain ? all.map(({ overlays: _overlays, ...chain }) => chain) : all;
  }

  private makeChain(account: ServiceAccountFact, request: AnnotationFact, built?: BuiltIn<BuiltAccount>): Chain {
    const { uri } = account.doc;
    const arn = requestedRole(account, built?.built.substitutes);
    const roleName = roleKey(arn?.name, uri);
    const sure = built?.built.unsure !== true;
    const namespace = !sure ? undefined : built ? this.builtNamespace(built, uri) : this.namespaceOf(account);
    const name = !sure ? undefined : built ? built.built.name : this.effectOn(uri).renamed ? undefined : literal(account.name) || undefined;
    const issuer = this.clusterOf(built?.root, uri, (cluster) => cluster.issuer ?? this.awsNow?.clusterNamed(cluster.name, cluster)?.issuer);
    const asking = arn && roleName !== undefined ? { account, arn, name: roleName, overlay: built?.root.doc.uri } : undefined;
    const files = asking ? this.policyIndex.tiesOf(asking, this.configuredFiles(asking.arn, asking.name)) : [];
    const ties = arn ? this.withAws(files, arn) : files;
    const role = arn && roleName !== undefined ? this.roleOf(arn, roleName, uri) : undefined;
    const clientIds = arn && this.clientIdsOf(arn, issuer, ties[0]);
    const workloads = built ? this.withForeign(new Set(this.builds.workloadsOf(built)), [built], this.accountIndex.workloadsOf(account)) : this.workloadsOf(account);
    return {
      account, request, ties, workloads, ...(clientIds ? { clientIds } : {}), ...(built ? { overlays: [overlayOf(built.root, built.built.object.doc.uri)], ...audienceOf(built.built, account) } : {}),
      ...optionalArn(arn), ...(role ? { role } : {}),
      ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }), ...(issuer === undefined ? {} : { issuer }),
    };
  }

  /** The audiences that the token's provider takes; undefined where AWS does not tell, or the policy names several providers. */
  private clientIdsOf(arn: RoleArn, issuer: string | undefined, tie: Tie | undefined): readonly string[] | undefined {
    const aws = this.awsNow;
    const [account, partition] = [literal(arn.account), literal(arn.partition)];
    if (!aws || account === undefined || partition === undefined) return undefined;
    const named = new Set(tie?.policy.policy.statements.flatMap((s) => s.principal?.kinds ?? []).filter(({ key }) => key.value === 'Federated').flatMap(({ values }) => values.map((value) => literal(value) ?? '')));
    const [only] = named;
    const provider = issuer !== undefined ? `arn:${partition}:iam::${account}:oidc-provider/${issuer}` : named.size === 1 ? only! : '';
    return aws.clientIdsAreKnown(provider) ? aws.provider(provider)?.clientIds : undefined;
  }

  /** The ties with the one to AWS in its place: behind the files that are surely the role's, before the one that may be. */
  private withAws(files: readonly Tie[], arn: RoleArn): readonly Tie[] {
    const text = literal(arn.text);
    const trust = text === undefined ? undefined : this.awsNow?.trust(text);
    if (!trust) return files;
    const own: Tie = { kind: 'aws', policy: trust.fact, because: this.awsNow!.source.label };
    return [...files.filter((tie) => tie.kind !== 'only-one'), own, ...files.filter((tie) => tie.kind === 'only-one')];
  }

  *chains(): Iterable<Chain> {
    for (const account of this.accounts()) yield* this.chainsFor(account);
  }

  chainsOf(policy: TrustPolicyFact): readonly Chain[] {
    const chains: Chain[] = [];
    for (const account of inOrder(this.accountsThatMayTie(policy))) {
      for (const chain of this.chainsFor(account)) if (chain.ties.some((tie) => tie.policy === policy)) chains.push(chain);
    }
    return chains;
  }

  accountsThatMayTie(policy: TrustPolicyFact): Set<ServiceAccountFact> {
    const accounts = new Set<ServiceAccountFact>();
    if (policy.concerns === 'other') return accounts;
    for (const name of this.policyIndex.roleNamesOf(policy)) for (const account of this.askingByRole.get(name)) accounts.add(account);
    const beside = this.policyIndex.askingBeside(policy);
    if (beside.size === 1) for (const account of beside) accounts.add(account);
    return accounts;
  }

  roleArns(): { readonly arn: RoleArn; readonly text: string; readonly uses: number }[] {
    const found = new Map<string, { arn: RoleArn; text: string; uses: number }>();
    const add = (arn: RoleArn | undefined): void => {
      if (!arn) return;
      const known = found.get(arn.text.value);
      if (known) known.uses++;
      else found.set(arn.text.value, { arn, text: arn.text.value, uses: 1 });
    };
    for (const uri of this.byFile.keys()) {
      for (const fact of this.facts(uri)) {
        if (fact.kind === 'serviceAccount') add(requestedRole(fact));
        else if (fact.kind === 'role' && fact.arn) add(parseRoleArn(trim(fact.arn)));
      }
    }
    return [...found.values()].sort((a, b) => b.uses - a.uses || (a.text < b.text ? -1 : 1));
  }

  together(uriA: string, uriB: string): boolean {
    return uriA === uriB || sameDeployment(this.deploymentOf(uriA), this.deploymentOf(uriB));
  }

  private deploymentOf(uri: string): Deployment {
    const known = this.deployments.get(uri);
    if (known) return known;
    const clusters = this.clusterMatchers.filter(({ matches }) => matches(uri)).map(({ setting }) => setting.name);
    const deployment = { path: filePath(uri), clusters };
    this.deployments.set(uri, deployment);
    return deployment;
  }

  private effectOn(uri: string): Overwritten {
    let effect = this.overwritten.get(uri);
    if (!effect) this.overwritten.set(uri, (effect = this.kustomizations.effectOn(uri)));
    return effect;
  }

  /** What all clusters that a file is deployed to agree on. */
  private clusterValue(uri: string, of: (cluster: ClusterSetting) => string | undefined): string | undefined {
    const { clusters } = this.deploymentOf(uri);
    if (clusters.length === 0) return undefined;
    const values = new Set(this.clusterMatchers.filter(({ setting }) => clusters.includes(setting.name)).map(({ setting }) => of(setting)));
    return values.size === 1 ? [...values][0] : undefined;
  }

  /** Files that pod-roles.yaml maps a role to: by its ARN, else by its name. */
  private configuredFiles(arn: RoleArn, name: string): string[] {
    const { roles } = this.settingsNow;
    const base = this.settingsNow.base === undefined ? '' : pathKey(this.settingsNow.base);
    const path = Object.hasOwn(roles, arn.text.value) ? roles[arn.text.value] : Object.hasOwn(roles, name) ? roles[name] : undefined;
    const target = path === undefined ? undefined : resolvePath(base, path);
    return target === undefined ? [] : [target];
  }

  private roleOf(arn: RoleArn, name: string, uri: string): RoleFact | undefined {
    const candidates = [...this.roles.get(name)].filter((role) => this.together(role.doc.uri, uri));
    const exact = candidates.filter((role) => role.arn && trim(role.arn).value === arn.text.value);
    const found = exact.length > 0 ? exact : candidates.filter((role) => !role.arn);
    return found.length === 1 ? found[0] : undefined;
  }
}

function optionalArn(arn: RoleArn | undefined): { readonly roleArn?: RoleArn } {
  return arn ? { roleArn: arn } : {};
}

function overlayOf(root: KustomizationFact, uri: string): Overlay {
  return { name: overlayName(root, uri), doc: root.doc, span: root.span };
}

/** The audience, where another part of the build decides it than the one that asks for the role. */
function audienceOf(built: BuiltAccount, account: ServiceAccountFact): Pick<Chain, 'audience'> {
  return built.audience?.annotation === account.audience ? {} : { audience: built.audience?.annotation ?? null };
}

function merged(chain: Chain, other: Chain): Chain {
  return {
    ...chain, workloads: inOrder(new Set([...chain.workloads, ...other.workloads])), overlays: [...chain.overlays ?? [], ...other.overlays ?? []],
  };
}

/** The role that an account's annotation asks for; undefined where the value is no role ARN. */
function requestedRole(account: ServiceAccountFact, substitutes?: Readonly<Record<string, string>>): RoleArn | undefined {
  const text = account.roleArn?.value;
  return text && parseRoleArn(trim(substitutes ? filledIn(text, substitutes) : text));
}

function roleNameOf(role: RoleFact): string | undefined {
  return roleKey(role.arn && parseRoleArn(trim(role.arn))?.name, role.doc.uri) ?? roleKey(role.name, role.doc.uri);
}
