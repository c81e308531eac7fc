import type { Move } from '../moves';
import type { MigrationHost } from '../port';
import type { Standing } from '../standing';
import type { Direction, MigrationReason } from '../types';

/** An account about which reasons are looked for. */
export interface Subject {
  readonly move: Move;
  readonly standing: Standing;
  readonly direction: Direction;
  readonly host: MigrationHost;
}

export type ReasonFinder = (subject: Subject) => Iterable<MigrationReason>;
