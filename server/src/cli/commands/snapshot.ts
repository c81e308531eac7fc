import { accessSync, constants, lstatSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AwsError } from '../../aws/gateway';
import { AwsStore, concernsPods } from '../../aws/store';
import type { AwsAccount, AwsFacts } from '../../core/model/aws';
import { withoutFreeText } from '../../core/snapshot/freeText';
import { keepTimes } from '../../core/snapshot/keepTimes';
import { isSnapshot, readSnapshot } from '../../core/snapshot/read';
import { writeSnapshot } from '../../core/snapshot/write';
import { readText, systemReason } from '../../host/readText';
import { snapshotLimit } from '../../host/snapshotFile';
import { treeForWriting } from '../../host/tree';
import { createText, NotWritten, replaceText } from '../../host/writeText';
import { asFailure, connect } from '../aws/connect';
import { Console, type CommonOptions } from '../console';
import { Failure } from '../failure';
import { count } from '../words';
import { collect } from '../workspaceOptions';

interface SnapshotOptions extends CommonOptions {
  readonly out: string;
  readonly region?: readonly string[];
  readonly profile?: readonly string[];
  readonly role?: readonly string[];
  readonly add?: boolean;
  readonly includeTags?: boolean;
}

export function snapshotCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('snapshot')
    .description('write the roles, policies, providers, clusters and associations in AWS to a file, for use offline')
    .requiredOption('--out <file>', 'the file to write; - prints')
    .option(
      '--region <region>',
      'a region whose clusters and associations are included (repeatable; default: the configured region)',
      collect,
    )
    .option('--profile <name>', 'a profile of the AWS CLI (repeatable, one for each account)', collect)
    .option('--role <name>', 'a role whose policies are also written (repeatable; roles for pods are always included)', collect)
    .option('--add', 'keep the other accounts in the file')
    .option('--include-tags', 'also write tags and descriptions, which may contain anything')
    .addHelpText(
      'after',
      `
Exit codes: 0 written, 2 could not run. A call that AWS denies is named in the file and on standard error.
The file contains policies unchanged, and no credentials, tags or descriptions. Its time changes only with its data.
A file that is not a snapshot is never overwritten. A file pod-roles.snapshot.json next to pod-roles.yaml is used by every command.

Examples:
  pod-roles snapshot --out pod-roles.snapshot.json --region eu-west-1
  pod-roles snapshot --out pod-roles.snapshot.json --profile dev --profile prod --region eu-west-1
  aws iam get-account-authorization-details > details.json && pod-roles check . --snapshot details.json`,
    )
    .action(async (_: unknown, self: Command) => {
      await snapshot(self.optsWithGlobals<SnapshotOptions>());
      exit(0);
    });
}

async function snapshot(options: SnapshotOptions): Promise<void> {
  const console = new Console(options);
  const accounts = new Map<string, AwsAccount>();
  const before = previous(options);
  if (options.add) for (const account of before?.accounts ?? []) accounts.set(account.id, account);
  for (const profile of options.profile ?? [undefined]) {
    const account = await take(profile, options, console);
    accounts.set(account.id, account);
  }
  console.endProgress();
  const all: AwsFacts = { version: 1, accounts: [...accounts.values()] };
  const text = writeSnapshot(keepTimes(options.includeTags ? all : withoutFreeText(all), before));
  if (options.out === '-') await console.printFile(text);
  else write(resolve(options.out), text, options.out);
}

async function take(profile: string | undefined, options: SnapshotOptions, console: Console): Promise<AwsAccount> {
  const connection = await connect({
    ...(profile === undefined ? {} : { profile }),
    ...(options.region ? { region: options.region } : {}),
  });
  const regions = options.region ?? (connection.region === undefined ? [] : [connection.region]);
  const store = new AwsStore(connection.gateway, { regions, onProgress: (text) => console.progress(() => `Asking AWS: ${text}`) });
  await asFailure(store.load());
  const named = new Set(options.role);
  const wanted = store.facts()!.accounts[0]!.roles.filter((role) => concernsPods(role) || named.delete(role.name));
  let done = 0;
  await Promise.all(
    wanted.map(async ({ arn }) => {
      await store.detail(arn).catch((error: unknown) => {
        if (!AwsError.is(error)) throw error;
      });
      console.progress(() => `Asking AWS: policies of ${++done} of ${wanted.length} roles`);
    }),
  );
  const account = store.facts()!.accounts[0]!;
  for (const name of named) console.note(`Account ${account.id} has no role ${name}.`);
  for (const { action, resource, reason } of account.partial)
    console.note(`${action}${resource === undefined ? '' : ` ${resource}`}: ${reason}`);
  if (regions.length === 0) console.note('No region is configured, so no cluster was asked. Give one with --region.');
  const { roles, policies, providers, clusters, associations } = account;
  console.note(
    `Account ${account.id}: ${count(roles.length, 'role')} (${count(wanted.length, 'role')} with policies), ${count(policies.length, 'policy', 'policies')}, ` +
      `${count(providers.length, 'provider')}, ${count(clusters.length, 'cluster')}, ${count(associations.length, 'association')}.`,
  );
  return account;
}

/**
 * The snapshot that is written over; undefined where there is none. Looked at before AWS is asked: where nothing can be
 * written, or something else stands there, that is a {@link Failure}.
 */
function previous({ out, add }: SnapshotOptions): AwsFacts | undefined {
  if (out === '-') return undefined;
  const path = resolve(out);
  const stats = statsOf(path);
  if (!stats) {
    const folder = dirname(path);
    if (!statsOf(folder)?.isDirectory()) throw new Failure(`${out}: the folder ${folder} does not exist.`);
    writable(folder, out);
    return undefined;
  }
  if (!stats.isFile()) throw new Failure(`${out} is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}: --out names a file.`);
  writable(path, out);
  const read = readText(path, { limit: snapshotLimit });
  if (read.kind !== 'text' || (read.file.text.trim() !== '' && !isSnapshot(read.file.text)))
    throw new Failure(`${out} is there and is not a snapshot, so it is not written over. Give another file, or remove this one.`);
  const { facts, problems } = readSnapshot(read.file.text);
  if (add && read.file.text.trim() !== '' && (!facts || problems.length > 0))
    throw new Failure(`${out} is kept as it is, since --add would lose what cannot be read: ${problems.join(' ')}`);
  return facts;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A file stands where a folder is needed.
    return undefined;
  }
}

function writable(path: string, shown: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new Failure(`${shown}: ${systemReason(error)}`);
  }
}

function write(path: string, text: string, shown: string): void {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) {
      createText(path, text, dirname(path));
      return;
    }
    const before = readText(path, { limit: Infinity });
    if (before.kind !== 'text') throw new NotWritten(before.kind === 'skipped' ? before.reason : 'not a text');
    replaceText(path, before.file, text, treeForWriting(dirname(path), process.cwd()));
  } catch (error) {
    throw new Failure(`${shown}: not written: ${error instanceof NotWritten ? error.message : systemReason(error)}`);
  }
}
