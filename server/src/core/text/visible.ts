/**
 * Text of a workspace, of AWS or of the command line made fit to be shown: on a terminal, in a log of CI, in a log of
 * the editor. Everything that this project prints for people goes through {@link visible}; JSON, XML and Markdown have
 * escapes of their own, which take the same characters.
 */

/**
 * Characters that cannot be seen and change what is: controls (C0, DEL, C1), formats (the writing direction, no width),
 * line and paragraph separators, halves of surrogate pairs. Source: Unicode general categories.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with each character that cannot be seen written as `write` says; runs are handed over one by one. */
export function replaceUnseen(text: string, write: (character: string) => string): string {
  return text.replace(unseen, write);
}

/**
 * Text as one line without a character that moves the cursor, hides text or turns its direction: such are written as
 * escapes (`\n`, `\x1b`, `\u202e`). Commands that a CI runner takes anywhere in a line (`##[error]` of GitHub Actions and
 * Azure Pipelines, `##vso[…]`, `##teamcity[…]`) lose their first character to an escape.
 */
export function visible(text: string): string {
  return withoutRunnerCommands(replaceUnseen(text, escapeOf), '\\x23');
}

/** The same for text whose line breaks are ours, such as a diagnostic of three lines: joined by spaces. */
export function visibleInOneLine(text: string): string {
  return visible(text.replace(/\s*\n\s*/g, ' '));
}

/**
 * Text for a notification of VS Code, which makes a link, even of a command, of `[label](address)` wherever it stands.
 */
export function forNotification(text: string): string {
  return visibleInOneLine(text).replaceAll('](', '] (');
}

/** `\n`, `\x1b`, `\u202e`, `\u{e0001}`; the replacement character for half of a surrogate pair, which no encoding can hold. */
export function escapeOf(character: string): string {
  const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  const code = character.codePointAt(0)!;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return known[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`);
}

/** Breaks up what CI runners take for a command wherever it stands in a line. Source: actions/runner, `ActionCommand.TryParse`. */
export function withoutRunnerCommands(text: string, hash: string): string {
  return text.includes('##') ? text.replace(/#(?=#+(?:vso|teamcity)?\[)/gi, () => hash) : text;
}

function hex(code: number, length: number): string {
  return code.toString(16).padStart(length, '0');
}
