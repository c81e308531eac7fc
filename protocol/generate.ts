import { NotificationType, RequestType } from 'vscode-languageserver-protocol';
import type { PairOptions, PairProblem } from '../server/src/core/generate/readPair';
import type { AwsAnswer, AwsProblem } from './aws';

export type { PairOptions, PairProblem };

/**
 * Generating a role and its ServiceAccount. The client asks the user, shows the plan
 * and writes the files; the server checks, plans, and makes the calls to AWS. Nothing is asked of AWS without the opt-in.
 */

/** What the wizard offers, from the workspace and from what is known of AWS. Asks nobody. */
export interface GenerateChoices {
  /** The accounts of the workspace; the one under the cursor first, marked. */
  readonly accounts: readonly {
    readonly namespace?: string;
    readonly name: string;
    readonly uri: string;
    readonly line: number;
    readonly roleArn?: string;
    readonly here: boolean;
  }[];
  readonly namespaces: readonly string[];
  /** From AWS or the snapshot, pod-roles.yaml, and issuers in trust policies (those have no name). */
  readonly clusters: readonly {
    readonly name?: string;
    readonly region?: string;
    readonly account?: string;
    readonly issuer?: string;
    readonly from: 'aws' | 'config' | 'files';
  }[];
  /** AWS accounts that are known, the likeliest first. */
  readonly awsAccounts: readonly string[];
  readonly formats: readonly { readonly id: string; readonly title: string }[];
}
export const generateChoicesRequest = new RequestType<
  { readonly uri?: string; readonly position?: { readonly line: number; readonly character: number } },
  GenerateChoices,
  void
>('podRoles/generate/choices');

/** A field as it is typed: what is wrong with it, and what is worth knowing ("exists: will be extended"). */
export const generateCheckRequest = new RequestType<
  { readonly option: keyof PairOptions; readonly value: string; readonly accountId?: string },
  { readonly problem?: string; readonly note?: string },
  void
>('podRoles/generate/check');

export interface GeneratePlanParams {
  readonly options: PairOptions;
  /** A file of the workspace with the permission policy; in place of `options.policy`. */
  readonly policyUri?: string;
  readonly formats: readonly string[];
  /** The folder that files are written below, as a URI. */
  readonly folder: string;
  /** An existing file with the account, where the user chose it; else it is looked for. */
  readonly accountUri?: string;
  /** Plan the calls to AWS too. */
  readonly aws: boolean;
  /** Write over what cannot be joined. */
  readonly force?: boolean;
}

export interface GeneratePlan {
  /** For {@link generateApplyRequest}; good until the next plan. */
  readonly id: string;
  readonly roleArn: string;
  readonly files: readonly {
    readonly uri: string;
    /** Below the folder, for people. */
    readonly path: string;
    readonly action: 'create' | 'edit' | 'replace' | 'same';
    /** Absent for a new file. */
    readonly before?: string;
    readonly after: string;
    readonly how?: string;
    readonly executable: boolean;
  }[];
  readonly calls: readonly {
    /** `iam:CreateRole`. */
    readonly action: string;
    readonly title: string;
    /** A document that the call writes, and what it writes over, for a diff. */
    readonly document?: { readonly before?: string; readonly after: string };
  }[];
  /** Whose credentials the calls are made with. */
  readonly identity?: { readonly account: string; readonly arn: string };
  /** Why files cannot be written, or calls not be made. The other of the two may still be good. */
  readonly fileProblems: readonly string[];
  readonly awsProblems: readonly string[];
  readonly notes: readonly string[];
  /** The plan as one page: files and calls in order. */
  readonly page: string;
}
export const generatePlanRequest = new RequestType<
  GeneratePlanParams,
  AwsAnswer<GeneratePlan | { readonly problems: readonly PairProblem[] }>,
  void
>('podRoles/generate/plan');

/** How a call goes (`waiting`: cancelled, its answer is waited for), while {@link generateApplyRequest} runs. */
export interface GenerateProgress {
  readonly id: string;
  readonly call: number;
  readonly title: string;
  readonly state: 'running' | 'waiting' | 'done' | 'failed' | 'undoing' | 'undone' | 'left';
}
export const generateProgressNotification = new NotificationType<GenerateProgress>('podRoles/generate/progress');

export interface GenerateReport {
  /** `applied`: all is there. `undone`: nothing is left of this run. `left`: something is, or may be; `page` says what and how to remove it. */
  readonly outcome: 'applied' | 'undone' | 'left';
  readonly cancelled: boolean;
  /** One sentence. */
  readonly message: string;
  readonly problem?: AwsProblem['problem'];
  /** What was made, what is left, and the commands that take it back. */
  readonly page: string;
}
/** Makes the calls of a plan. Cancelling waits for the call under way, then undoes what was made; the answer is a report all the same. */
export const generateApplyRequest = new RequestType<{ readonly id: string }, AwsAnswer<GenerateReport>, void>('podRoles/generate/apply');
