import { AccountIndex, mayUse } from './accountIndex';
import { AssociationIndex } from './associationIndex';
import type { AwsIndex } from './aws';
import { Builds, type BuiltIn } from './builds';
import type { Chain, Tie } from './chain';
import { Chains, passesByWebhook } from './chains';
import { ClusterPaths } from './clusterPaths';
import { knownCluster, type KnownCluster } from './clusters';
import { ConfiguredRoles } from './configuredRoles';
import { mostTies, type Crowd } from './crowds';
import { FactFiles } from './factFiles';
import { FactMap } from './factMap';
import { profilesOf, type KnownProfile, type ProfileCluster } from './fargate';
import { Grounds, type Ground, type Placed } from './ground';
import { Grants, type Grant, type Grantee } from './grants';
import { Kustomizations, reachesBeyondNames, type Overwritten } from './kustomize';
import type { BuiltAccount } from './kustomizeObjects';
import { Answers, Lookups } from './lookups';
import { inOrder } from './order';
import { PolicyIndex, type Asking } from './policyIndex';
import { PolicyUsers } from './policyUsers';
import { RequestIndex } from './requestIndex';
import { requestedRole, roleNameOf } from './requestedRole';
import { RoleIndex, policyFileOf } from './roleIndex';
import { roleKey } from './roleNames';
import { isPartlyKnown, RoleReferences } from './roleReferences';
import type { Wiring } from './wiring';
import { folderKey, pathKey } from '../config/paths';
import { defaultSettings, type Settings } from '../config/settings';
import { parseRoleArn, type RoleArn } from '../model/arn';
import type {
  ClusterFact,
  FargateProfileFact,
  Fact,
  KustomizationFact,
  ObjectFact,
  PodIdentityAgentFact,
  PodIdentityAssociationFact,
  RoleFact,
  RolePolicyFact,
  ServiceAccountFact,
  TrustPolicyFact,
  WorkloadFact,
} from '../model/facts';
import type { DocumentRef } from '../syntax/sourceFile';
import type { Text } from '../text/text';
import { literal, trim } from '../text/texts';

/** The workspace's facts and their joins. Each question is answered from a map, so that its cost does not grow with the workspace. */
export class FactIndex implements Wiring {
  private settingsNow: Settings = defaultSettings;
  private awsNow: AwsIndex | undefined;
  private readonly files_: FactFiles;
  private readonly clusterPaths = new ClusterPaths();
  private readonly kustomizations: Kustomizations;
  private readonly builds: Builds;
  private readonly accountIndex: AccountIndex;
  private readonly policyIndex: PolicyIndex;
  private readonly requests: RequestIndex;
  private readonly roles: RoleIndex;
  private readonly references: RoleReferences;
  private readonly grounds: Grounds;
  private readonly users: PolicyUsers;
  private readonly associationIndex: AssociationIndex;
  /** Clusters by the file that makes them. */
  private readonly clusters: FactMap<string, ClusterFact>;
  private readonly agents: FactMap<'all', PodIdentityAgentFact>;
  /** SecretProviderClasses of AWS by their names. */
  private readonly providerClasses: FactMap<string, ObjectFact>;
  private readonly profiles: FactMap<'all', FargateProfileFact>;
  private readonly grants_ = new Grants({
    ground: (a, b) => this.grounds.between(a, b),
    associations: (namespace, name) => this.associationIndex.named(namespace, name),
    allAssociations: () => this.associations(),
    foldersOf: (namespace, name) => this.accountsNamed(name, namespace).map(({ doc }) => folderKey(doc.uri)),
    workloadsOf: (namespace, name) => this.workloadsNamed(namespace, name),
    profilesOf: (cluster, places) => this.profilesOf(cluster, places),
    tiesOf: (asking) => this.tiesOf(asking),
    resolve: (reference, at) => this.references.resolve(reference, at),
    clustersOf: (uri) => this.clustersOf(uri),
    cluster: (name, uri, told) =>
      knownCluster(name, told, {
        settings: name === undefined ? [] : this.clusterPaths.named(name, uri),
        declared: uri === undefined ? [] : [...this.clusters.get(uri)],
        aws: this.awsNow,
      }),
    aws: () => this.awsNow,
  });

  private readonly configuredRoles = new ConfiguredRoles();
  private readonly overwritten: Answers<string, Overwritten>;
  private readonly namespaces: Answers<ServiceAccountFact | WorkloadFact, { readonly namespace: string | undefined }>;
  private readonly chains_: Chains;

  /** @param lookups records what answers look up here; by default nothing */
  constructor(
    settings: Settings = defaultSettings,
    private readonly lookups = new Lookups(false),
  ) {
    this.files_ = new FactFiles(lookups);
    this.kustomizations = new Kustomizations(lookups);
    this.builds = new Builds(
      this.kustomizations,
      {
        factsAt: (path) => this.files_.at(path),
        filesIn: (folder, recursive) => this.files_.filesIn(folder, recursive),
        uris: () => this.files_.uris(),
      },
      lookups,
    );
    this.requests = new RequestIndex(lookups);
    this.roles = new RoleIndex(lookups);
    this.grounds = new Grounds({ clusters: this.clusterPaths, rootsOf: (uri) => this.builds.rootsOf(uri) }, lookups);
    this.references = new RoleReferences(
      this.grounds,
      {
        policiesOf: (role) => this.policyIndex.inFile(policyFileOf(role) ?? ''),
        rolesOf: (policy) => this.roles.ofPolicyFile(pathKey(policy.doc.uri)),
      },
      lookups,
    );
    this.clusters = new FactMap(lookups);
    this.agents = new FactMap(lookups);
    this.providerClasses = new FactMap(lookups);
    this.profiles = new FactMap(lookups);
    this.overwritten = new Answers(lookups);
    this.namespaces = new Answers(lookups);
    this.chains_ = new Chains(
      {
        builds: this.builds,
        clusters: this.clusterPaths,
        aws: () => this.awsNow,
        namespaceOf: (account) => this.namespaceOf(account),
        builtNamespace: (built, uri) => this.builtNamespace(built, uri),
        isRenamed: (uri) => this.effectOn(uri).renamed,
        tiesOf: (asking) => this.tiesOf(asking),
        resolve: (reference, at) => this.references.resolve(reference, at),
        grantsOf: (grantee) => this.grants_.of(grantee),
        grantsTo: (policy) => this.grantsTo(policy),
        roleOf: (arn, name, at) => this.roleOf(arn, name, at),
        workloadsOf: (account, built) =>
          built
            ? this.withForeign(new Set(this.usersIn(built, account)), [built], this.accountIndex.workloadsOf(account))
            : this.workloadsOf(account),
      },
      lookups,
    );
    this.accountIndex = new AccountIndex(
      {
        namespaceOf: (fact) => this.namespaceOf(fact),
        together: (a, b) => this.grounds.together(a, b),
        folder: folderKey,
      },
      lookups,
    );
    this.associationIndex = new AssociationIndex(
      { identitiesOf: (fact) => this.identitiesOf(fact), together: (a, b) => this.grounds.together(a, b) },
      lookups,
    );
    this.policyIndex = new PolicyIndex(
      {
        ground: (a, b) => this.grounds.between(a, b),
        issuerOf: (uri) => this.clusterPaths.agreed(uri, ({ issuer }) => issuer),
        isAskedFor: (name) => this.requests.isAskedFor(name) || this.awsNow?.isAssociated(name) === true,
        countAsking: (name) => this.requests.count(name),
        askingIn: (folder) => this.requests.in(folder),
        askingBelow: (folder) => this.requests.below(folder),
        configured: (uri) => this.configuredRoles.of(uri),
        filesOfRole: (name) => this.roles.policyFilesOf(name),
        rolesOfFile: (uri) => [...this.roles.ofPolicyFile(pathKey(uri))].flatMap((role) => roleNameOf(role) ?? []),
      },
      lookups,
    );
    this.users = new PolicyUsers(this.policyIndex, this.requests, this.references, (name, namespace) =>
      this.accountsNamed(name, namespace),
    );
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
    this.lookups.forgetAll();
  }

  /** Takes new settings: clusters, roles and their paths. */
  configure(settings: Settings): void {
    this.settingsNow = settings;
    this.clusterPaths.configure(settings);
    this.lookups.forgetAll();
    this.configuredRoles.configure(settings);
  }

  /** Puts a file's facts in place of those it had. Facts that are the same objects do not change. */
  setFile(uri: string, facts: readonly Fact[]): void {
    const before = this.files_.of(uri);
    const [had, has] = [new Set(before), new Set(facts)];
    this.replace(
      uri,
      before.filter((fact) => !has.has(fact)),
      facts.filter((fact) => !had.has(fact)),
      facts.length > 0 ? facts : undefined,
    );
    if (facts.length > 0) return;
    this.clusterPaths.forget(uri);
    this.overwritten.forget(uri);
  }

  /**
   * Changes some of a file's facts; `facts` gives all of them as they are then, undefined where none are left. Those that go
   * and come stand in another order.
   */
  changeFile(uri: string, gone: readonly Fact[], came: readonly Fact[], facts: (() => readonly Fact[]) | undefined): void {
    const [going, coming] = [new Set(gone), new Set(came)];
    const moved = gone.filter((fact) => coming.has(fact));
    for (const fact of moved) {
      this.index(fact, 'remove');
      this.index(fact, 'add');
    }
    if (moved.length > 0) this.files_.changed(uri, moved);
    this.replace(
      uri,
      gone.filter((fact) => !coming.has(fact)),
      came.filter((fact) => !going.has(fact)),
      facts,
    );
  }

  private replace(
    uri: string,
    gone: readonly Fact[],
    came: readonly Fact[],
    facts: readonly Fact[] | (() => readonly Fact[]) | undefined,
  ): void {
    // First what comes: a key that stays is the same key to those who look at all of them.
    for (const fact of came) this.index(fact, 'add');
    for (const fact of gone) this.index(fact, 'remove');
    if (facts) this.files_.keep(uri, facts);
    else this.files_.forget(uri);
    if (gone.length > 0 || came.length > 0) this.files_.changed(uri, [...gone, ...came]);
  }

  /** Makes values anew that answers depend on and that may be others now: to be called before answers are given that were kept. */
  settle(): void {
    this.lookups.settle();
  }

  removeFile(uri: string): void {
    this.setFile(uri, []);
  }

  private index(fact: Fact, change: 'add' | 'remove'): void {
    const operation = change === 'add' ? 'add' : 'delete';
    this.grounds.count(fact, change);
    switch (fact.kind) {
      case 'serviceAccount':
        this.accountIndex[change](fact);
        this.requests.changeAccount(fact, operation);
        this.references.change(fact, operation);
        if (fact.patch?.renamesTo) this.kustomizations.countRenaming(change === 'add' ? 1 : -1);
        if (change === 'remove') this.chains_.forget(fact);
        return;
      case 'workload':
        this.accountIndex[change](fact);
        return;
      case 'trustPolicy':
        this.policyIndex[change](fact);
        this.references.change(fact, operation);
        return;
      case 'kustomization':
        this.kustomizations[change](fact);
        if (change === 'remove') this.builds.forget(fact);
        return;
      case 'role':
        this.roles.change(fact, operation);
        this.references.change(fact, operation);
        return;
      case 'rolePolicy':
        this.roles.changePolicy(fact, operation);
        return;
      case 'podIdentityAssociation':
        this.associationIndex[change](fact);
        this.requests.changeAssociation(fact, operation);
        this.references.change(fact, operation);
        return;
      case 'fargateProfile':
        this.profiles[operation]('all', fact);
        return;
      case 'cluster':
        this.clusters[operation](fact.doc.uri, fact);
        return;
      case 'object':
        this.requests.changeOperator(fact, operation);
        if (fact.providerClass && literal(fact.name)) this.providerClasses[operation](literal(fact.name)!, fact);
        return;
      case 'annotation':
      case 'oidcProvider':
        return;
      case 'podIdentityAgent':
        this.agents[operation]('all', fact);
    }
  }

  /** True where some build takes a file. */
  isBuilt(uri: string): boolean {
    return this.builds.rootsOf(uri).length > 0;
  }

  /** True where what a build makes of a file's accounts may hang on more than their names: a target of a patch, another name. */
  isBuiltBeyondNames(uri: string): boolean {
    if (this.kustomizations.isEmpty) return false;
    const isOpenPatch = (fact: Fact): boolean =>
      fact.kind === 'serviceAccount' && (fact.patch?.operations ?? fact.patch?.target) !== undefined;
    for (const each of this.builds.above(pathKey(uri)))
      if (reachesBeyondNames(each) || this.facts(each.doc.uri).some(isOpenPatch)) return true;
    return false;
  }

  files(): Iterable<string> {
    return this.files_.uris();
  }

  facts(uri: string): readonly Fact[] {
    return this.files_.of(uri);
  }

  factsIn(doc: DocumentRef): readonly Fact[] {
    return this.files_.in(doc);
  }

  /** Notes that the answer that is being made looks at a document's facts. */
  noteDocument(doc: DocumentRef): void {
    this.files_.note(doc);
  }

  accountsWithAudience(): Iterable<ServiceAccountFact> {
    return this.requests.audiences();
  }

  accounts(): Iterable<ServiceAccountFact> {
    return this.files_.accounts();
  }

  workloads(): Iterable<WorkloadFact> {
    return this.files_.workloads();
  }

  policies(): Iterable<TrustPolicyFact> {
    return this.files_.policies();
  }

  namespaceOf(fact: ServiceAccountFact | WorkloadFact): string | undefined {
    // An object of many overlays has many to compare, and each of them asks.
    return this.builds.rootsOf(fact.doc.uri).length > 1
      ? this.namespaces.get(fact, () => ({ namespace: this.findNamespace(fact) })).namespace
      : this.findNamespace(fact);
  }

  private findNamespace(fact: ServiceAccountFact | WorkloadFact): string | undefined {
    if (fact.kind === 'serviceAccount' && fact.requestedBy && fact.ofRelease) return this.requestedNamespace(fact);
    const accounts = fact.kind === 'serviceAccount' ? this.builds.accounts(fact) : undefined;
    if (fact.kind === 'serviceAccount' && fact.ofRelease && !accounts?.some(({ built }) => built.release)) return literal(fact.namespace);
    if (this.builds.isCrowded(fact.doc.uri)) return undefined;
    const names = new Set(
      fact.kind === 'serviceAccount'
        ? accounts?.map((each) => this.builtNamespace(each, fact.doc.uri))
        : this.builds
            .workloads(fact)
            ?.map(
              ({ root, built: { namespace } }) => namespace ?? (namespace === null ? this.clusterNamespace(root, fact.doc.uri) : undefined),
            ),
    );
    if (names.size > 0) return names.size === 1 ? [...names][0] : undefined;
    const { namespace } = this.effectOn(fact.doc.uri);
    if (namespace.kind === 'set') return namespace.name;
    if (namespace.kind === 'unknown') return undefined;
    if (namespace.kind === 'perhaps') return literal(fact.namespace) === namespace.name ? namespace.name : undefined;
    if (fact.namespace && fact.namespace.value !== '') return literal(fact.namespace);
    if (fact.kind === 'serviceAccount' && fact.origin === 'values') return undefined;
    return this.clusterPaths.agreed(fact.doc.uri, (cluster) => cluster.namespace);
  }

  /** The namespace of an account that an operator uses in its own: where the files make one of that name in one namespace alone. */
  private requestedNamespace(fact: ServiceAccountFact): string | undefined {
    const name = literal(fact.name);
    if (!name) return undefined;
    const found = new Set<string | undefined>();
    for (const account of this.accountIndex.named(name, undefined)) {
      if (account.requestedBy || !this.grounds.together(account, fact)) continue;
      found.add(this.namespaceOf(account));
      if (found.size > 1) return undefined;
    }
    return [...found][0];
  }

  /** The namespace that pod-roles.yaml says for what neither a manifest nor a build places. */
  private clusterNamespace(root: KustomizationFact | undefined, uri: string): string | undefined {
    return this.clusterPaths.agreedOf(root, uri, (cluster) => cluster.namespace);
  }

  identitiesOf(account: ServiceAccountFact): readonly { readonly namespace?: string | undefined; readonly name?: string | undefined }[] {
    const built = this.builds.accounts(account);
    if (!built || built.length === 0)
      return [
        {
          namespace: this.namespaceOf(account),
          name: this.effectOn(account.doc.uri).renamed ? undefined : literal(account.name) || undefined,
        },
      ];
    return built.map((each) => ({ namespace: this.builtNamespace(each, account.doc.uri), name: each.built.name }));
  }

  private builtNamespace({ root, built }: BuiltIn<BuiltAccount>, uri: string): string | undefined {
    const { object, namespace } = built;
    if (object.requestedBy && object.ofRelease) return this.requestedNamespace(object);
    if (object.ofRelease && !built.release) return literal(object.namespace);
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
    return all.filter((account) =>
      this.identitiesOf(account).some((each) => each.namespace === namespace && (each.name === undefined || each.name === name)),
    );
  }

  accountNamesNear(name: string): readonly string[] {
    return this.accountIndex.near(name);
  }

  accountNames(): Iterable<string> {
    return this.accountIndex.names();
  }

  policiesNaming(word: string): Iterable<TrustPolicyFact> {
    return this.policyIndex.speakingOf(word);
  }

  policiesClaiming(roleName: string): Iterable<TrustPolicyFact> {
    return this.policyIndex.claiming(roleName);
  }

  accountsOf(workload: WorkloadFact): readonly ServiceAccountFact[] {
    const built = this.builds.workloads(workload) ?? [];
    const joined = this.accountIndex.accountsOf(workload);
    if (built.length === 0) return joined;
    const accounts = built.flatMap((each) => this.builds.accountsOf(each)).map((account) => account.object);
    return this.withForeign(new Set(accounts.filter((account) => mayUse(account, workload))), built, joined);
  }

  workloadsOf(account: ServiceAccountFact): readonly WorkloadFact[] {
    const built = this.builds.accounts(account) ?? [];
    const joined = this.accountIndex.workloadsOf(account);
    if (built.length === 0) return joined;
    return this.withForeign(new Set(built.flatMap((each) => this.usersIn(each, account))), built, joined);
  }

  private usersIn(built: BuiltIn<BuiltAccount>, account: ServiceAccountFact): WorkloadFact[] {
    return this.builds.workloadsOf(built).filter((workload) => mayUse(account, workload));
  }

  get hasFargateProfiles(): boolean {
    return this.profiles.size('all') > 0 || this.awsNow?.hasFargateProfiles === true;
  }

  profilesOf(cluster: ProfileCluster, places: readonly Placed[]): readonly KnownProfile[] {
    return profilesOf(cluster, places, {
      files: this.profiles.get('all'),
      aws: this.awsNow,
      ground: (a, b) => this.grounds.between(a, b),
    });
  }

  workloadsNamed(namespace: string, name: string): readonly WorkloadFact[] {
    const accounts = this.accountsNamed(name, namespace);
    if (accounts.length > 0)
      return inOrder(
        new Set(
          accounts.flatMap((account) => {
            const workloads = this.workloadsOf(account);
            // An operator that gets its role by the annotation, or by a role that it names, needs no association.
            return account.roleArn || this.chainsThrough(account).length > 0
              ? workloads.filter((workload) => !passesByWebhook(workload))
              : workloads.filter(({ operator }) => operator !== 'request');
          }),
        ),
      );
    return inOrder([...this.accountIndex.using(name)].filter((workload) => this.namespaceOf(workload) === namespace));
  }

  /** What builds join, and what is joined by name all the same: of another build, or of none. */
  private withForeign<F extends ServiceAccountFact | WorkloadFact>(
    found: Set<F>,
    built: readonly Pick<BuiltIn<unknown>, 'root'>[],
    joined: readonly F[],
  ): F[] {
    const roots = new Set(built.map(({ root }) => root));
    for (const fact of joined) {
      // A name that a template makes is one within its folder: no build tells what it comes to.
      const name = fact.kind === 'serviceAccount' ? fact.name : fact.serviceAccountName;
      if ((name && name.holes.length > 0) || !this.builds.rootsOf(fact.doc.uri).some((root) => roots.has(root))) found.add(fact);
    }
    return inOrder(found);
  }

  associationsOf(account: ServiceAccountFact): readonly PodIdentityAssociationFact[] {
    return this.associationIndex.of(account);
  }

  associations(): Iterable<PodIdentityAssociationFact> {
    return this.files_.associations();
  }

  grantsOf(grantee: Grantee): readonly Grant[] {
    return this.grants_.of(grantee);
  }

  grants(): Iterable<Grant> {
    return this.grants_.all();
  }

  grantOf(association: PodIdentityAssociationFact): Grant | undefined {
    return this.grants_.ofAssociation(association);
  }

  grantsTo(policy: TrustPolicyFact): readonly Grant[] {
    return this.users
      .associationsOf(policy)
      .flatMap((association) => this.grantOf(association) ?? [])
      .filter((grant) => grant.ties.some((tie) => tie.policy === policy));
  }

  private tiesOf(asking: Asking): readonly Tie[] {
    return this.policyIndex.tiesOf(asking, this.configuredRoles.filesOf(asking.arn, asking.name));
  }

  mayInstallAgent(at: Placed): boolean {
    let looked = 0;
    for (const agent of this.agents.get('all')) if (looked++ >= mostAgents || this.grounds.together(agent, at)) return true;
    return false;
  }

  mayAssociate(at: Placed): boolean {
    for (const each of this.associations())
      if (!(literal(each.namespace) && literal(each.serviceAccount)) && this.grounds.together(each, at)) return true;
    return false;
  }

  clusterAt(at: Placed): KnownCluster | undefined {
    const names = this.clustersOf(at.doc.uri);
    if (names.length === 0) {
      // A file that pod-roles.yaml gives to none of its clusters is for none that is known.
      if (this.settingsNow.clusters.some(({ paths }) => paths.length > 0)) return undefined;
      const only = this.awsNow?.onlyCluster();
      return only && knownCluster(only.name, { region: only.region }, { settings: [], declared: [], aws: this.awsNow });
    }
    if (names.length > 1) return undefined;
    const { uri } = at.doc;
    return knownCluster(
      names[0],
      {},
      { settings: this.clusterPaths.named(names[0]!, uri), declared: [...this.clusters.get(uri)], aws: this.awsNow },
    );
  }

  policiesOfRole(role: Text, at: Placed): readonly Tie[] {
    if (role.refers) {
      const { reference, ties } = this.references.resolve(role.refers, at);
      return isPartlyKnown(reference) ? [] : ties;
    }
    const arn = parseRoleArn(trim(role));
    const name = roleKey(arn?.name, at.doc.uri);
    const files = arn && name !== undefined ? this.tiesOf({ arn, name, places: [at] }) : [];
    const real = files.length === 0 && arn ? this.awsNow?.trust(arn.text.value) : undefined;
    return real ? [{ kind: 'aws', policy: real.fact, because: this.awsNow!.source.label }] : files;
  }

  providerClassesOf(name: string, workload: WorkloadFact): readonly ObjectFact[] {
    const namespace = this.namespaceOf(workload);
    return [...this.providerClasses.get(name)].filter(
      (each) =>
        (namespace === undefined || !each.namespace || literal(each.namespace) === namespace) && this.grounds.together(each, workload),
    );
  }

  clusterMadeIn(uri: string): readonly ClusterFact[] {
    return [...this.clusters.get(uri)];
  }

  /** Names of the clusters that a file is for: by pod-roles.yaml, or what the file itself makes (eksctl's). */
  private clustersOf(uri: string): string[] {
    const { clusters } = this.clusterPaths.of(uri);
    return clusters.length > 0 ? [...clusters] : [...this.clusters.get(uri)].flatMap(({ name }) => literal(name) ?? []);
  }

  firstAssociationLike(
    association: PodIdentityAssociationFact,
    accepts: (other: PodIdentityAssociationFact) => boolean,
  ): PodIdentityAssociationFact | undefined {
    return this.associationIndex.firstLike(association, accepts);
  }

  chainOf(account: ServiceAccountFact): Chain | undefined {
    return this.chains_.firstOf(account);
  }

  chainsFor(account: ServiceAccountFact): readonly Chain[] {
    return this.chains_.of(account);
  }

  chainsThrough(account: ServiceAccountFact): readonly Chain[] {
    return this.chains_.through(account);
  }

  *chains(): Iterable<Chain> {
    for (const account of this.accounts()) yield* this.chainsFor(account);
  }

  chainsOf(policy: TrustPolicyFact): readonly Chain[] {
    const chains: Chain[] = [];
    for (const account of inOrder(this.users.accountsOf(policy))) {
      for (const chain of this.chainsFor(account)) if (isTied(chain, policy)) chains.push(chain);
    }
    return chains;
  }

  policiesOf(role: Text, uri: string): readonly RolePolicyFact[] {
    const policies = this.roles.policiesOf(role, uri);
    return role.refers ? policies : policies.filter((policy) => this.together(policy, uri));
  }

  rolesNamed(name: string): readonly RoleFact[] {
    return inOrder(this.roles.named(name));
  }

  hasRoleNamed(name: string): boolean {
    if (this.roles.has(name) || this.awsNow?.hasRoleNamed(name) === true) return true;
    return this.policyIndex.isOfNamed(name);
  }

  isRoleUsed(name: string): boolean {
    return this.requests.isAskedFor(name);
  }

  roleArns(): { readonly arn: RoleArn; readonly text: string; readonly uses: number }[] {
    const found = new Map<string, { arn: RoleArn; text: string; uses: number }>();
    const add = (arn: RoleArn | undefined): void => {
      if (!arn) return;
      const known = found.get(arn.text.value);
      if (known) known.uses++;
      else found.set(arn.text.value, { arn, text: arn.text.value, uses: 1 });
    };
    for (const uri of this.files_.uris()) {
      for (const fact of this.facts(uri)) {
        if (fact.kind === 'serviceAccount') add(requestedRole(fact));
        else if (fact.kind === 'role' && fact.arn) add(parseRoleArn(trim(fact.arn)));
      }
    }
    return [...found.values()].sort((a, b) => b.uses - a.uses || (a.text < b.text ? -1 : 1));
  }

  together(a: Placed | string, b: Placed | string): boolean {
    return this.grounds.together(placed(a), placed(b));
  }

  groundOf(a: Placed | string, b: Placed | string): Ground {
    return this.grounds.between(placed(a), placed(b));
  }

  private effectOn(uri: string): Overwritten {
    return this.overwritten.get(uri, () => this.kustomizations.effectOn(uri));
  }

  private roleOf(arn: RoleArn, name: string, at: Placed): RoleFact | undefined {
    const roles = this.roles.named(name);
    if (roles.size * this.requests.accountsOf(name).size > mostTies) return undefined;
    const here = (role: RoleFact) => this.grounds.together(role, at);
    const exact = [...roles].filter((role) => role.arn && trim(role.arn).value === arn.text.value && here(role));
    const found = exact.length > 0 ? exact : [...roles].filter((role) => !role.arn && here(role));
    return found.length === 1 ? found[0] : undefined;
  }

  /** What is too much to be joined, and is not. */
  *crowds(): Generator<Crowd> {
    yield* this.accountIndex.crowds();
    yield* this.policyIndex.crowds();
    yield* this.builds.crowds();
  }
}

/** If more files speak of the agent, one of them is taken to install it. */
const mostAgents = 100;

const tied = new WeakMap<Chain, ReadonlySet<TrustPolicyFact>>();

/** Whether a policy is among a chain's ties: of those with many, each of the policies asks. */
function isTied(chain: Chain, policy: TrustPolicyFact): boolean {
  if (chain.ties.length < 10) return chain.ties.some((tie) => tie.policy === policy);
  let policies = tied.get(chain);
  if (!policies) tied.set(chain, (policies = new Set(chain.ties.map((tie) => tie.policy))));
  return policies.has(policy);
}

function placed(at: Placed | string): Placed {
  return typeof at === 'string' ? { doc: { uri: at } } : at;
}
