import { NotificationType, RequestType, RequestType0 } from './library';
import type { Position, Range } from 'vscode-languageserver/node';
import type { PermissionsPage } from './protocol/permissions';

/** What the server says beyond LSP. The client keeps the same shapes in client/src/protocol.ts. */

export interface ExplainParams {
  readonly uri: string;
  readonly position?: Position;
}

/** A page of text whose parts lead to places. */
export interface ExplainPage {
  readonly title: string;
  readonly text: string;
  readonly decision: 'allowed' | 'denied' | 'unknown';
  readonly links: readonly {
    readonly line: number;
    readonly start: number;
    readonly end: number;
    readonly uri: string;
    readonly targetLine: number;
    readonly targetCharacter: number;
  }[];
}

/** The trace of one chain as a page, or in a sentence why there is none. */
export const explainRequest = new RequestType<ExplainParams, ExplainPage | { readonly message: string }, void>('podRoles/explain');

/** A page of text whose parts lead to places. */
export type AccessMapPage = Omit<PermissionsPage, 'roleArn'>;

/** Who can become what in the workspace as a page, or in a sentence why there is none. */
export const accessMapRequest = new RequestType<Record<string, never>, AccessMapPage | { readonly message: string }, void>('podRoles/accessMap');

export interface CheckWorkspaceResult {
  readonly files: number;
  readonly relevant: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
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
  readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
  readonly message?: string;
  readonly activeFile?: { readonly uri: string; readonly state: 'checked' | 'not-relevant' | 'skipped'; readonly reason?: string; readonly concernsPodRoles?: boolean };
}

export const statusNotification = new NotificationType<Status>('podRoles/status');

/** The client says which editor is in front, so that the status can speak of its file. */
export const activeFileNotification = new NotificationType<{ readonly uri: string | null }>('podRoles/activeFile');

export type { Position, Range };
