import { RequestType, RequestType0, type WorkspaceEdit } from 'vscode-languageserver-protocol';
import type { ExplainParams } from './explain';

/*
 * Diagnose an Error. The params hold what a user pasted: clients must not log them, and the server forgets them with its answer.
 */

export interface DiagnoseParams {
  readonly pastes: readonly string[];
  readonly workload?: WorkloadName;
  /** True: look the request up in CloudTrail too. Only after the user's opt-in; without it the answer says why not. */
  readonly cloudTrail?: boolean;
}

/** A workload or a service account, by namespace and name. */
export interface WorkloadName {
  readonly namespace: string;
  readonly name: string;
}

/** A place in a file, and how it is written: `trust.json:12`. */
export interface DiagnosePlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly label: string;
}

/** The answer, in texts that are fit to be shown. */
export interface DiagnoseAnswer {
  readonly certainty: 'certain' | 'likely' | 'unknown';
  readonly headline: string;
  readonly class?: string;
  /** The class in words. */
  readonly classTitle?: string;
  /** The page of the class, from the package's folder: `docs/diagnose/trust.md`. */
  readonly docs?: string;
  readonly place?: DiagnosePlace;
  readonly reasons: readonly { readonly text: string; readonly place?: DiagnosePlace }[];
  /** Each with the offset (UTF-16) in the paste that it was read at; what was looked up has a paste beyond those given. */
  readonly evidence: readonly { readonly text: string; readonly paste: number; readonly offset: number }[];
  readonly fixes: readonly { readonly title: string; readonly place: DiagnosePlace; readonly edit: WorkspaceEdit }[];
  readonly alternatives: readonly { readonly cause: string; readonly tell: string }[];
  readonly next: readonly string[];
  readonly notes: readonly string[];
  readonly explain?: ExplainParams;
  /** All of it as plain text. */
  readonly text: string;
}

/** The cause of what was pasted, joined with the workspace's files; or in a sentence why there is no answer. */
export const diagnoseRequest = new RequestType<DiagnoseParams, DiagnoseAnswer | { readonly message: string }, void>('podRoles/diagnose');

/** The accounts and workloads that can be picked, sorted, at most 2,000. */
export const workloadsRequest = new RequestType0<readonly WorkloadName[], void>('podRoles/workloads');
