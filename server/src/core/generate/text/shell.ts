import { shellQuote } from '../../text/shellQuote';

/** A command line of the AWS CLI with its options, in one line. Undefined options are left out. */
export function awsCommand(command: string, options: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const words = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : typeof value === 'string' ? option(name, value) : [`--${name}`, ...value.map(shellQuote)]));
  return ['aws', command, ...words].join(' ');
}

/** A value that begins with a dash would be another option: it is joined to its own. */
function option(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${shellQuote(value)}`] : [`--${name}`, shellQuote(value)];
}
