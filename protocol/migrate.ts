import { RequestType, type Position, type TextEdit } from 'vscode-languageserver-protocol';
import type {
  Direction,
  MigrationReason,
  MigrationReasonCode,
  MigrationState,
  MigrationStep,
  MissingPart,
} from '../server/src/core/migrate/types';
import type { ShownPlace } from './explain';

/*
 * Migrate to EKS Pod Identity: a plan, and its steps as edits of files. The server changes nothing: the client shows a step as
 * a diff, and applies it once the user has confirmed. Every text is fit to be shown, but those of files and the script.
 */

export type { Direction, MigrationState, MigrationStep };

/** What a code lens, a code action or a menu that opens the view carries. */
export interface MigrateTarget {
  readonly uri: string;
  /** Absent: the first annotated service account of the file. */
  readonly position?: Position;
}

/** An account, by what it is called where it is deployed. */
export interface MigrateAccount {
  readonly namespace: string;
  readonly name: string;
}

export interface MigratePlanParams {
  readonly direction: Direction;
  /** The cluster's name where no file tells it; the plan is then for this one alone. */
  readonly cluster?: string;
  /** Where the view was opened: the answer says which account that is. */
  readonly at?: MigrateTarget;
}

export interface MigrateReason {
  readonly code: MigrationReasonCode;
  /** Whether it stops the move, makes it unknown, or is only to be minded. */
  readonly effect: MigrationReason['effect'];
  readonly message: string;
  readonly place?: ShownPlace;
}

/** One account of a plan. */
export interface MigrateRow {
  /** Absent where namespace or name are known by no file: then no step can be asked for. */
  readonly account?: MigrateAccount;
  /** `namespace/name` as far as it is known. */
  readonly label: string;
  readonly namespace?: string;
  readonly role: string;
  readonly cluster?: string;
  readonly state: MigrationState;
  /** Of a moving account: what the mechanism that it moves to lacks. */
  readonly missing?: MissingPart;
  readonly outcome: 'can-move' | 'cannot-move' | 'unknown';
  readonly reasons: readonly MigrateReason[];
  readonly places: readonly { readonly label: string; readonly place?: ShownPlace }[];
  readonly workloads: readonly string[];
}

export interface MigratePlan {
  readonly direction: Direction;
  readonly rows: readonly MigrateRow[];
  /** Packages to check by hand: too old, and perhaps in an image of one of these accounts. */
  readonly packages?: readonly { readonly label: string; readonly place?: ShownPlace }[];
  /** The account at the place that was asked about. */
  readonly at?: MigrateAccount;
  /** The whole plan as plain text. */
  readonly text: string;
}

export interface MigrateStepParams {
  readonly direction: Direction;
  readonly step: MigrationStep;
  readonly accounts: readonly MigrateAccount[];
  readonly cluster?: string;
}

/** A file that a step changes or makes. */
export interface MigrateFile {
  readonly uri: string;
  /** As it is shown: from the workspace's folder. */
  readonly path: string;
  readonly action: 'change' | 'create';
  /** The text that the edits are of; empty for a new file. */
  readonly before: string;
  readonly after: string;
  /** The edits of a changed file, in the lines of `before`. */
  readonly edits: readonly TextEdit[];
}

export interface MigrateProofLine {
  /** True: proven. False: surely not so. Null: not decided. */
  readonly holds: boolean | null;
  readonly text: string;
}

export interface MigrateStepResult {
  readonly step: MigrationStep;
  readonly direction: Direction;
  readonly accounts: readonly string[];
  readonly files: readonly MigrateFile[];
  readonly refused: readonly { readonly account: string; readonly reason: string }[];
  readonly proofs: readonly { readonly role: string; readonly lines: readonly MigrateProofLine[] }[];
  /** AWS CLI commands to run by hand. */
  readonly script?: string;
  /** What to deploy in which order, and what to restart. */
  readonly next: readonly string[];
}

/** The plan of a workspace, or in a sentence why there is none. */
export const migratePlanRequest = new RequestType<MigratePlanParams, MigratePlan | { readonly message: string }, void>(
  'podRoles/migratePlan',
);

/** One step of some accounts, or in a sentence why there is none. */
export const migrateStepRequest = new RequestType<MigrateStepParams, MigrateStepResult | { readonly message: string }, void>(
  'podRoles/migrateStep',
);
