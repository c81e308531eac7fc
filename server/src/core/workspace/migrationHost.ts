import { folderOf } from '../readers/terraform/modules/folders';
import type { MigrationHost, MigrationView } from '../migrate/port';
import { readSourceFile } from '../documents/readSourceFile';
import type { Steps } from '../migrate/slices';
import type { PackageFiles } from '../migrate/packages/model';
import type { TextOfFile } from '../fixes/sources';
import type { SourceFile } from '../syntax/sourceFile';
import { Workspace } from './workspace';

/** The files of a workspace as its front has them. */
export interface HostFiles {
  /** Every file that was handed to the workspace. */
  uris(): Iterable<string>;
  /** A file's text as it is now; undefined for one that is not there. */
  text(uri: string): TextOfFile | undefined;
  /** Whether anything has this URI, also a file that is not read. */
  exists(uri: string): boolean;
}

/**
 * A workspace as the engine of the move asks it. What a step would make is read in a second workspace of the same settings,
 * so that the first one is never touched.
 */
export function migrationHost(
  workspace: Workspace,
  files: HostFiles,
  parts: Pick<MigrationHost, 'includes' | 'editors'>,
  packages: PackageFiles = { files: [], unread: 0 },
): MigrationHost {
  const sources = new Map<string, SourceFile | undefined>();
  let folders: Map<string, string[]> | undefined;
  let terraform: readonly string[] | undefined;
  const source = (uri: string): SourceFile | undefined => {
    if (sources.has(uri)) return sources.get(uri);
    const given = files.text(uri);
    const file = given && readSourceFile(uri, given.text, given.languageId);
    sources.set(uri, file);
    return file;
  };
  return {
    ...parts,
    packages,
    view: workspace,
    source,
    siblings(uri) {
      folders ??= byFolder(files.uris());
      return (folders.get(folderOf(uri)) ?? []).filter((each) => each !== uri);
    },
    terraformFiles: () => (terraform ??= [...files.uris()].filter((uri) => /\.(?:tf|tofu)$/i.test(uri)).sort()),
    exists: (uri) => files.exists(uri),
    reread: (texts) => reread(workspace, files, texts),
  };
}

function* reread(workspace: Workspace, files: HostFiles, texts: ReadonlyMap<string, string>): Steps<MigrationView> {
  const { settings, aws } = workspace.wiring;
  const again = (uri: string): TextOfFile | undefined => {
    const changed = texts.get(uri);
    const given = files.text(uri);
    return changed === undefined ? given : { ...given, text: changed };
  };
  const other = new Workspace({ settings, records: false, reread: (uri) => again(uri)?.text, textOf: again });
  if (aws) other.setAws(aws);
  for (const uri of new Set([...files.uris(), ...texts.keys()])) {
    const file = again(uri);
    yield;
    if (!file) continue;
    for (const steps = other.loading(uri, file.text, file.languageId); !steps.next().done;) yield;
  }
  other.readAccounts();
  return other;
}

function byFolder(uris: Iterable<string>): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const uri of [...uris].sort()) {
    const own = folders.get(folderOf(uri));
    if (own) own.push(uri);
    else folders.set(folderOf(uri), [uri]);
  }
  return folders;
}
