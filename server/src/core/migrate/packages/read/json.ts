import { entryOf } from '../../../syntax/nodes';
import type { SourceFile } from '../../../syntax/sourceFile';
import type { Node } from '../../../syntax/tree';
import { lineAt, lineStarts } from '../../../text/lineIndex';

/** What reads files, as the front's engine does: it has the parsers already. */
export type ReadFile = (uri: string, text: string, languageId: string) => SourceFile;

/** A JSON text with the lines of its nodes. */
export interface JsonFile {
  readonly root: Node | undefined;
  /** From 0. */
  lineOf(node: Node): number;
}

/** Reads what can be read of a JSON text, also of one that is cut off. */
export function jsonFile(text: string, read: ReadFile): JsonFile {
  const root = read('file:///package.json', text, 'json').documents[0]?.tree().root;
  const starts = lineStarts(text);
  return { root, lineOf: ({ span }) => lineAt(starts, span.start) };
}

/** The scalar under a key of a map; undefined for anything else, and for what isn't written out. */
export function scalarAt(node: Node | undefined, key: string): string | undefined {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' && value.holes.length === 0 ? value.value : undefined;
}
