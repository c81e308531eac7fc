import type { CauseClass, Certainty } from './classes';
import type { Alternative } from './symptoms/kind';
import type { FileAnswer } from './files/port';
import type { Place } from '../syntax/sourceFile';

/** Something that was read from a paste and bears on the answer. */
export interface EvidenceItem {
  readonly kind: string;
  readonly value: string;
  readonly from: string;
  /** The paste's number from 0, the UTF-16 offset in it, and its line from 1. */
  readonly paste: number;
  readonly offset: number;
  readonly line: number;
  readonly sure: 'told' | 'derived' | 'masked';
  /** True where it was looked up in CloudTrail: `paste` is then beyond the pastes. */
  readonly lookedUp?: boolean;
}

/** The one answer. Plain data; holds nothing of a paste but values of known forms. */
export interface Diagnosis {
  readonly certainty: Certainty;
  /** Absent where nothing is known. */
  readonly class?: CauseClass;
  /** One sentence. */
  readonly cause: string;
  readonly reasons: readonly { readonly text: string; readonly place?: Place }[];
  readonly evidence: readonly EvidenceItem[];
  /** Where to change something in the files. */
  readonly place?: Place;
  readonly fixes: FileAnswer['fixes'];
  /** What to paste or run next. */
  readonly next: readonly string[];
  /** Other causes that fit, and what would tell them apart. */
  readonly alternatives: readonly Alternative[];
  /** The account to explain, where the files have it. */
  readonly explain?: Place;
  /** Who writes such texts: "Go v2". */
  readonly source?: string;
  /** What was done with the paste: cut, secrets removed. */
  readonly notes: readonly string[];
}

/** What is known before evidence and notes are laid beside it. */
export type Conclusion = Omit<Diagnosis, 'evidence' | 'notes'>;
