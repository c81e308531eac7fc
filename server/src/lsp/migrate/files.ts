import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { HostFiles } from '../../core/workspace/migrationHost';
import { isWithin, relativePath } from '../../host/paths';
import { readText } from '../../host/readText';
import { pathOf } from '../fileUris';
import type { Session } from '../session';
import type { WorkspaceFiles } from '../workspaceFiles';

/** The files of a session as the engine of a move reads them: an open file's text is what the editor shows, not what is on the disk. */
export function migrationFiles({ documents }: Session, files: WorkspaceFiles): HostFiles & { label(uri: string): string } {
  const texts = new Map<string, ReturnType<HostFiles['text']>>();
  return {
    uris: () => new Set([...files.uris(), ...documents.keys()]),
    text: (uri) => {
      const document = documents.get(uri);
      if (document) return { text: document.getText(), languageId: document.languageId };
      if (!texts.has(uri)) texts.set(uri, textOnDisk(uri, files.sizeLimit));
      return texts.get(uri);
    },
    exists: (uri) => {
      const path = pathOf(uri);
      return documents.has(uri) || (path !== undefined && isThere(path));
    },
    label: (uri) => {
      const path = pathOf(uri);
      const root = path === undefined ? undefined : files.roots.find((each) => isWithin(each, path));
      if (path === undefined || root === undefined) return path ?? uri;
      const relative = relativePath(root, path);
      // As the editor shows files where several folders are open.
      return files.roots.length === 1 ? relative : `${basename(root)}/${relative}`;
    },
  };
}

/** A link that leads nowhere is there, too: what is written through it may land anywhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Part of the path is a file, or may not be read: nothing can be made there.
    return true;
  }
}

function textOnDisk(uri: string, limit: number | undefined): { readonly text: string } | undefined {
  const path = pathOf(uri);
  const result = path === undefined ? undefined : readText(path, limit === undefined ? {} : { limit });
  return result?.kind === 'text' ? { text: result.file.text } : undefined;
}
