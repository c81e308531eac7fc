import type { Settings } from '../config/settings';
import type {
  ClusterFact,
  Fact,
  ObjectFact,
  PodIdentityAssociationFact,
  RoleFact,
  RolePolicyFact,
  ServiceAccountFact,
  TrustPolicyFact,
  WorkloadFact,
} from '../model/facts';
import type { DocumentRef } from '../syntax/sourceFile';
import type { Text } from '../text/text';
import type { RoleArn } from '../model/arn';
import type { AwsIndex } from './aws';
import type { Chain, Tie } from './chain';
import type { KnownCluster } from './clusters';
import type { KnownProfile, ProfileCluster } from './fargate';
import type { Grant, Grantee } from './grants';
import type { Ground, Placed } from './ground';

/**
 * The workspace's facts, joined by key. Holds facts alone, never trees or texts; answers from maps.
 * Facts of a file are replaced whole; joins are made when asked for.
 */
export interface Wiring {
  readonly settings: Settings;
  /** What AWS, or a snapshot of it, knows; absent where nobody asked. */
  readonly aws?: AwsIndex | undefined;
  /** URIs of all files with facts. */
  files(): Iterable<string>;
  facts(uri: string): readonly Fact[];
  /** The facts of one document. */
  factsIn(doc: DocumentRef): readonly Fact[];
  accounts(): Iterable<ServiceAccountFact>;
  /** Every account with an audience of its own. */
  accountsWithAudience(): Iterable<ServiceAccountFact>;
  workloads(): Iterable<WorkloadFact>;
  policies(): Iterable<TrustPolicyFact>;

  /** The namespace an object has, where it is known: its own, its kustomization's (only where that is sure), or the config's. */
  namespaceOf(fact: ServiceAccountFact | WorkloadFact): string | undefined;
  /** True when kustomizations decide the namespaces of a file's objects: what a manifest says is then not the last word. */
  namespaceIsOverwritten?(uri: string): boolean;
  /** Names of all accounts; some may hold placeholders. */
  accountNames?(): Iterable<string>;
  /** Those of them that were probably meant to be a name, and are another. */
  accountNamesNear?(name: string): readonly string[];
  /** Trust policies with a literal subject whose name, or namespace, is the word. */
  policiesNaming?(word: string): Iterable<TrustPolicyFact>;
  /** Policies whose document or path names a role, whether they are tied to one or not. */
  policiesClaiming(roleName: string): Iterable<TrustPolicyFact>;
  /** Accounts with that name; with a namespace, only those that are in it. Deployment borders are kept (see `together`). */
  accountsNamed(name: string, namespace?: string): readonly ServiceAccountFact[];
  /** The accounts that a workload uses: same deployment, same namespace, same name. Several in overlays and environments. */
  accountsOf(workload: WorkloadFact): readonly ServiceAccountFact[];
  workloadsOf(account: ServiceAccountFact): readonly WorkloadFact[];
  /** The workloads of the accounts of a name in a namespace; where no file has one, those that name it there. */
  workloadsNamed(namespace: string, name: string): readonly WorkloadFact[];
  /** The chain of an account, if it asks for a role. Of several, one for each overlay, the first. */
  chainOf(account: ServiceAccountFact): Chain | undefined;
  /** The chains whose request stands on this account, or on this patch of one: several where overlays make several of it. */
  chainsFor(account: ServiceAccountFact): readonly Chain[];
  /** The chains that an account's manifest has a part in: its own, and those of the patches laid over it. */
  chainsThrough(account: ServiceAccountFact): readonly Chain[];
  /** What builds call an account; undefined parts are not known. Its own name and namespace where none takes it. */
  identitiesOf(account: ServiceAccountFact): readonly { readonly namespace?: string | undefined; readonly name?: string | undefined }[];
  chains(): Iterable<Chain>;
  /** Chains whose ties include the policy. */
  chainsOf(policy: TrustPolicyFact): readonly Chain[];
  /** The Pod Identity associations of an account: same namespace, same name, same deployment. */
  associationsOf?(account: ServiceAccountFact): readonly PodIdentityAssociationFact[];
  /** The roles that EKS Pod Identity gives an account, by associations of files and of AWS. */
  grantsOf(grantee: Grantee): readonly Grant[];
  /** The roles that the files' associations give, to whomever. */
  grants(): Iterable<Grant>;
  /** Every association that a file makes, also where its namespace or account is a placeholder. */
  associations(): Iterable<PodIdentityAssociationFact>;
  /** What one association of a file gives; undefined where its namespace or account is not written out. */
  grantOf(association: PodIdentityAssociationFact): Grant | undefined;
  /** What the files' associations give whose role a policy may be of. */
  grantsTo(policy: TrustPolicyFact): readonly Grant[];
  /** The first other association for the same namespace and account, in the same deployment, that `accepts` takes. */
  firstAssociationLike?(
    association: PodIdentityAssociationFact,
    accepts: (other: PodIdentityAssociationFact) => boolean,
  ): PodIdentityAssociationFact | undefined;
  /** True where a file that may be of the same deployment installs the EKS Pod Identity Agent, or speaks of it. */
  mayInstallAgent(at: Placed): boolean;
  /** True where an association whose namespace or account is not written out may be of the same deployment. */
  mayAssociate(at: Placed): boolean;
  /** The one cluster that a file is deployed to: by pod-roles.yaml, by the file itself, or the only one that AWS has. */
  clusterAt(at: Placed): KnownCluster | undefined;
  /** The policies that may be those of the role that a value names: of files, else AWS's. None where it may be several roles. */
  policiesOfRole(role: Text, at: Placed): readonly Tie[];
  /** The SecretProviderClasses of AWS of that name that a workload may mount. */
  providerClassesOf(name: string, workload: WorkloadFact): readonly ObjectFact[];
  /** The clusters that a file makes. */
  clusterMadeIn(uri: string): readonly ClusterFact[];
  /** True where a file, or AWS, has a Fargate profile. */
  readonly hasFargateProfiles?: boolean;
  /** The Fargate profiles of a cluster, of files and of AWS; not those of another deployment than a place is of. */
  profilesOf(cluster: ProfileCluster, places: readonly Placed[]): readonly KnownProfile[];
  /** The policies that files give a role of that name, in the deployment of a file. */
  policiesOf?(role: Text, uri: string): readonly RolePolicyFact[];
  /** The roles of that name that files make, in any deployment. */
  rolesNamed(name: string): readonly RoleFact[];
  /** True where a file, or AWS, has a role of that name. */
  hasRoleNamed(name: string): boolean;
  /** True where the ARN in some annotation or association has that name. */
  isRoleUsed(name: string): boolean;
  /** Role ARNs that annotations and roles of the workspace name, with how often. */
  roleArns(): readonly { readonly arn: RoleArn; readonly text: string; readonly uses: number }[];
  /**
   * False when two facts, or files, belong to different deployments (`overlays/dev` and `overlays/prod`, two clusters of
   * pod-roles.yaml, two folders with accounts and roles of their own): then nothing joins them. See ground.ts.
   */
  together(a: Placed | string, b: Placed | string): boolean;
  /** What two facts, or files, have in common, and why. */
  groundOf(a: Placed | string, b: Placed | string): Ground;
}
