import type { TrustPolicyFact } from '../model/facts';
import type { Edit } from '../rules/rule';
import type { Place, SourceDocument } from '../syntax/sourceFile';
import type { Inclusion } from '../trust/compare/types';

/** Which way an account moves: to EKS Pod Identity, or back to IRSA where a platform lacks Pod Identity. */
export type Direction = 'to-pod-identity' | 'to-irsa';

/**
 * `expand`: both mechanisms work. `contract`: the old one leaves. `undo`: a half-made move is taken back, so that the old
 * mechanism alone is left.
 */
export type MigrationStep = 'expand' | 'contract' | 'undo';

/** What a step does to files. Edits are of texts as they were read; nothing is written before a preview and a confirmation. */
export interface FileChange {
  readonly edits: readonly Edit[];
  /** Files that are new. */
  readonly creates: readonly { readonly uri: string; readonly text: string }[];
}

/** Something that a part of the move makes, or the reason why it can't, as one sentence for people. */
export type Made<T> = { readonly made: T } | { readonly refused: string };

/** A value as it is written into a file: a text, or an expression of the file's own language (`module.eks.cluster_name`, `!Ref Cluster`). */
export type Spelling = { readonly text: string } | { readonly expression: string };

/** An account and its cluster, as a statement or an association names them. */
export interface MovedAccount {
  readonly namespace: Spelling;
  readonly serviceAccount: Spelling;
  /** Absent where the cluster's name is told by no file, setting or option. */
  readonly cluster?: Spelling;
  /** The cluster's account, 12 digits or an expression. */
  readonly accountId?: Spelling;
}

/** An account as a statement for IRSA names it, and the cluster's provider. */
export interface WebIdentityAccount {
  readonly namespace: Spelling;
  readonly serviceAccount: Spelling;
  /** The ARN of the OIDC provider in the role's account. */
  readonly provider: Spelling;
  /** The cluster's issuer without `https://`. */
  readonly issuer: Spelling;
  /** The audience of the token: `sts.amazonaws.com`, unless the account's annotation says otherwise. */
  readonly audience: string;
}

/** A part of a statement that leaves. */
export type Removal =
  /** The whole statement. */
  | {
      readonly kind: 'statement';
      readonly statement: number;
      /** True where the move has added it, and is undone. */
      readonly added?: true;
    }
  /** One value of a condition or of a principal, where others stay in the list. */
  | { readonly kind: 'value'; readonly statement: number; readonly place: Place }
  /** A condition key with its values. */
  | { readonly kind: 'key'; readonly statement: number; readonly place: Place };

/** Writes trust policies in one form (JSON text, a YAML map, HCL object, `aws_iam_policy_document` blocks, arguments of a module). */
export interface PolicyEditor {
  /** Whether a policy is written in this form. */
  handles(policy: TrustPolicyFact, document: SourceDocument): boolean;
  /** Adds statements that allow pods.eks.amazonaws.com for accounts; the text's own indentation, quotes and line ends are kept. */
  allowPodIdentity(policy: TrustPolicyFact, document: SourceDocument, accounts: readonly MovedAccount[]): Made<readonly Edit[]>;
  /** Adds statements that allow web identity tokens of accounts: the same for the way back to IRSA. */
  allowWebIdentity(policy: TrustPolicyFact, document: SourceDocument, accounts: readonly WebIdentityAccount[]): Made<readonly Edit[]>;
  /** Takes parts out; every other character stays. */
  remove(policy: TrustPolicyFact, document: SourceDocument, removals: readonly Removal[]): Made<readonly Edit[]>;
}

/** What is proven of a step: nobody loses access, nobody gains it but those who are meant. */
export interface StepProof {
  /** Everybody who could assume the role before still can, but for those whose access moves. */
  readonly keeps: Inclusion;
  /** Everybody who can assume it afterwards could before, or is the account that moves. */
  readonly addsNobody: Inclusion;
}

/** Where an account stands. */
export type MigrationState =
  /** The old mechanism alone. */
  | 'not-started'
  /** Both are there, or one of them in part. */
  | 'moving'
  /** The new one alone. */
  | 'done';

/** What a moving account lacks of the mechanism that it moves to: something that is to be written, or the policy's consent. */
export type MissingPart = 'association' | 'annotation' | 'trust-policy';

/** Why an account can't move, or why that isn't known. `code` is stable, for scripts; `message` is a sentence for people. */
export interface MigrationReason {
  readonly code: MigrationReasonCode;
  /** `stops`: the account can't move. `unknown`: whether it can isn't known. `note`: it can, and this is to be minded. */
  readonly effect: 'stops' | 'unknown' | 'note';
  readonly message: string;
  readonly at?: Place;
  /** The place in a file of another kind, such as a lock file, in place of `at`. */
  readonly line?: FileLine;
}

/** A line of a file that is read for its lines alone. */
export interface FileLine {
  readonly uri: string;
  /** From 0. */
  readonly line: number;
}

/** A package with an AWS SDK that is too old, of which no file tells whose image it is in. */
export interface OldPackage {
  readonly at: FileLine;
  readonly name: string;
  readonly version: string;
  /** The version that it needs. */
  readonly least: string;
}

export type MigrationReasonCode =
  | 'wildcard-subject'
  | 'several-clusters'
  | 'cross-account-role'
  | 'fargate'
  | 'windows'
  | 'self-managed-cluster'
  | 'operator-needs-token'
  | 'sdk-too-old'
  | 'addon-association'
  | 'role-not-found'
  | 'policy-not-editable'
  | 'identity-unknown'
  | 'cluster-unknown'
  | 'association-exists'
  | 'not-proven'
  | 'quota'
  /** The role's module takes no further statements: the move gives the account another role with the same policies. */
  | 'new-role'
  | 'no-issuer'
  /** The account can't assume the role now, by the mechanism that it is to leave. */
  | 'denied-now'
  /** No file that was read has the service account: its annotation is elsewhere. */
  | 'account-not-in-files'
  /** A Deny statement, or one for Pod Identity that names nobody, decides in ways of its own. */
  | 'open-to-others';

export interface AccountPlan {
  readonly namespace: string | undefined;
  readonly serviceAccount: string | undefined;
  /** `shop/orders`, as people and results name it, also where a part is unknown. */
  readonly shown: string;
  /** The role's name as people are shown it. */
  readonly role: string;
  readonly cluster?: string;
  readonly state: MigrationState;
  /** Of a moving account: what the mechanism that it moves to lacks. */
  readonly missing?: MissingPart;
  readonly outcome: 'can-move' | 'cannot-move' | 'unknown';
  /** Why it can't, or why it isn't known; for one that can, what to mind. */
  readonly reasons: readonly MigrationReason[];
  /** The account's annotation, the trust policy, the association: where they are written. */
  readonly places: readonly { readonly label: string; readonly at: Place }[];
  /** What has to be restarted once the step is deployed: `Deployment shop/orders`. */
  readonly workloads: readonly string[];
}

export interface MigrationPlan {
  readonly direction: Direction;
  /** Sorted by namespace, then name. */
  readonly accounts: readonly AccountPlan[];
  /** Packages to check by hand: too old, and perhaps in an image of one of these accounts. Sorted by file. */
  readonly packages: readonly OldPackage[];
  /** How many lock files were not read: too many, or too large. */
  readonly unreadPackageFiles: number;
}

/** One step of one or several accounts, as edits of files. */
export interface MigrationResult {
  readonly step: MigrationStep;
  readonly direction: Direction;
  readonly change: FileChange;
  /** The accounts that the change is about, as `namespace/name`. */
  readonly accounts: readonly string[];
  /** Accounts of the request that the step leaves as they are, and why. */
  readonly refused: readonly { readonly account: string; readonly reason: string }[];
  readonly proofs: readonly { readonly role: string; readonly proof: StepProof }[];
  /** AWS CLI commands to run by hand, where no file takes the change; as lines of a shell script. */
  readonly script?: string;
  /** What to deploy in which order, and what to restart: sentences for people. */
  readonly next: readonly string[];
}
