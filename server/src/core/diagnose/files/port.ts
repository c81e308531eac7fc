import type { Edit } from '../../rules/rule';
import type { Place } from '../../syntax/sourceFile';
import type { Decision } from '../../trust/verdict';

/** Who asked for which role, as far as pastes and the user tell. */
export interface Question {
  readonly namespace?: string | undefined;
  /** A service account; with `isWorkload` the name of a workload or of an account. */
  readonly name?: string | undefined;
  readonly isWorkload?: boolean | undefined;
  /** The role's ARN; only a whole one. */
  readonly roleArn?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly mechanism?: 'irsa' | 'pod-identity' | undefined;
}

/** What the files, and AWS where it was asked, say of an account and its role: the verdict is that of `trust/access.ts`. */
export interface FileAnswer {
  /** `namespace/name`. */
  readonly account: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Where the account stands. */
  readonly accountPlace?: Place;
  /** True where it asks for a role by an annotation, or is given one by an association. */
  readonly asks: boolean;
  readonly mechanism?: 'irsa' | 'pod-identity';
  /** The role, as people are shown it. */
  readonly role?: string;
  readonly roleArn?: string;
  /** The cluster's name, where an association says it. */
  readonly cluster?: string;
  readonly decision?: Decision;
  /** What decides beside the trust policy: see `AccessFault`. */
  readonly fault?: string;
  /** A few words: "subject doesn't match". */
  readonly reason?: string;
  /** Whom the trust policy allows in its place, where the subject alone fails: "shop/order". */
  readonly allowedInstead?: string;
  /** The parts that failed, as Explain Access says them. */
  readonly steps: readonly { readonly text: string; readonly place?: Place }[];
  /** Where to change something. */
  readonly place?: Place;
  readonly fixes: readonly { readonly title: string; readonly place: Place; readonly edits: readonly Edit[] }[];
  /** False where the answer rests on an assumption: which policy is the role's, what a name is. */
  readonly sure: boolean;
  /** How the trust policy was tied to the role, where files do not say it themselves. */
  readonly tie?: string;
  /** True where the role's trust policy was pasted, and answers in the place of the files'. */
  readonly pasted?: true;
  /** Sentences on workloads of the account that the webhook leaves alone. */
  readonly skips: readonly { readonly text: string; readonly place: Place }[];
}

/** What the engine asks of the workspace. Made in the programs, so that one evaluator serves them and the engine. */
export interface Files {
  /** What is known of whom the question names; empty where no file names them. */
  look(question: Question): readonly FileAnswer[];
}
