import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { LineIndex } from '../core/text/lineIndex';
import { relativePath, toPath } from '../host/paths';
import { readText } from '../host/readText';
import { isInTree, treeOf } from '../host/tree';
import type { Session } from './session';
import { configNames, type SettingsSource } from './settings';

/**
 * Turns a rule off for one file in pod-roles.yaml, which is where strict JSON has its suppressions.
 * Undefined when there is no folder to keep the file in, or when its text has `overrides` in a form that is not a plain list.
 */
export function disableInConfig(session: Session, settings: SettingsSource, uri: string, rule: string): WorkspaceEdit | undefined {
  const [root] = settings.roots;
  if (!root || !uri.startsWith('file:')) return undefined;
  const entry = `  - paths: [${JSON.stringify(relativePath(root, toPath(uri)))}]\n    rules:\n      ${rule}: off\n`;
  const path = configNames.map((name) => join(root, name)).find((candidate) => existsSync(candidate));
  if (!path) {
    if (!session.can.createFiles || !session.can.documentChanges) return undefined;
    const created = session.uris.of(join(root, configNames[0]!));
    const start = { line: 0, character: 0 };
    return {
      documentChanges: [
        { kind: 'create', uri: created, options: { ignoreIfExists: true } },
        { textDocument: { uri: created, version: null }, edits: [{ range: { start, end: start }, newText: `overrides:\n${entry}` }] },
      ],
    };
  }
  if (!isInTree(treeOf(dirname(path)), path)) return undefined;
  const config = session.uris.of(path);
  const read = readText(path);
  const text = session.documents.get(config)?.getText() ?? (read.kind === 'text' ? read.file.text : undefined);
  return text === undefined ? undefined : addOverride(config, text, entry);
}

function addOverride(uri: string, text: string, entry: string): WorkspaceEdit | undefined {
  const lines = new LineIndex(text);
  const insert = (offset: number, newText: string): WorkspaceEdit => {
    const at = lines.positionAt(offset);
    return { changes: { [uri]: [{ range: { start: at, end: at }, newText }] } };
  };
  const header = /^overrides:[ \t]*(#.*)?\r?\n/m.exec(text);
  if (header)
    return /^(\s*#.*\r?\n|\s*\r?\n)*( {2})?- /.test(text.slice(header.index + header[0].length))
      ? insert(header.index + header[0].length, entryLike(text, header, entry))
      : undefined;
  if (/^overrides:/m.test(text)) return undefined;
  return insert(text.length, `${text === '' || text.endsWith('\n') ? '' : '\n'}overrides:\n${entry}`);
}

/** The entry with the indentation that the list already has. */
function entryLike(text: string, header: RegExpExecArray, entry: string): string {
  const indented = /^ {2}- /m.test(text.slice(header.index + header[0].length).split(/^\S(?!-)/m)[0] ?? '');
  return indented ? entry : entry.replace(/^ {2}/gm, '');
}
