import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of the package that this program belongs to. */
export function version(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown; version?: unknown };
      if (manifest.name === 'pod-roles' && typeof manifest.version === 'string') return manifest.version;
    } catch {
      // Not here: look above.
    }
    if (dirname(folder) === folder) return '0.0.0';
  }
}
