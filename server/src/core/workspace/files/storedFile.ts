import type { Fact } from '../../model/facts';
import type { Suppression } from '../../rules/suppressions';

/**
 * What was read of a closed file, as plain data that may be stored and taken back while the file stays the same. Facts
 * name their documents by identity, which storing must keep (structured clone does, JSON does not).
 */
export interface StoredFile {
  readonly facts: readonly Fact[];
  readonly suppressions: readonly Suppression[];
  /** The offset at which each line starts; none where the file says nothing. */
  readonly lines: readonly number[];
  /** Why it was read in part, or not at all, in plain words. */
  readonly reason?: string;
}
