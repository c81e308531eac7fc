import { Command, CommanderError } from 'commander';
import { checkCommand } from './commands/check';
import { diagnoseCommand } from './commands/diagnose';
import { explainCommand } from './commands/explain';
import { generateCommand } from './commands/generate';
import { mapCommand } from './commands/map';
import { migrateCommand } from './commands/migrate';
import { oidcCommand } from './commands/oidc';
import { rulesCommand } from './commands/rules';
import { snapshotCommand } from './commands/snapshot';
import { errorLines } from '../core/text/errorLines';
import { visible } from '../core/text/visible';
import { Console, printable, type CommonOptions } from './console';
import { Failure } from './failure';
import { version } from './version';

/** Adds a command to the program; its action tells the exit code through `exit`. */
export type CommandMaker = (program: Command, exit: (code: number) => void) => void;

const commands: Readonly<Record<string, CommandMaker>> = {
  check: checkCommand,
  diagnose: diagnoseCommand,
  explain: explainCommand,
  generate: generateCommand,
  map: mapCommand,
  migrate: migrateCommand,
  oidc: oidcCommand,
  snapshot: snapshotCommand,
  rules: rulesCommand,
};

/** The command that is named first, of which alone then anything need be known; all where none is. */
function wanted([, , name]: readonly string[]): readonly CommandMaker[] {
  return name !== undefined && Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
}

/** Runs the command line and gives the exit code. Never throws. */
export async function run(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command('pod-roles')
    .description('Checks that pods on Amazon EKS can assume their IAM roles, from manifests and trust policies.')
    .version(version(), '-V, --version', 'print the version')
    .option('--no-color', 'no colours (also with NO_COLOR set)')
    .option('--quiet', 'only results: no progress, no summary')
    .option('--debug', 'stack traces of internal errors')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text, write) => write(usageError(text)),
      writeOut: (text) => process.stdout.write(printable(text)),
      writeErr: (text) => process.stderr.write(printable(text)),
    })
    .showHelpAfterError(false)
    .addHelpText('after', '\nExit codes of check: 0 nothing found, 1 something found, 2 could not run.\nExample: pod-roles check .');
  for (const make of wanted(argv)) make(program, (result) => (code = result));
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    return failed(error, program.opts<CommonOptions>());
  }
}

/** What commander says of the arguments, which it quotes: one line, and perhaps its guess at what was meant. */
function usageError(text: string): string {
  const hint = text.lastIndexOf('\n(Did you mean ');
  const message = (hint < 0 ? text : text.slice(0, hint)).replace(/^error: /, '').trimEnd();
  return printable(`pod-roles: ${visible(message)}\n${hint < 0 ? '' : text.slice(hint + 1)}`);
}

function failed(error: unknown, options: CommonOptions): number {
  // Commander has said what is wrong; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const console = new Console(options);
  if (error instanceof Failure) {
    for (const problem of error.problems) console.complain(problem);
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (options.debug) for (const line of errorLines(error)) console.complain(line);
  else console.complain(`internal error: ${message}. Use --debug for a stack trace; please report it.`);
  return 2;
}
