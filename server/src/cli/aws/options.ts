import type { Command } from 'commander';
import { collect } from '../workspaceOptions';

/** How a command comes to what AWS knows. AWS is asked only where one of the first three is given. */
export interface AwsOptions {
  readonly aws?: boolean;
  readonly profile?: string;
  /** Several for clusters; the first is where the profile's own would be. */
  readonly region?: readonly string[];
  readonly snapshot?: string;
}

/** Adds the options of {@link AwsOptions} to a command that works without AWS too. */
export function addAwsOptions(command: Command): Command {
  return command
    .option('--aws', 'also read from AWS, with the credentials of the AWS CLI')
    .option('--profile <name>', 'read from AWS with a profile of the AWS CLI')
    .option('--region <region>', 'read the clusters of a region from AWS (repeatable)', collect)
    .option('--snapshot <file>', 'read AWS data from a snapshot file (default: pod-roles.snapshot.json next to pod-roles.yaml)');
}

export function asksAws(options: AwsOptions): boolean {
  return Boolean(options.aws || options.profile !== undefined || (options.region && options.region.length > 0));
}
