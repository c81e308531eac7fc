import { AwsError } from '../../aws/gateway';
import { AwsStore } from '../../aws/store';
import { partitionOfRegion } from '../../core/model/partitions';
import { parseEksIssuer } from '../../core/model/issuer';
import { literal } from '../../core/text/texts';
import { AwsIndex } from '../../core/wiring/aws';
import { relativePath, repositoryRoot, toPath, upward } from '../../host/paths';
import { findSnapshot, readSnapshotFile } from '../../host/snapshotFile';
import type { Console } from '../console';
import { Failure } from '../failure';
import type { Group, Loaded } from '../load';
import { asFailure, connect } from './connect';
import { asksAws, type AwsOptions } from './options';

/** Gives the workspaces what AWS, or a snapshot of it, knows: AWS where it is asked for, else a snapshot where there is one. */
export async function addAws(loaded: Loaded, options: AwsOptions, cwd: string, console: Console): Promise<void> {
  if (asksAws(options)) {
    if (options.snapshot !== undefined)
      throw new Failure('--snapshot answers in place of AWS: give it without --aws, --profile and --region.');
    await addLive(loaded, options, console);
    return;
  }
  const given =
    options.snapshot === undefined ? undefined : readIndex(findSnapshot([], { path: options.snapshot, base: cwd })!, cwd, console);
  for (const group of loaded.groups) {
    const path = given ? undefined : snapshotOf(group, cwd);
    const index = given ?? (path === undefined ? undefined : readIndex(path, cwd, console, folderOf(group, cwd)));
    if (index) group.workspace.setAws(index);
  }
}

/** The snapshot that a group's settings name, or that stands in its folder or one above, not beyond the repository. */
function snapshotOf(group: Group, cwd: string): string | undefined {
  const { snapshot } = group.workspace.wiring.settings;
  const folder = folderOf(group, cwd);
  if (snapshot !== undefined) return findSnapshot([], { path: snapshot, base: folder });
  const root = repositoryRoot(folder);
  const folders = upward(folder);
  return findSnapshot(root === undefined ? [folder] : folders.slice(0, folders.indexOf(root) + 1));
}

/** The folder that the settings' paths count from. */
function folderOf({ workspace }: Group, cwd: string): string {
  const { base } = workspace.wiring.settings;
  return base === undefined ? cwd : toPath(base);
}

function readIndex(path: string, cwd: string, console: Console, folder?: string): AwsIndex {
  const shown = relativePath(cwd, path);
  const { facts, problems, label } = readSnapshotFile(path, folder);
  if (!facts) throw new Failure(`${shown}: ${problems.join(' ')}`);
  if (problems.length > 0) console.note(`${shown} is read in part: ${problems.join(' ')}`);
  return new AwsIndex(facts, { kind: 'snapshot', label });
}

async function addLive(loaded: Loaded, options: AwsOptions, console: Console): Promise<void> {
  const connection = await connect(options);
  const regions = regionsOf(loaded, options.region ?? (connection.region === undefined ? [] : [connection.region]));
  const store = new AwsStore(connection.gateway, { regions, onProgress: (text) => console.progress(() => `Asking AWS: ${text}`) });
  await asFailure(store.load());
  await askDetails(store, loaded);
  console.endProgress();
  const facts = store.facts();
  if (!facts) return;
  for (const { action, reason } of facts.accounts[0]?.partial ?? []) console.note(`${action}: ${reason}`);
  const index = new AwsIndex(facts, { kind: 'live', label: 'AWS' });
  for (const { workspace } of loaded.groups) workspace.setAws(index);
}

/** The permissions of the roles that the files ask for. What is refused is a gap among the others. */
async function askDetails(store: AwsStore, loaded: Loaded): Promise<void> {
  const arns = new Set(
    loaded.groups.flatMap(({ workspace }) => [...workspace.wiring.roleArns()].flatMap(({ arn }) => literal(arn.text) ?? [])),
  );
  await Promise.all(
    [...arns]
      .filter((arn) => arn.split(':')[4] === store.identity?.account)
      .map((arn) =>
        store.detail(arn).catch((error: unknown) => {
          if (!AwsError.is(error)) throw error;
        }),
      ),
  );
}

/** The regions to ask for clusters: those asked for, and those that the files name in clusters and issuers. */
function regionsOf(loaded: Loaded, asked: readonly string[]): string[] {
  const named = loaded.groups.flatMap(({ workspace }) => [
    ...workspace.wiring.settings.clusters.flatMap(({ region, issuer }) => [
      region,
      issuer === undefined ? undefined : parseEksIssuer(issuer)?.region,
    ]),
    ...[...workspace.wiring.policies()].flatMap(({ policy }) =>
      policy.statements
        .flatMap((s) => s.principal?.kinds ?? [])
        .flatMap(({ values }) => values.map((value) => parseEksIssuer((literal(value) ?? '').split(':oidc-provider/')[1] ?? '')?.region)),
    ),
  ]);
  return [
    ...new Set([...asked, ...named.filter((region): region is string => region !== undefined && partitionOfRegion(region) !== undefined)]),
  ].sort();
}
