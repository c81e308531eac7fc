import { Keys, type Lookups } from './lookups';

/** The two ends of a chain: service accounts; and the roles that allow them, with the associations that give them. */
export type Side = 'accounts' | 'roles';

/**
 * Which folders hold accounts, and which hold roles, at any depth. Lookups are recorded: an answer that asked is dropped when
 * a folder gets its first of them or loses the last, not with each that comes.
 */
export class FolderSides {
  private readonly counts: Readonly<Record<Side, Map<string, number>>> = { accounts: new Map(), roles: new Map() };
  private readonly lookedUp: Readonly<Record<Side, Keys<string>>>;

  constructor(lookups: Lookups) {
    this.lookedUp = { accounts: new Keys(lookups), roles: new Keys(lookups) };
  }

  add(folders: readonly string[], side: Side): void {
    this.change(folders, side, 1);
  }

  remove(folders: readonly string[], side: Side): void {
    this.change(folders, side, -1);
  }

  /** True where the folder, or one below it, holds that side. */
  has(folder: string, side: Side): boolean {
    this.lookedUp[side].note(folder);
    return this.counts[side].has(folder);
  }

  private change(folders: readonly string[], side: Side, by: 1 | -1): void {
    const counts = this.counts[side];
    let folder = '';
    for (const name of folders) {
      folder = folder === '' ? name : `${folder}/${name}`;
      const before = counts.get(folder) ?? 0;
      const now = before + by;
      if (now > 0) counts.set(folder, now);
      else counts.delete(folder);
      if (before === 0 || now <= 0) this.lookedUp[side].changed(folder);
    }
  }
}
