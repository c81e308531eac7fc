import { InvalidArgumentError, type Command } from 'commander';

/** What the commands that read a workspace have in common. */
export interface WorkspaceOptions {
  readonly config?: string;
  readonly ignore?: readonly string[];
  readonly stdinPath?: string;
}

/** Adds the options of {@link WorkspaceOptions}. */
export function addWorkspaceOptions(command: Command): Command {
  return command
    .option('--ignore <glob>', 'skip files and folders that match (repeatable)', collect)
    .option('--config <file>', 'use this pod-roles.yaml instead of the one found upward from the paths')
    .option('--stdin-path <name>', 'the file name of standard input, for messages and for settings by path');
}

/** Collects a repeatable option. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return [...(previous ?? []), value];
}
