import { documentationKind } from '../core/documents/documentation/kinds';
import { isReadableName, isReadWhole } from '../core/readers/fileNames';
import { mayMatter } from '../core/readers/prescan/trigger';
import { readText, type ReadOptions, type ReadResult } from './readText';

/** Files that may hold manifests or trust policies, by their names: YAML and JSON, and templates of them. */
export function isCandidate(path: string): boolean {
  return isReadableName(path);
}

/** Documentation and scripts: what is embedded in them is read only where the user asks. */
export function isDocumentation(path: string): boolean {
  return documentationKind(path) !== undefined;
}

/** How such a file is read: a quick look at its raw text first, where its name does not tell. */
export function readOptions(path: string): ReadOptions {
  return isReadWhole(path) ? {} : { matters: mayMatter };
}

const wholeFile: ReadOptions = { regular: true };
const lookedAt: ReadOptions = { matters: mayMatter, regular: true };

/** Reads a file that a walk met: it is a regular one. */
export function readMet(path: string): ReadResult {
  return readText(path, isReadWhole(path) ? wholeFile : lookedAt);
}
