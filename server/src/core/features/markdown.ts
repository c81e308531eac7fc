import { visible } from '../text/visible';

/**
 * Markdown for hovers and pages. Text from files or from AWS is never trusted: it goes through `escape` or `code`,
 * so that it can neither forge a link nor run a command.
 */

/** Text as plain words: every character that Markdown or HTML reads gets a backslash or an entity. */
export function escape(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]()#+\-.!|~>]/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      // Bare addresses become links by themselves.
      .replace(/:(?=\/\/)/g, '&#58;')
      .replace(/@/g, '&#64;')
      .replace(/www(?=\\\.)/gi, (w) => `${w.slice(0, 2)}&#${w.charCodeAt(2)};`)
  );
}

/** Code in a cell of a table, where a bar would begin the next one. */
export function codeCell(text: string): string {
  return code(text).replace(/\|/g, '\\|');
}

/** Text as code: the fence is longer than any run of backticks in it. */
export function code(text: string): string {
  const flat = oneLine(text);
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return flat === '' ? '`""`' : `${fence}${pad}${flat}${pad}${fence}`;
}

function oneLine(text: string): string {
  // Line breaks and tabs are spaces here; what cannot be seen could hide what a text says.
  return visible(text.replace(/[\t\r\n]+/g, ' ')).trim();
}

/** A link to a place of the workspace; the label is escaped. What is no address of a document, such as a command, is no link. */
export function placeLink(label: string, uri: string, line: number): string {
  if (!/^(file|untitled|vscode-[a-z-]+|pod-roles-[a-z-]+):/i.test(uri)) return escape(label);
  return `[${escape(label)}](${address(uri)}#L${line + 1})`;
}

/** A URI as Markdown's destination: what is encoded stays as it is (`c%3A`, `%40`), all else that could end it is encoded. */
function address(uri: string): string {
  return encodeURI(uri.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/%25([0-9a-f]{2})/gi, '%$1')
    .replace(/#/g, '%23')
    .replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
}

/** `trust.json:12`: the file's name and the line from 1. */
export function placeLabel(uri: string, line: number): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return `${decodeURIComponent(name)}:${line + 1}`;
  } catch {
    return `${name}:${line + 1}`;
  }
}

/** What the front can do with a hover's links. */
export interface LinkOptions {
  /** True where the client runs the commands `podRoles.*` from Markdown. */
  readonly commands?: boolean;
}

/** A link that runs one of our commands; undefined where the client has none. The label is escaped. */
export function commandLink(
  label: string,
  command: `podRoles.${string}`,
  args: readonly unknown[],
  { commands }: LinkOptions,
): string | undefined {
  if (!commands) return undefined;
  return `[${escape(label)}](command:${command}?${encodeArgument(JSON.stringify(args))})`;
}

/** A link to a page of the web; only for addresses that we make. */
export function urlLink(label: string, url: string): string {
  return `[${escape(label)}](${url.replace(/[()\s]/g, encodeArgument)})`;
}

/** A link to a read-only document of AWS; its name as code where the client cannot open it. */
export function documentLink(label: string, uri: string, options: LinkOptions): string {
  return commandLink(label, 'podRoles.openAwsDocument', [{ uri }], options) ?? code(label);
}

function encodeArgument(text: string): string {
  return encodeURIComponent(text).replace(/[()'!*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
