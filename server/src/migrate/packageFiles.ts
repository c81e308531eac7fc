import type * as Migrate from './chunk';
import { readSourceFile } from '../core/documents/readSourceFile';
import type { PackageFile, PackageFiles } from '../core/migrate/packages/model';
import { toUri } from '../host/paths';
import { readText } from '../host/readText';
import { Seen, walk } from '../host/walk';

/** A folder whose lock files are read, and which paths in it are ignored. */
interface Start {
  readonly path: string;
  readonly ignores: (path: string) => boolean;
}

/** How an editor names files, and the texts of those that it has open. */
interface Spelled {
  readonly uriOf: (path: string) => string;
  readonly textOf: (uri: string) => string | undefined;
}

type Engine = Pick<typeof Migrate, 'isPackageFile' | 'readPackageFile' | 'largestPackageFile' | 'mostPackageBytes' | 'mostPackageFiles'>;

/**
 * Reads lock files, manifests of packages and what tells how images are built, for a plan; in steps, one for each file. What
 * is beyond the limits isn't read, but counted.
 */
export function* packageFiles(
  starts: readonly Start[],
  { isPackageFile, readPackageFile, largestPackageFile: limit, mostPackageBytes, mostPackageFiles }: Engine,
  { textOf, uriOf }: Spelled = { textOf: () => undefined, uriOf: toUri },
): Generator<undefined, PackageFiles> {
  const seen = new Seen();
  const files: PackageFile[] = [];
  let [read, characters, unread] = [0, 0, 0];
  for (const { path: start, ignores } of starts)
    for (const met of walk(start, { wants: isPackageFile, ignores, seen })) {
      yield;
      if (met.kind === 'skipped') continue;
      const uri = uriOf(met.path);
      if (read >= mostPackageFiles || characters >= mostPackageBytes) {
        unread++;
        continue;
      }
      const open = textOf(uri);
      const result = open === undefined ? readText(met.path, { limit, regular: true }) : undefined;
      const text = open ?? (result?.kind === 'text' ? result.file.text : undefined);
      if (text === undefined) {
        unread++;
        continue;
      }
      read++;
      characters += text.length;
      const file = readPackageFile(uri, text, readSourceFile);
      if (file.packages.length + file.builds.length + file.changes.length > 0) files.push(file);
    }
  return { files, unread };
}
