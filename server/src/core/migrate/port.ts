import type { PodIdentityAssociationFact, RoleFact, ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import type { Edit } from '../rules/rule';
import type { Span } from '../text/span';
import type { SourceDocument, SourceFile } from '../syntax/sourceFile';
import type { Access } from '../trust/access';
import type { ComparisonScope, Inclusion, PolicySet } from '../trust/compare/types';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import type { PackageFiles } from './packages/model';
import type { Steps } from './slices';
import type { Direction, FileChange, Made, MigrationStep, MovedAccount, PolicyEditor, Spelling } from './types';

/** What is known of a workspace: that of now, or one that was read again with other texts. */
export interface MigrationView {
  readonly wiring: Wiring;
  /** The one verdict on a chain (trust/access.ts). */
  access(chain: Chain): Access;
}

/** What the engine asks of the front that runs it. Nothing is written through it. */
export interface MigrationHost {
  readonly view: MigrationView;
  /** A file with its documents as it was read; undefined where its text is not at hand. */
  source(uri: string): SourceFile | undefined;
  /** The URIs of the other files that are known in the folder of a file: what is read together with it. */
  siblings(uri: string): readonly string[];
  /** The URIs of all files of Terraform that are known. */
  terraformFiles(): readonly string[];
  /** Whether something has this URI, whether it is read or not: no new file is made over it. */
  exists(uri: string): boolean;
  /** What lock files and the like tell; read when a plan or a step is asked for. */
  readonly packages: PackageFiles;
  /** The whole workspace read again by the real readers, with other texts for some files, new files among them. */
  reread(texts: ReadonlyMap<string, string>): Steps<MigrationView>;
  /** The comparison of trust policies: `trust/compare/includes.ts`. */
  readonly includes: Includes;
  /** What writes into files: `edits/`. */
  readonly editors: MigrationEditors;
}

export type Includes = (all: PolicySet, part: PolicySet, scope?: ComparisonScope) => Inclusion;

/** Who and what is to be moved. */
export interface MigrationRequest {
  readonly direction: Direction;
  /** The accounts, by namespace and name; absent: all. */
  readonly accounts?: readonly { readonly namespace: string; readonly name: string }[];
  /** Those of one namespace alone. */
  readonly namespace?: string;
  /** Those of one cluster alone. It is the name of the cluster, too, where no file tells one. */
  readonly cluster?: string;
}

/** A request for one step. */
export interface StepRequest extends MigrationRequest {
  readonly step: MigrationStep;
  /** True: a change of which it is unknown whether it lets somebody in or out is made all the same; one that surely does never is. */
  readonly unproven?: boolean;
}

/** An association to write, and beside what. */
export interface AssociationTarget {
  readonly account: MovedAccount;
  /** Of an account that the trust policy names by `each` or `count`: its names as texts, where they are known, and the trust policy. */
  readonly instance?: {
    readonly names?: Pick<MovedAccount, 'namespace' | 'serviceAccount'>;
    readonly policy: TrustPolicyFact;
    readonly document: SourceDocument;
  };
  readonly role?: RoleFact;
  /** Where the role is made, or the association is to stand; absent: in no file that takes it. */
  readonly document?: SourceDocument;
  /** The documents of the other files of its folder, for names that are taken. */
  readonly siblings: readonly SourceDocument[];
  /** The role's ARN where it is known. */
  readonly roleArn?: string;
  /** The cluster's region, where it is known. */
  readonly region?: string;
  /** eksctl: the account's entry of `iam.serviceAccounts`, whose policies a new role gets. */
  readonly entry?: Pick<ServiceAccountFact, 'span'>;
  /** eksctl: the entry alone creates the service account in the cluster, so the association has to. */
  readonly createsAccount?: boolean;
}

/** An association as edits of files, or as lines of a shell script where no file takes it. */
export interface WrittenAssociation extends FileChange {
  /** AWS CLI commands, where no file takes it. */
  readonly script?: string;
  /** What it is written as, for people: `Terraform resource`, `AWS CLI command`. */
  readonly format: string;
}

/** A role that a call of a module makes in the place of another module's. */
export interface ReplacedRole {
  readonly edits: readonly Edit[];
  /** The new call's label. */
  readonly call: string;
  /** Places that give the old role's ARN to others: `outputs.tf:3 (output role_arn)`. */
  readonly uses: readonly string[];
}

/** Where the role of an add-on's association comes from, if not from what stands in the add-on. */
export interface AddonRole {
  /** The trust policy of a role that eksctl makes by itself. */
  readonly made?: TrustPolicyFact;
  /** The call of a Terraform module whose role takes the place of another call's. */
  readonly call?: { readonly from: string; readonly to: string };
}

/** What writes into files. Every function is pure, and gives edits that insert, remove, or replace what it read. */
export interface MigrationEditors {
  readonly policyEditors: readonly PolicyEditor[];
  /** How the files spell the cluster and its account beside a policy; what is not sure is absent. */
  clusterSpelling(
    policy: TrustPolicyFact,
    document: SourceDocument,
    siblings: readonly SourceDocument[],
    statement?: number,
    named?: string,
  ): { readonly cluster?: Spelling; readonly accountId?: Spelling };
  /** The cluster as a variable of a Terraform module that is given its provider, and the edits that declare and give the variable. */
  clusterFromCalls(
    policy: TrustPolicyFact,
    document: SourceDocument,
    host: Pick<MigrationHost, 'source' | 'terraformFiles'>,
  ): { readonly cluster: Spelling; readonly edits: readonly Edit[] } | undefined;
  /** The folders of Terraform that are applied for some folders. */
  terraformRoots(folders: readonly string[], host: Pick<MigrationHost, 'source' | 'terraformFiles'>): ReadonlySet<string>;
  /** Edits that take out variables that `clusterFromCalls` declared and nothing uses in the changed texts. */
  unusedVariables(
    folders: readonly string[],
    texts: ReadonlyMap<string, string>,
    host: Pick<MigrationHost, 'source' | 'terraformFiles'>,
  ): readonly Edit[];
  /** The OIDC provider that the Terraform folder of a document has for a cluster, by the expression of the cluster's name. */
  terraformProvider(
    document: SourceDocument,
    siblings: readonly SourceDocument[],
    cluster: string,
  ): { readonly provider: Spelling; readonly issuer: Spelling } | undefined;
  writeAssociation(target: AssociationTarget): Made<WrittenAssociation>;
  removeAssociation(association: PodIdentityAssociationFact, document: SourceDocument): Made<readonly Edit[]>;
  /** Takes the annotations of IRSA out: role-arn, and audience, token-expiration and sts-regional-endpoints beside it. */
  removeAnnotation(account: ServiceAccountFact, document: SourceDocument): Made<readonly Edit[]>;
  /** Takes an entry of eksctl's `iam.serviceAccounts` out. */
  removeEntry(entry: { readonly span: Span }, document: SourceDocument): Made<readonly Edit[]>;
  /** Adds annotations by their full keys. */
  addAnnotation(account: ServiceAccountFact, document: SourceDocument, values: Readonly<Record<string, Spelling>>): Made<readonly Edit[]>;
  /**
   * Turns an add-on's role for IRSA into an association of its own: both at once are refused by EKS, so that this is one edit.
   * @param of where the role comes from, if not from what stands in the add-on
   */
  moveAddon(account: ServiceAccountFact, document: SourceDocument, of?: AddonRole): Made<readonly Edit[]>;
  /** Takes an add-on's role for IRSA out, where its association is written beside the role. */
  removeAddonRole(account: ServiceAccountFact, document: SourceDocument): Made<readonly Edit[]>;
  /** The call of a Terraform module whose trust policy takes no further statements, so that another role has to replace its role. */
  replacedCall(policy: TrustPolicyFact, document: SourceDocument): { readonly label: string } | undefined;
  /** Writes a role with the same policies beside such a call, for these accounts, with their associations if `associated`. */
  replaceRole(
    policy: TrustPolicyFact,
    document: SourceDocument,
    siblings: readonly SourceDocument[],
    accounts: readonly MovedAccount[],
    associated: boolean,
  ): Made<ReplacedRole>;
  /** Takes a module's call out with what attaches policies to its role; refused while anything else than `leaving` uses it. */
  removeCall(span: Span, document: SourceDocument, siblings: readonly SourceDocument[], leaving: readonly Edit[]): Made<readonly Edit[]>;
}
