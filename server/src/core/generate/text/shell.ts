import { shellQuote } from '../../text/shellQuote';

/** Options of a command of the AWS CLI. Undefined ones are left out; a {@link ShellText} stands as it is. */
export type AwsOptions = Readonly<Record<string, string | ShellText | readonly string[] | undefined>>;

/** A part of a command line that the shell expands: `"$(…)"`. */
export class ShellText {
  constructor(readonly source: string) {}
}

/** A command line of the AWS CLI with its options, in one line. */
export function awsCommand(command: string, options: AwsOptions): string {
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (value instanceof ShellText) return [`--${name}`, value.source];
    // A value that begins with "-" would be read as an option of its own.
    if (typeof value === 'string') return value.startsWith('-') ? [`--${name}=${shellQuote(value)}`] : [`--${name}`, shellQuote(value)];
    return [`--${name}`, ...value.map(shellQuote)];
  });
  return ['aws', command, ...words].join(' ');
}

/** Where printed commands have to run: as whom, and in which account. */
export interface CommandPlace {
  /** 12 digits: the account that the commands are meant for. */
  readonly account: string;
  /** The profile of the AWS CLI that was used; undefined: none was named. */
  readonly profile?: string | undefined;
  /** The region that was used. */
  readonly region?: string | undefined;
}

/** Makes command lines for one place: each carries its profile and region. */
export type CommandMaker = (command: string, options: AwsOptions) => string;

export function commandMaker({ profile, region }: Pick<CommandPlace, 'profile' | 'region'>): CommandMaker {
  return (command, options) => awsCommand(command, { ...options, region: options['region'] ?? region, profile });
}

/** A test that fails with credentials of any other account. */
function accountCheck(place: CommandPlace): string {
  return `[ "$(${commandMaker(place)('sts get-caller-identity', { query: 'Account', output: 'text' })})" = ${shellQuote(place.account)} ]`;
}

/**
 * Lines to paste into a POSIX shell: the commands run in order, and only in the account they are meant for. The first
 * one that fails stops the rest, so that nothing is deleted that a failed deletion still needs.
 */
export function guardedCommands(commands: readonly string[], place: CommandPlace): string[] {
  if (commands.length === 0) return [];
  return [
    `${accountCheck(place)} &&`,
    ...commands.map((command, index) => `  ${command}${index + 1 < commands.length ? ' &&' : ' ||'}`),
    `  echo ${shellQuote(`Stopped: these are not credentials of account ${place.account}, or a command failed.`)} >&2`,
  ];
}

/** One command in one line, for the account it is meant for alone. */
export function guardedCommand(command: string, place: CommandPlace): string {
  return `${accountCheck(place)} && ${command}`;
}
