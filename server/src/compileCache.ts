import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets Node keep the compiled code of what is loaded after this call in the user's cache folder, so that later starts
 * are quicker. Node does it from version 22.1 on; before, and where the folder can't be written, nothing happens.
 * `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` count as Node's documentation says.
 */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  const folder = cacheFolder();
  if (folder !== undefined) enable?.(join(folder, 'pod-roles', 'compiled'));
}

/** The folder of the user's caches, as the operating system has it. Not the one for temporary files: others can write there. */
function cacheFolder(): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  try {
    if (process.platform === 'win32') return LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
    if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
    return XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache');
  } catch {
    // A user without a home folder.
    return undefined;
  }
}
