import { cutYaml } from './cut';
import { documentationKind } from './documentation/kinds';
import { mostPieces } from './documentation/piece';
import { piecesOf } from './documentation/pieces';
import { readProse } from './documentation/prose';
import { unwrap } from './documentation/unwrap';
import { ownText } from '../text/ownText';
import { hclParser } from '../syntax/hcl/parser';
import { parseJson } from '../syntax/json/parse';
import { rebaseTree } from '../syntax/rebase';
import { isNobody } from '../readers/prescan/mentions';
import type { AccountMentions, DocumentationKind, DocumentRef, Embedded, SourceDocument, SourceFile, Syntax } from '../syntax/sourceFile';
import type { Tree } from '../syntax/tree';
import { alwaysMatters } from '../readers/fileNames';
import { mattersFor, mayMatter } from '../readers/prescan/trigger';
import { parseYaml } from '../syntax/yaml/parse';

export { parseJson } from '../syntax/json/parse';
export { parseYaml } from '../syntax/yaml/parse';

/** What a Terraform document is before the parser of HCL is here. */
const unreadHcl: Tree = { root: undefined, comments: [], problems: [], templated: false, language: 'hcl' };

/** So many characters of HCL are parsed: the parser needs a second for them. A module of Terraform written by hand has a tenth. */
export const longestHcl = 600_000;

/** A document whose tree is made when first asked for. */
class LazyDocument implements SourceDocument {
  private made: Tree | undefined;

  constructor(
    readonly ref: DocumentRef,
    readonly text: string,
    readonly syntax: Syntax,
    readonly relevant: boolean,
    readonly accounts: AccountMentions | undefined,
    readonly embedded?: Embedded,
  ) {}

  tree(): Tree {
    if (this.made) return this.made;
    if (this.syntax === 'hcl' && !hclParser()) return unreadHcl;
    return (this.made = this.parse(this.text));
  }

  parse(text: string): Tree {
    const wrapping = this.embedded?.wrapping;
    if (!wrapping) return read(text, this.syntax);
    const inner = unwrap(text, wrapping);
    return rebaseTree(read(inner.value, this.syntax), inner);
  }

  forget(): void {
    this.made = undefined;
  }
}

function read(text: string, syntax: Syntax): Tree {
  switch (syntax) {
    case 'json':
      return parseJson(text);
    case 'yaml':
      return parseYaml(text);
    case 'hcl':
      return (text.length <= longestHcl ? hclParser()?.(text) : undefined) ?? unreadHcl;
    case 'prose':
      return readProse(text);
  }
}

/**
 * Cuts a file into documents; none is parsed before its tree is asked for. The syntax goes by
 * `languageId` (the editor's), else by the name, else by the first character. A file in another
 * language has no documents; a file that cannot be text says in `skipped` why.
 */
export function readSourceFile(uri: string, text: string, languageId?: string): SourceFile {
  const documentation = documentationKind(uri, languageId);
  if (documentation) return readDocumentation(uri, text, documentation, []);
  const syntax = syntaxOf(uri, text, languageId);
  if (syntax === undefined) return { uri, syntax: 'yaml', documents: [] };
  if (isBinary(text)) return { uri, syntax, documents: [], skipped: 'binary file' };
  const starts = syntax === 'yaml' ? cutYaml(text) : [0];
  if (starts.length > mostDocuments)
    return { uri, syntax, documents: [], skipped: `too many documents: ${starts.length}, the limit is ${mostDocuments}` };
  const documents = starts.map((start, index) => makeDocument(uri, index, start, text.slice(start, starts[index + 1]), syntax));
  return { uri, syntax, documents };
}

/** What a cluster's every object comes to, rendered into one file, stays below it. */
const mostDocuments = 10_000;

/**
 * A file of documentation or a script: the documents that are embedded in it and the prose between them, which tile it.
 * Documents of `known` that say the same in the same way are taken over, moved to where they stand now.
 */
export function readDocumentation(
  uri: string,
  text: string,
  documentation: DocumentationKind,
  known: readonly SourceDocument[],
): SourceFile {
  const base = { uri, syntax: 'prose' as const, documentation };
  if (isBinary(text)) return { ...base, documents: [], skipped: 'binary file' };
  const pieces = piecesOf(text, documentation);
  if (pieces.length > mostPieces)
    return { ...base, documents: [], skipped: `too many examples: ${pieces.length}, the limit is ${mostPieces}` };
  const pool = new Map<string, SourceDocument[]>();
  for (const document of known) {
    const key = keyOf(document.text, document.syntax, document.embedded);
    const same = pool.get(key);
    if (same) same.push(document);
    else pool.set(key, [document]);
  }
  const documents: SourceDocument[] = [];
  const add = (start: number, end: number, syntax: Syntax, embedded: Embedded | undefined): void => {
    // A copy: a slice would keep each version of the whole text alive.
    const own = ownText(text.slice(start, end));
    const old = pool.get(keyOf(own, syntax, embedded))?.shift();
    if (old) Object.assign(old.ref, { index: documents.length, start });
    documents.push(old ?? embeddedDocument({ uri, index: documents.length, start }, own, syntax, embedded));
  };
  let at = 0;
  for (const { start, end, syntax, embedded } of pieces.sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    if (start > at) add(at, start, 'prose', undefined);
    add(start, end, syntax, embedded);
    at = end;
  }
  if (at < text.length || documents.length === 0) add(at, text.length, 'prose', undefined);
  return { ...base, documents };
}

function embeddedDocument(ref: DocumentRef, text: string, syntax: Syntax, embedded: Embedded | undefined): SourceDocument {
  const matters =
    syntax === 'prose' ? text.includes('pod-roles-disable') : mayMatter(text) && !(syntax === 'yaml' && isNobody(mattersFor(text)));
  return new LazyDocument(ref, text, syntax, matters, undefined, embedded);
}

function keyOf(text: string, syntax: Syntax, embedded: Embedded | undefined): string {
  return `${syntax} ${embedded ? JSON.stringify(embedded) : ''}\n${text}`;
}

/** One document of a file. */
export function makeDocument(uri: string, index: number, start: number, text: string, syntax: Syntax): SourceDocument {
  const ref = { uri, index, start };
  if (alwaysMatters(uri)) return new LazyDocument(ref, text, syntax, true, undefined);
  if (!mayMatter(text)) return new LazyDocument(ref, text, syntax, false, undefined);
  const accounts = syntax === 'yaml' ? mattersFor(text) : undefined;
  return new LazyDocument(ref, text, syntax, !isNobody(accounts), accounts);
}

const languages: Record<string, Syntax> = {
  yaml: 'yaml',
  yml: 'yaml',
  helm: 'yaml',
  dockercompose: 'yaml',
  'github-actions-workflow': 'yaml',
  json: 'json',
  jsonc: 'json',
  terraform: 'hcl',
  'terraform-vars': 'hcl',
  opentofu: 'hcl',
  'opentofu-vars': 'hcl',
  tf: 'hcl',
};
const otherExtension = /\.[a-z][a-z0-9_-]{0,15}$/i;

/** Whether neither the editor's language nor the name tells a file's syntax, so that its first character does. */
export function isSyntaxByText(uri: string, languageId: string | undefined): boolean {
  return syntaxOf(uri, '{', languageId) !== syntaxOf(uri, 'a', languageId);
}

/** The syntax of a file by the editor's language, its name or its first character; undefined for one that is not read. */
export function syntaxOf(uri: string, text: string, languageId: string | undefined): Syntax | undefined {
  const byLanguage = languageId === undefined ? undefined : languages[languageId.toLowerCase()];
  if (byLanguage) return byLanguage;
  if (languageId === undefined && uri.endsWith('.yaml')) return 'yaml';
  const name = uri
    .replace(/[?#].*$/, '')
    .replace(/^.*[/\\]/, '')
    .replace(/(?:\.(?:tpl|tmpl|tftpl|j2|jinja2?|gotmpl|template|erb))+$/i, '');
  if (/\.(?:tf|tofu|tfvars)$/i.test(name)) return 'hcl';
  if (/\.(?:ya?ml)$/i.test(name)) return 'yaml';
  if (/\.(?:json[c5]?)$/i.test(name)) return 'json';
  if (otherExtension.test(name) && languageId === undefined) return undefined;
  if (languageId !== undefined && languageId !== 'plaintext') return undefined;
  if (alwaysMatters(uri)) return 'yaml';
  // A template's tag is no brace of JSON: helpers of a chart begin with `{{-`.
  const first = /^\ufeff?\s*(\{[{%#]|[^]?)/.exec(text)![1];
  return first === '{' || first === '[' ? 'json' : first === '' ? undefined : 'yaml';
}

/** NUL, or many control characters or replacement characters at the beginning: no text that we read. */
export function isBinary(text: string): boolean {
  const head = text.slice(0, 8192);
  if (!/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/.test(head)) return false;
  if (head.includes('\0')) return true;
  let odd = 0;
  for (let i = 0; i < head.length; i++) {
    const code = head.charCodeAt(i);
    if (code === 0xfffd || (code < 32 && (code < 9 || code > 13) && code !== 27)) odd++;
  }
  return odd > 16 && odd > head.length / 10;
}
