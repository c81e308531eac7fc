import { replaceUnseen } from './visible';

/**
 * A text as one word of a POSIX shell: plain if it means itself there, else quoted. Every command that is printed,
 * typed into a terminal or copied goes through this. `$(x)`, backticks, `!`, spaces and double quotes are just text
 * between single quotes. A control character would still reach the terminal when the line is pasted (and a line break
 * would end it), and one of no width would hide what is run: a text with such is written as `$'…'` with octal bytes
 * (POSIX.1-2024; bash, zsh, ksh, busybox). PowerShell and cmd.exe quote otherwise: no lines are made for them.
 */
export function shellQuote(text: string): string {
  // A `=` at the start is a command's path to zsh.
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) return text;
  if (replaceUnseen(text, () => '') === text) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${replaceUnseen(text.replace(/['\\]/g, '\\$&'), octal)}'`;
}

/** The bytes of a character's UTF-8, each as `\ooo`. */
function octal(character: string): string {
  const given = character.codePointAt(0)!;
  // Half of a surrogate pair has no bytes.
  const code = given >= 0xd800 && given <= 0xdfff ? 0xfffd : given;
  const bytes =
    code < 0x80
      ? [code]
      : code < 0x800
        ? [0xc0 | (code >> 6), tail(code)]
        : code < 0x10000
          ? [0xe0 | (code >> 12), tail(code >> 6), tail(code)]
          : [0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
