import type { CauseClass, Certainty } from '../classes';

/** Another cause that the same text fits, and what would tell them apart. */
export interface Alternative {
  readonly class: CauseClass;
  readonly cause: string;
  readonly tell: string;
}

/** A kind of text, and what it says when nothing else is known. */
export interface SymptomKind {
  readonly class: CauseClass;
  readonly certainty: Certainty;
  /** One sentence: what is wrong. */
  readonly cause: string;
  /** Why the text says so, or what to do about it. */
  readonly reasons?: readonly string[];
  readonly alternatives?: readonly Alternative[];
  /** What to paste or run next, where the cause is not settled. */
  readonly next?: readonly string[];
  /**
   * Which of several texts speaks: the highest. 4: AWS names the fault. 3: AWS refuses, for one of a few reasons. 2: an SDK
   * or a network fails. 1: an SDK has found nothing, which the others explain. 0: words around the cause.
   */
  readonly rank: 0 | 1 | 2 | 3 | 4;
}
