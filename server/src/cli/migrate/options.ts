import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MigrationRequest } from '../../core/migrate/port';
import { isServiceAccountName } from '../../core/model/subject';
import { parsedAccount } from './account';
import { Failure } from '../failure';
import type { CommonOptions } from '../console';
import { asksAws, type AwsOptions } from '../aws/options';
import { shellQuote } from '../../core/text/shellQuote';
import type { WorkspaceOptions } from '../workspaceOptions';

export interface MigrateOptions extends CommonOptions, AwsOptions, WorkspaceOptions {
  readonly serviceAccount?: readonly string[];
  readonly namespace?: string;
  readonly cluster?: string;
  readonly to: 'pod-identity' | 'irsa';
  readonly step: 'plan' | 'expand' | 'contract' | 'undo';
  readonly write?: boolean;
  readonly unproven?: boolean;
  readonly out?: string;
  readonly format: 'text' | 'json';
}

/** What the arguments name: accounts, and files or folders. */
export interface Named {
  readonly accounts: readonly { readonly namespace: string; readonly name: string }[];
  readonly paths: readonly string[];
}

/** An argument that exists is a path; any other that has the form NAMESPACE/NAME is an account. */
export function named(args: readonly string[], { serviceAccount = [] }: MigrateOptions, cwd: string): Named {
  const accounts = serviceAccount.map((text) => {
    const parsed = parsedAccount(text);
    if (!parsed) throw new Failure(`--service-account ${text}: write it as NAMESPACE/NAME.`);
    return parsed;
  });
  const paths: string[] = [];
  for (const each of args) {
    const parsed = each === '-' || exists(resolve(cwd, each)) ? undefined : parsedAccount(each);
    if (parsed) accounts.push(parsed);
    else if (!exists(resolve(cwd, each)) && isServiceAccountName(each))
      throw new Failure(`${each}: no such file or folder. Write a service account as NAMESPACE/NAME.`);
    else paths.push(each);
  }
  return { accounts, paths };
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The request to the engine. Throws a {@link Failure} for options that don't go together. */
export function requestOf(options: MigrateOptions, { accounts, paths }: Named): MigrationRequest {
  if (options.write && options.step === 'plan') throw new Failure('--write needs --step expand, --step contract or --step undo.');
  if (options.write && paths.includes('-')) throw new Failure('--write cannot write to standard input. Leave it out to see the changes.');
  if (options.out !== undefined && options.step === 'plan') throw new Failure('--out needs --step expand, --step contract or --step undo.');
  return {
    direction: options.to === 'irsa' ? 'to-irsa' : 'to-pod-identity',
    ...(accounts.length > 0 ? { accounts } : {}),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
  };
}

/** The command line of another step, with the same selection and options, for a POSIX shell. `needsAws`: a script made an association that no file has. */
export function commandFor(step: 'contract' | 'undo', args: readonly string[], options: MigrateOptions, needsAws: boolean): string {
  const isAwsGiven = asksAws(options) || options.snapshot !== undefined;
  const given: readonly (readonly [name: string, value: string | readonly string[] | boolean | undefined])[] = [
    ['service-account', options.serviceAccount],
    ['namespace', options.namespace],
    ['cluster', options.cluster],
    ['to', options.to === 'pod-identity' ? undefined : options.to],
    ['step', step],
    ['write', true],
    ['unproven', options.unproven],
    ['ignore', options.ignore],
    ['config', options.config],
    ['aws', options.aws ?? (needsAws && !isAwsGiven)],
    ['profile', options.profile],
    ['region', options.region],
    ['snapshot', options.snapshot],
  ];
  const words = given.flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return (typeof value === 'string' ? [value] : value).map((each) => `--${name} ${shellQuote(each)}`);
  });
  return ['pod-roles migrate', ...args.map(shellQuote), ...words].join(' ');
}
