import { NotificationType, NotificationType0, RequestType0, type Location, type Position } from 'vscode-languageserver-protocol';

/*
 * The messages between client and server beyond LSP, for both: this folder is the one place where they are defined.
 */

export interface SkippedFile {
  readonly uri: string;
  readonly reason: string;
}

export interface CheckWorkspaceResult {
  readonly files: number;
  readonly relevant: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly skipped: readonly SkippedFile[];
  readonly summary: string;
}

/** Reads every file again and checks all that concern pod roles. */
export const checkWorkspaceRequest = new RequestType0<CheckWorkspaceResult, void>('podRoles/checkWorkspace');

export interface Status {
  readonly files: number;
  readonly relevant: number;
  readonly busy: boolean;
  /** The files that concern pod roles, at most 2,000. */
  readonly read: readonly string[];
  readonly skipped: readonly SkippedFile[];
  readonly message?: string;
  /** True if some service account of the workspace uses a role: then there is something to list. */
  readonly wiring?: boolean;
  readonly activeFile?: {
    readonly uri: string;
    readonly state: 'checked' | 'not-relevant' | 'skipped';
    readonly reason?: string;
    /** True if commands on roles make sense in it, whatever its language. */
    readonly concernsPodRoles?: boolean;
  };
}

export const statusNotification = new NotificationType<Status>('podRoles/status');

/** Verdicts, roles or findings may be different: what shows them asks again. Sent once the text has rested. */
export const accessChangedNotification = new NotificationType0('podRoles/accessChanged');

/** The client says which editor is in front, so that the status can speak of its file. */
export const activeFileNotification = new NotificationType<{ readonly uri: string | null }>('podRoles/activeFile');

/** Arguments of the client's command `podRoles.showReferences`, made by the server's lenses. */
export type ShowReferencesArguments = readonly [uri: string, position: Position, locations: readonly Location[]];
