/**
 * Markdown for hovers and pages. Text from files or from AWS is never trusted: it goes through `escape` or `code`,
 * so that it can neither forge a link nor run a command.
 */

/** Text as plain words: every character that Markdown or HTML reads gets a backslash or an entity. */
export function escape(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]()#+\-.!|~>]/g, '\\$&').replace(/&/g, '&amp;').replace(/</g, '&lt;');
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
  // Control characters and bidirectional overrides could hide what a text says.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** A link to a place of the workspace; the label is escaped. */
export function placeLink(label: string, uri: string, line: number): string {
  return `[${escape(label)}](${encodeURI(decodeURI(uri)).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'))}#L${line + 1})`;
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
