import { Option, type Command } from 'commander';
import { accessMap, type AccessEntry } from '../../core/features/accessMap';
import type { Place } from '../../core/syntax/sourceFile';
import { byCodeUnits } from '../../host/paths';
import { addAws } from '../aws';
import { addAwsOptions, type AwsOptions } from '../aws/options';
import { Console, type CommonOptions } from '../console';
import { load, type Group } from '../load';
import { accountOf, workloadOf, type AccessRow } from '../maps/accessRow';
import { mapFormats } from '../maps/registry';
import { locate } from '../reported';
import { notRead } from '../words';
import { addWorkspaceOptions, type WorkspaceOptions } from '../workspaceOptions';

interface MapOptions extends CommonOptions, AwsOptions, WorkspaceOptions {
  readonly format: string;
}

export function mapCommand(program: Command, exit: (code: number) => void): void {
  const command = program
    .command('map')
    .description('show which workloads and service accounts can assume which roles')
    .argument('[path...]', 'files and folders; - reads one YAML or JSON stream (default: .)')
    .addOption(new Option('--format <name>', 'the output format').choices(mapFormats.map((format) => format.id)).default('table'));
  addAwsOptions(addWorkspaceOptions(command))
    .addHelpText(
      'after',
      '\nExamples:\n  pod-roles map .\n  pod-roles map k8s iam --format mermaid\n  pod-roles map . --format dot | dot -Tsvg > access.svg',
    )
    .action(async (paths: string[], _: unknown, self: Command) => {
      await map(paths, self.optsWithGlobals<MapOptions>());
      exit(0);
    });
}

async function map(paths: readonly string[], options: MapOptions): Promise<void> {
  const console = new Console(options);
  const cwd = process.cwd();
  const loaded = await load({ ...options, paths, cwd, console });
  await addAws(loaded, options, cwd, console);
  const rows = loaded.groups.flatMap((group) => accessMap(group.workspace).map((entry) => toRow(entry, group, cwd)));
  rows.sort(
    (a, b) =>
      byCodeUnits(accountOf(a), accountOf(b)) ||
      byCodeUnits(a.role, b.role) ||
      byCodeUnits(a.path, b.path) ||
      a.line - b.line ||
      byCodeUnits(workloadOf(a) ?? '', workloadOf(b) ?? '') ||
      byCodeUnits(a.workload?.path ?? '', b.workload?.path ?? ''),
  );
  const format = mapFormats.find((candidate) => candidate.id === options.format)!;
  await console.print(format.write(rows));
  if (loaded.skipped.length > 0) console.noteLines(notRead(loaded.skipped));
}

function toRow(entry: AccessEntry, group: Group, cwd: string): AccessRow {
  const at = (place: Place) => {
    const { path, line } = locate(place, group, cwd);
    return { path, line };
  };
  const { workload, policy, targetPolicy, account, roleName: _name, roleArn: _arn, cluster: _cluster, ...rest } = entry;
  return {
    ...(workload ? { workload: { kind: workload.kind, name: workload.name, ...at(workload.at) } } : {}),
    ...rest,
    ...at(account),
    ...(policy ? { policy: at(policy) } : {}),
    ...(targetPolicy ? { targetPolicy: at(targetPolicy) } : {}),
  };
}
