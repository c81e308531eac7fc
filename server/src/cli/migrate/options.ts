import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MigrationRequest } from '../../core/migrate/port';
import { parsedAccount } from './account';
import { Failure } from '../failure';
import type { CommonOptions } from '../console';
import type { AwsOptions } from '../aws/options';
import type { WorkspaceOptions } from '../workspaceOptions';

export interface MigrateOptions extends CommonOptions, AwsOptions, WorkspaceOptions {
  readonly account?: readonly string[];
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
export function named(args: readonly string[], { account = [] }: MigrateOptions, cwd: string): Named {
  const accounts = account.map((text) => {
    const parsed = parsedAccount(text);
    if (!parsed) throw new Failure(`--account ${text}: write it as NAMESPACE/NAME.`);
    return parsed;
  });
  const paths: string[] = [];
  for (const each of args) {
    const parsed = each === '-' || exists(resolve(cwd, each)) ? undefined : parsedAccount(each);
    if (parsed) accounts.push(parsed);
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
