import { cutYaml } from './cut';
import { hclParser } from './hcl/parser';
import { parseJson } from './json/parse';
import type { DocumentRef, SourceDocument, SourceFile, Syntax } from './sourceFile';
import type { Tree } from './tree';
import { alwaysMatters, mattersFor, mayMatter } from './trigger';
import { parseYaml } from './yaml/parse';

export { parseJson } from './json/parse';
export { parseYaml } from './yaml/parse';

/** What a Terraform document is before the parser of HCL is here. */
const unreadHcl: Tree = { root: undefined, comments: [], problems: [], templated: false, language: 'hcl' };

/** A document whose tree is made when first asked for. */
class LazyDocument implements SourceDocument {
  private made: Tree | undefined;

  constructor(
    readonly ref: DocumentRef, readonly text: string, readonly syntax: Syntax, readonly relevant: boolean,
    readonly accounts: ReadonlySet<string> | undefined,
  ) {}

  tree(): Tree {
    if (this.made) return this.made;
    if (this.syntax !== 'hcl') return (this.made = this.syntax === 'json' ? parseJson(this.text) : parseYaml(this.text));
    const parse = hclParser();
    return parse ? (this.made = parse(this.text)) : unreadHcl;
  }

  forget(): void {
    this.made = undefined;
  }
}

/**
 * Cuts a file into documents; none is parsed before its tree is asked for. The syntax goes by
 * `languageId` (the editor's), else by the name, else by the first character. A file in another
 * language has no documents; a file that cannot be text says in `skipped` why.
 */
export function readSourceFile(uri: string, text: string, languageId?: string): SourceFile {
  const syntax = syntaxOf(uri, text, languageId);
  if (syntax === undefined) return { uri, syntax: 'yaml', documents: [] };
  if (isBinary(text)) return { uri, syntax, documents: [], skipped: 'binary file' };
  const starts = syntax === 'yaml' ? cutYaml(text) : [0];
  const documents = starts.map((start, index) => makeDocument(uri, index, start, text.slice(start, starts[index + 1]), syntax));
  return { uri, syntax, documents };
}

/** One document of a file. */
export function makeDocument(uri: string, index: number, start: number, text: string, syntax: Syntax): SourceDocument {
  const ref = { uri, index, start };
  if (alwaysMatters(uri)) return new LazyDocument(ref, text, syntax, true, undefined);
  if (!mayMatter(text)) return new LazyDocument(ref, text, syntax, false, undefined);
  const accounts = syntax === 'yaml' ? mattersFor(text) : undefined;
  return new LazyDocument(ref, text, syntax, accounts?.size !== 0, accounts);
}

const languages: Record<string, Syntax> = {
  yaml: 'yaml', yml: 'yaml', helm: 'yaml', dockercompose: 'yaml', 'github-actions-workflow': 'yaml', json: 'json', jsonc: 'json',
  terraform: 'hcl', 'terraform-vars': 'hcl', opentofu: 'hcl', 'opentofu-vars': 'hcl', tf: 'hcl',
};
const otherExtension = /\.[a-z][a-z0-9_-]{0,15}$/i;

function syntaxOf(uri: string, text: string, languageId: string | undefined): Syntax | undefined {
  const byLanguage = languageId === undefined ? undefined : languages[languageId.toLowerCase()];
  if (byLanguage) return byLanguage;
  const name = uri.replace(/[?#].*$/, '').replace(/^.*[/\\]/, '').replace(/(?:\.(?:tpl|tmpl|tftpl|j2|jinja2?|gotmpl|template|erb))+$/i, '');
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
  if (head.includes('\0')) return true;
  let odd = 0;
  for (let i = 0; i < head.length; i++) {
    const code = head.charCodeAt(i);
    if (code === 0xfffd || (code < 32 && (code < 9 || code > 13) && code !== 27)) odd++;
  }
  return odd > 16 && odd > head.length / 10;
}
