import type { TextDocumentContentChangeEvent } from 'vscode';
import type { Position } from 'vscode-languageclient';
import { documentGlobs } from '../../protocol/documents';

const languages = [
  'yaml',
  'json',
  'jsonc',
  'helm',
  'terraform',
  'terraform-vars',
  'opentofu',
  'opentofu-vars',
  'tf',
  'markdown',
  'asciidoc',
  'restructuredtext',
  'shellscript',
];
/** `vscode-vfs` is what a repository opened without a checkout has. */
const schemes = ['file', 'untitled', 'vscode-vfs'];

/**
 * The documents that the server sees. By name as well as by language: other extensions give
 * manifests language ids of their own (`kubernetes`, `yaml-textmate`, `gotmpl`).
 */
export const documentSelector: { scheme: string; language?: string; pattern?: string }[] = schemes.flatMap((scheme) => [
  ...languages.map((language) => ({ scheme, language })),
  ...documentGlobs.map((pattern) => ({ scheme, pattern })),
]);

/** Where a position stands after an edit; a position inside the replaced text moves to its end. */
export function shift(position: Position, change: Pick<TextDocumentContentChangeEvent, 'range' | 'text'>): Position {
  const { start, end } = change.range;
  const before = position.line < start.line || (position.line === start.line && position.character < start.character);
  if (before) return { line: position.line, character: position.character };
  const lines = change.text.split('\n');
  const last = lines[lines.length - 1]!.length;
  const endLine = start.line + lines.length - 1;
  const endCharacter = lines.length === 1 ? start.character + last : last;
  const inside = position.line < end.line || (position.line === end.line && position.character <= end.character);
  if (inside) return { line: endLine, character: endCharacter };
  if (position.line > end.line) return { line: position.line + endLine - end.line, character: position.character };
  return { line: endLine, character: endCharacter + position.character - end.character };
}
