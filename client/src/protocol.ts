// The messages of Pod Roles beyond LSP. The server has the same types in server/src/lsp/protocol.ts.
import type { Location, Position } from 'vscode-languageclient';

/** Request: would this pod get this role, and why. Params {@link ExplainParams}, result {@link ExplainResult}. */
export const explainRequest = 'podRoles/explain';
/** Request: read and check every file of the workspace. No params, result {@link CheckWorkspaceResult}. */
export const checkWorkspaceRequest = 'podRoles/checkWorkspace';
/** Notification from the server: what it knows now. Params {@link StatusParams}. */
export const statusNotification = 'podRoles/status';

/** Notification to the server: which file the user looks at. Params {@link ActiveFileParams}; the answer is a status. */
export const activeFileNotification = 'podRoles/activeFile';

export interface ActiveFileParams {
  readonly uri: string | null;
}

/** What stands in a code lens or code action that opens Explain Access; also the params of the request. */
export interface ExplainParams {
  readonly uri: string;
  /** Where to look; absent: the first account, workload or trust policy of the file. */
  readonly position?: Position;
}

export type ExplainResult = ExplainPage | { readonly message: string };

export interface ExplainPage {
  readonly title: string;
  /** Plain text, lines end with `\n`. */
  readonly text: string;
  readonly decision: 'allowed' | 'denied' | 'unknown';
  readonly links: readonly PageLink[];
}

/** A stretch of one line of the page (from 0, UTF-16) that leads to a place in a file. */
export interface PageLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly uri: string;
  readonly targetLine: number;
  readonly targetCharacter: number;
}

export interface CheckWorkspaceResult {
  readonly files: number;
  /** Files that concern pod roles. */
  readonly relevant: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly skipped: readonly SkippedFile[];
  /** One line to show. */
  readonly summary: string;
}

export interface SkippedFile {
  readonly uri: string;
  readonly reason: string;
}

export interface StatusParams {
  readonly files: number;
  readonly relevant: number;
  readonly busy: boolean;
  readonly skipped: readonly SkippedFile[];
  /** The files that concern pod roles, where the server lists them. */
  readonly read?: readonly string[];
  /** A plain word on what is wrong, for example a broken pod-roles.yaml. */
  readonly message?: string;
  readonly activeFile?: {
    readonly uri: string;
    readonly state: 'checked' | 'not-relevant' | 'skipped';
    readonly reason?: string;
    /** True if commands on roles make sense in it, whatever its language. */
    readonly concernsPodRoles?: boolean;
  };
}

/** Arguments of the client's command `podRoles.showReferences`, made by the server's lenses. */
export type ShowReferencesArguments = readonly [uri: string, position: Position, locations: readonly Location[]];
