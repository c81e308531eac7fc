import { RequestType, type Diagnostic } from 'vscode-languageserver-protocol';

/** Judging what helm and kustomize make of charts and kustomizations. */

export interface CheckRenderedParams {
  /** Values files for every chart, as URIs, the last one winning as for helm. */
  readonly values?: readonly string[];
  /** The namespace and the name that charts are released with; absent: not known, and nothing is said that hangs on them. */
  readonly namespace?: string;
  readonly release?: string;
  /** A folder, as a URI; absent: all folders of the workspace. */
  readonly folder?: string;
}

export interface CheckRenderedResult {
  /** What was rendered, and by what; `problem` says why one was not. */
  readonly roots: readonly {
    readonly uri: string;
    readonly kind: 'chart' | 'kustomization';
    readonly tool: string;
    readonly problem?: string;
  }[];
  /**
   * What was found in the output, at the places in the sources that it comes from, beyond what the sources' own diagnostics
   * say. The client shows them in a collection of its own until it asks again.
   */
  readonly diagnostics: readonly { readonly uri: string; readonly items: readonly Diagnostic[] }[];
  /** One line for people. */
  readonly summary: string;
}

/**
 * Runs helm, and kustomize or kubectl, where they are on the PATH. To be asked only when the user said so. In a workspace
 * that is not trusted (`trusted` of the initialization options), and where a tool is missing, the answer is a message.
 */
export const checkRenderedRequest = new RequestType<CheckRenderedParams, CheckRenderedResult | { readonly message: string }, void>(
  'podRoles/checkRendered',
);
