import type { RoleFact, ServiceAccountFact, TrustPolicyFact, PodIdentityAssociationFact } from '../model/facts';
import type { Edit } from '../rules/rule';
import type { SourceDocument, SourceFile } from '../syntax/sourceFile';
import type { Text } from '../text/text';
import type { Access } from '../trust/access';
import type { ComparisonScope, Inclusion, PolicySet } from '../trust/compare/types';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import type { Direction, FileChange, Made, MigrationStep, MovedAccount, PolicyEditor } from './types';

/** What is known of a workspace: that of now, or one that was read again with other texts. */
export interface MigrationView {
  readonly wiring: Wiring;
  /** The one verdict on a chain (trust/access.ts). */
  access(chain: Chain): Access;
  /** Places of errors in a document's syntax: a step never adds one. */
  faults(uri: string): number;
}

/** What the engine asks of the front that runs it. Nothing is written through it. */
export interface MigrationHost {
  readonly view: MigrationView;
  /** A file with its documents as it was read; undefined where its text is not at hand. */
  source(uri: string): SourceFile | undefined;
  /** The URIs of the files that are known in the folder of a file, itself included: what is read together with it. */
  siblings(uri: string): readonly string[];
  /** Whether something has this URI, whether it is read or not: no new file is made over it. */
  exists(uri: string): boolean;
  /** The whole workspace read again by the real readers, with other texts for some files, new files among them. */
  reread(texts: ReadonlyMap<string, string>): MigrationView;
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
export interface AssociationOrder {
  /** The trust policy of its role; absent where no file has one. */
  readonly policy?: TrustPolicyFact;
  readonly document?: SourceDocument;
  readonly role?: RoleFact;
  /** The role as the account's annotation, or a file, names it. */
  readonly roleArn?: Text;
  readonly account: MovedAccount;
  /** The files that are read together with the policy, with their texts: the folder of a Terraform module. */
  readonly files: readonly SourceFile[];
  /** Whether something has a URI. */
  exists(uri: string): boolean;
}

/** What writes into files. Every function is pure, and gives edits that insert, remove, or replace what it read. */
export interface MigrationEditors {
  readonly policyEditors: readonly PolicyEditor[];
  /** Writes an association beside its role, in the format that the role is written in; refuses where that has no such object. */
  writeAssociation(order: AssociationOrder): Made<FileChange>;
  /** Takes an association out. */
  removeAssociation(association: PodIdentityAssociationFact, document: SourceDocument): Made<readonly Edit[]>;
  /** Takes the annotations of IRSA out: role-arn, and audience, token-expiration and sts-regional-endpoints beside it. */
  removeAnnotation(account: ServiceAccountFact, document: SourceDocument): Made<readonly Edit[]>;
  /** Adds the annotation role-arn. */
  addAnnotation(account: ServiceAccountFact, document: SourceDocument, role: Text): Made<readonly Edit[]>;
}
