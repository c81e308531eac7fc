import { RequestType, type Position } from 'vscode-languageserver-protocol';
import type { ExplainPage as Page, PageFix as Fix } from '../server/src/core/features/explain/page';

export type { PageNode, PagePart, PageStep, ShownPlace } from '../server/src/core/features/explain/page';

/** What a code lens or a code action that opens Explain Access carries; also the params of the request. */
export interface ExplainParams {
  readonly uri: string;
  /** Where to look; absent: the first account, workload or trust policy of the file. */
  readonly position?: Position;
}

/** A fix, and the version of its file for which it was computed if the file is open. */
export interface ExplainFix extends Fix {
  readonly version?: number;
}

/** The trace of one chain, and the same as text. */
export interface ExplainPage extends Page {
  readonly fixes: readonly ExplainFix[];
  readonly text: string;
}

export type ExplainResult = ExplainPage | { readonly message: string };

/** The trace of one chain, or in a sentence why there is none. */
export const explainRequest = new RequestType<ExplainParams, ExplainResult, void>('podRoles/explain');
