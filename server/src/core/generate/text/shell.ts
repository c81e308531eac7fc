/** A word of a POSIX shell: plain where it means itself, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command line of the AWS CLI with its options, in one line. Undefined options are left out. */
export function awsCommand(command: string, options: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const words = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, ...(typeof value === 'string' ? [shellWord(value)] : value.map(shellWord))]));
  return ['aws', command, ...words].join(' ');
}
