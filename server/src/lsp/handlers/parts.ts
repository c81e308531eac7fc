import type { Diagnostics } from '../diagnostics';
import type { SettingsSource } from '../settings';
import type { StatusReporter } from '../status';
import type { WorkspaceFiles } from '../workspaceFiles';

/** The parts of the front that some handlers drive. */
export interface Parts {
  readonly files: WorkspaceFiles;
  readonly diagnostics: Diagnostics;
  readonly settings: SettingsSource;
  readonly status: StatusReporter;
}
