import type { DocumentationKind } from '../../syntax/sourceFile';

const languages: Readonly<Record<string, DocumentationKind>> = {
  markdown: 'markdown',
  mdx: 'markdown',
  asciidoc: 'asciidoc',
  restructuredtext: 'rst',
  shellscript: 'shell',
};
const extensions: Readonly<Record<string, DocumentationKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  adoc: 'asciidoc',
  asciidoc: 'asciidoc',
  rst: 'rst',
  sh: 'shell',
  bash: 'shell',
};
/** What nearly all files end with that are asked about. */
const plainManifest = /\.(?:ya?ml|json)$/;
// eslint-disable-next-line no-restricted-syntax -- made of the endings above
const extension = new RegExp(`\\.(${Object.keys(extensions).join('|')})$`, 'i');

/** A glob of the files that are documentation by their names. */
export const documentationGlob = `**/*.{${Object.keys(extensions).join(',')}}`;

/** What a file is, by the editor's language, else by its name; undefined for files that are read themselves. */
export function documentationKind(uri: string, languageId?: string): DocumentationKind | undefined {
  const byLanguage = languageId === undefined ? undefined : languages[languageId.toLowerCase()];
  if (byLanguage) return byLanguage;
  if (languageId !== undefined && languageId !== 'plaintext') return undefined;
  if (plainManifest.test(uri)) return undefined;
  const name = extension.exec(uri.replace(/[?#].*$/, ''))?.[1];
  return name === undefined ? undefined : extensions[name.toLowerCase()];
}
