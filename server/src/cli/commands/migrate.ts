import { existsSync, lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { MigrationHost, MigrationRequest } from '../../core/migrate/port';
import type { FileLine, MigrationPlan, MigrationResult } from '../../core/migrate/types';
import type { Place } from '../../core/syntax/sourceFile';
import { visible } from '../../core/text/visible';
import { migrationHost } from '../../core/workspace/migrationHost';
import { byCodeUnits, toPath } from '../../host/paths';
import { treeForWriting } from '../../host/tree';
import type * as Migrate from '../../migrate/chunk';
import { loadMigrate } from '../../migrate/load';
import { packageFiles } from '../../migrate/packageFiles';
import { addAws } from '../aws';
import { addAwsOptions } from '../aws/options';
import { Console } from '../console';
import { unifiedDiff, visibleDiff } from '../diff';
import { Failure } from '../failure';
import { load, type Group, type Loaded } from '../load';
import { planJson, resultJson, type ChangedFile, type Locate } from '../migrate/output';
import { checkFound, saysAll } from '../migrate/found';
import { commandFor, named, requestOf, type MigrateOptions } from '../migrate/options';
import { shownPath, writeAll, type PlannedFile } from '../migrate/write';
import { locate } from '../reported';
import { jsonText, notRead } from '../words';
import { addWorkspaceOptions, collect } from '../workspaceOptions';

export function migrateCommand(program: Command, exit: (code: number) => void): void {
  const command = program
    .command('migrate')
    .description('plan and make the move of service accounts from IRSA to EKS Pod Identity, in files')
    .argument('[account-or-path...]', 'service accounts as NAMESPACE/NAME, and files and folders; - reads standard input (default: .)')
    .option('--service-account <namespace/name>', 'a service account, where a path of that name exists (repeatable)', collect)
    .option('--namespace <name>', 'only service accounts in this namespace')
    .option('--cluster <name>', "only service accounts of this cluster; it is also the cluster's name where no file has it")
    .addOption(new Option('--to <mechanism>', 'where to move').choices(['pod-identity', 'irsa']).default('pod-identity'))
    .addOption(
      new Option(
        '--step <step>',
        'plan: what can move; expand: add the new mechanism; contract: remove the old one; undo: remove the new one',
      )
        .choices(['plan', 'expand', 'contract', 'undo'])
        .default('plan'),
    )
    .option('--write', 'change the files; without it the changes are only shown')
    .option('--unproven', 'also make changes whose effect on who can assume a role is unknown')
    .option('--out <file>', 'write the AWS CLI script for what no file takes to a new file')
    .addOption(new Option('--format <name>', 'how to answer').choices(['text', 'json']).default('text'));
  addAwsOptions(addWorkspaceOptions(command))
    .addHelpText(
      'after',
      `
Exit codes: 0 done, or everything can move; 1 something can't move, or it is unknown whether it can; 2 could not run, or could not write.

Nothing is changed in AWS or in a cluster. With --write all files of a step are written, or none.

Examples:
  pod-roles migrate .
  pod-roles migrate --namespace shop --step expand
  pod-roles migrate shop/orders --step expand --write
  pod-roles migrate shop/orders --step contract --write
  pod-roles migrate shop/orders --step undo
  pod-roles migrate --to irsa shop/orders --step expand --cluster demo --snapshot aws.json`,
    )
    .action(async (args: string[], _: unknown, self: Command) => exit(await migrate(args, self.optsWithGlobals<MigrateOptions>())));
}

async function migrate(args: readonly string[], options: MigrateOptions): Promise<number> {
  const console = new Console(options);
  const cwd = process.cwd();
  const asked = named(args, options, cwd);
  const request = requestOf(options, asked);
  if (options.out !== undefined && lstatSync(resolve(cwd, options.out), { throwIfNoEntry: false }))
    throw new Failure(`--out ${options.out}: already exists. Name a new file.`);
  const loaded = await load({ ...options, paths: asked.paths, cwd, console, keepTexts: options.step !== 'plan' });
  await addAws(loaded, options, cwd, console);
  const engine = await loadMigrate();
  const { plan, step, changedTexts, planText, resultText } = engine;
  const everything: MigrationRequest = { direction: request.direction };
  const hosts = loaded.groups.map((group) => ({ group, host: hostOf(group, engine) }));
  if (options.step === 'plan') {
    const plans = hosts.map(({ host }) => plan(host, request));
    checkFound(plans, asked, options, () => hosts.map(({ host }) => plan(host, everything)));
    const whole: MigrationPlan = {
      direction: request.direction,
      accounts: plans.flatMap(({ accounts }) => accounts),
      packages: plans.flatMap(({ packages }) => packages),
      unreadPackageFiles: plans.reduce((sum, { unreadPackageFiles }) => sum + unreadPackageFiles, 0),
    };
    const placed = (place: Place | FileLine): ReturnType<Locate> => placeOf(place, loaded, cwd);
    await console.print(
      options.format === 'json'
        ? `${jsonText(planJson(whole, placed), 2)}\n`
        : planText(whole, (place) => {
            const { path, line } = placed(place);
            return `${path}:${line}`;
          }),
    );
    if (loaded.skipped.length > 0) console.noteLines(notRead(loaded.skipped));
    return whole.accounts.every(({ state, outcome }) => state === 'done' || outcome === 'can-move') ? 0 : 1;
  }
  const stepped = { ...request, step: options.step, unproven: options.unproven === true };
  const results = hosts.map(({ host, group }) => ({ group, result: step(host, stepped), host }));
  if (!saysAll(results, asked, options))
    checkFound(
      hosts.map(({ host }) => plan(host, request)),
      asked,
      options,
      () => hosts.map(({ host }) => plan(host, everything)),
    );
  const files = results.flatMap(({ group, result, host }) => plannedFiles(group, host, result, changedTexts, cwd));
  writeAll(
    [
      ...(options.write ? files : []),
      ...scriptFile(
        results.map(({ result }) => result),
        options,
        cwd,
      ),
    ],
    cwd,
  );
  await report(
    results.map(({ result }) => result),
    files,
    { options, console, resultText, args },
  );
  return results.every(({ result }) => result.refused.length === 0) ? 0 : 1;
}

function hostOf({ workspace, files, folders }: Group, engine: typeof Migrate): MigrationHost {
  return migrationHost(
    workspace,
    {
      uris: () => files.keys(),
      text(uri) {
        const file = files.get(uri);
        return file && { text: file.content.text, languageId: file.languageId };
      },
      exists: (uri) => files.has(uri) || existsSync(toPath(uri)),
    },
    engine.parts,
    engine.finished(packageFiles(folders, engine)),
  );
}

function placeOf(place: Place | FileLine, loaded: Loaded, cwd: string): ReturnType<Locate> {
  if ('doc' in place) return locate(place, groupOf(loaded, place.doc.uri), cwd);
  return { path: shownPath(toPath(place.uri), cwd), line: place.line + 1, column: 1 };
}

function groupOf({ groups }: Loaded, uri: string): Group {
  return groups.find(({ files }) => files.has(uri)) ?? groups[0]!;
}

/** The files of a step, with their texts before and after. */
function plannedFiles(
  { files }: Group,
  host: MigrationHost,
  { change }: MigrationResult,
  changedTexts: (change: MigrationResult['change'], source: MigrationHost['source']) => Map<string, string> | undefined,
  cwd: string,
): PlannedFile[] {
  const texts = changedTexts(change, host.source) ?? new Map<string, string>();
  return [...texts].flatMap(([uri, after]): PlannedFile[] => {
    const file = files.get(uri);
    if (!file) {
      const absolute = toPath(uri);
      return [{ path: shownPath(absolute, cwd), absolute, after }];
    }
    if (file.content.text === after) return [];
    const { absolute = toPath(uri), tree = treeForWriting(dirname(absolute), cwd), content, path } = file;
    return [{ path, absolute, after, before: { content, tree } }];
  });
}

function scriptOf(results: readonly MigrationResult[]): string {
  return results.flatMap((result) => result.script ?? []).join('\n');
}

/** The script as a new file, where --out names one. */
function scriptFile(results: readonly MigrationResult[], { out }: MigrateOptions, cwd: string): PlannedFile[] {
  const script = scriptOf(results);
  return out === undefined || script === '' ? [] : [{ path: out, absolute: resolve(cwd, out), after: script }];
}

interface Surroundings {
  /** The arguments as they were given. */
  readonly args: readonly string[];
  readonly options: MigrateOptions;
  readonly console: Console;
  readonly resultText: (result: MigrationResult, isPreview: boolean) => string;
}

async function report(results: readonly MigrationResult[], files: readonly PlannedFile[], around: Surroundings): Promise<void> {
  const { options, console, resultText } = around;
  const changed = files
    .map(({ path, before, after }): ChangedFile => ({
      path,
      action: before ? 'edit' : 'create',
      diff: unifiedDiff(path, before?.content.text ?? '', after),
    }))
    .sort((a, b) => byCodeUnits(a.path, b.path));
  const script = scriptOf(results);
  if (options.format === 'json') {
    await console.print(`${jsonText(resultJson(results, changed, options.write === true), 2)}\n`);
    return;
  }
  const { paint } = console;
  for (const { path, action, diff } of changed) {
    if (options.write) await console.print(`${paint.bold(action === 'create' ? 'created' : 'changed')} ${visible(path)}\n`);
    else await console.printAsIs(visibleDiff(diff));
  }
  if (script !== '' && options.out === undefined) await console.print(`${visibleDiff(script)}\n`);
  const wroteScript = script !== '' && options.out !== undefined;
  if (wroteScript) await console.print(`${paint.bold('wrote')} ${visible(options.out)}\n`);
  for (const result of results) await console.print(resultText(result, !options.write));
  const moved = results.some(({ accounts }) => accounts.length > 0);
  if (options.step === 'expand' && moved)
    await console.print(`\nThe contract step: ${visibleDiff(commandFor('contract', around.args, options, script !== ''))}\n`);
  if (!options.write && changed.length > 0)
    console.note(`${wroteScript ? 'The files were not changed.' : 'Nothing was changed.'} Use --write to change these files.`);
}
