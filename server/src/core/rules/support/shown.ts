/** A value for a message: on one line, and not longer than anybody reads. */
export function shown(value: string, most = 80): string {
  const line = value.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, (character) => (/[\r\n\t]/.test(character) ? ' ' : '\ufffd'));
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
