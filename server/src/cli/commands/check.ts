import { InvalidArgumentError, Option, type Command } from 'commander';
import { allRules } from '../../core/rules/registry';
import type { Level } from '../../core/rules/rule';
import { byCodeUnits } from '../../host/paths';
import { countChains } from '../chains';
import { addAws } from '../aws';
import { addAwsOptions, type AwsOptions } from '../aws/options';
import { Console, type CommonOptions } from '../console';
import { Failure } from '../failure';
import { fixedFiles, mend, writeFixes } from '../fix';
import { formats } from '../formats/registry';
import { fails, type CheckReport, type FailOn, type FixedFile } from '../formats/report';
import { load } from '../load';
import { suggestion } from '../words';
import { addRendered, addRenderOptions, type RenderOptions } from '../rendered';
import { byPlace, reportedFindings } from '../reported';
import { version } from '../version';
import { addWorkspaceOptions, type WorkspaceOptions } from '../workspaceOptions';

interface CheckOptions extends CommonOptions, AwsOptions, WorkspaceOptions, Omit<RenderOptions, 'ignore'> {
  readonly format: string;
  readonly failOn: FailOn;
  readonly rule?: Readonly<Record<string, Level>>;
  readonly fix?: boolean;
  readonly fixDryRun?: boolean;
  readonly documents?: boolean;
}

export function checkCommand(program: Command, exit: (code: number) => void): void {
  const command = program
    .command('check')
    .description('report what is wrong in manifests and trust policies')
    .argument('[path...]', 'files and folders; - reads one YAML or JSON stream (default: .)')
    .addOption(new Option('--format <name>', 'how to report').choices(formats.map((format) => format.id)).default('pretty'))
    .addOption(
      new Option('--fail-on <level>', 'the least severity that makes the exit code 1')
        .choices(['error', 'warning', 'info', 'never'])
        .default('error'),
    )
    .option('--rule <id=level>', 'set a rule to error, warning, info or off (repeatable)', ruleLevel)
    .option(
      '--documents',
      'check manifests and trust policies in Markdown, AsciiDoc, reStructuredText and shell scripts too, at level info',
    )
    .option('--no-documents', 'pass over them in folders, whatever pod-roles.yaml says')
    .option('--fix', 'mend what can only have been meant one way')
    .option('--fix-dry-run', 'show what --fix would change, and change nothing');
  addAwsOptions(addWorkspaceOptions(addRenderOptions(command)))
    .addHelpText(
      'after',
      `
Exit codes: 0 nothing at or above --fail-on, 1 something, 2 could not run, or not render or fix all that was asked for.

--fix writes a file whole or leaves it as it is, with the reason: a file that is read-only, has hard links, changed
meanwhile, lies outside of the repository behind a link, or whose owner cannot be kept. Mode and owner stay; extended
attributes and ACLs do not. Links to files outside of the repository are not read unless they are named.

Examples:
  pod-roles check .
  pod-roles check k8s iam --format sarif > pod-roles.sarif
  pod-roles check . --rule audience-condition-missing=off --fail-on warning
  kubectl get serviceaccounts,deployments -A -o json | pod-roles check -
  pod-roles check . --fix
  pod-roles check . --documents
  pod-roles check deploy --render --values deploy/prod.yaml --namespace demo`,
    )
    .action(async (paths: string[], _: unknown, self: Command) => exit(await check(paths, self.optsWithGlobals<CheckOptions>())));
}

async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  const console = new Console(options);
  const cwd = process.cwd();
  if (options.fix && options.fixDryRun) throw new Failure('--fix writes and --fix-dry-run does not: give one of them.');
  if (options.fix && paths.includes('-'))
    throw new Failure('--fix cannot write to standard input. --fix-dry-run shows what it would change.');
  const loaded = await load({
    ...options,
    paths,
    levels: options.rule ?? {},
    cwd,
    console,
    onlyAsked: true,
    keepTexts: options.fix === true || options.fixDryRun === true,
  });
  await addAws(loaded, options, cwd, console);

  const fixed: FixedFile[] = [];
  const notFixed: string[] = [];
  if (options.fix || options.fixDryRun) {
    for (const group of loaded.groups) {
      const { mended, unfinished } = mend(group);
      if (unfinished)
        console.complain(
          `There are too many fixes for one run. Run ${options.fix ? '--fix again to go on' : '--fix more than once to make them all'}.`,
        );
      if (options.fix) notFixed.push(...writeFixes(group, mended));
      fixed.push(...fixedFiles(group, mended));
    }
  }
  const findings = loaded.groups.flatMap((group) =>
    reportedFindings(group, cwd, (done, all) => console.progress(() => `Checking: ${done} of ${all} files`)),
  );
  const rendered = await addRendered(loaded, findings, paths, options, cwd, console);
  findings.push(...rendered.findings);
  const relevant = loaded.groups.flatMap(({ workspace, files }) => [...workspace.concerned()].flatMap((uri) => files.get(uri)?.path ?? []));
  const report: CheckReport = {
    findings: findings.sort(byPlace),
    skipped: [...loaded.skipped, ...rendered.failed].sort((a, b) => byCodeUnits(a.path, b.path)),
    files: loaded.files,
    relevant: relevant.sort(byCodeUnits),
    chains: countChains(loaded.groups.map((group) => group.workspace)),
    fixed: fixed.sort((a, b) => byCodeUnits(a.path, b.path)),
    dryRun: options.fixDryRun ?? false,
    failOn: options.failOn,
    rules: allRules,
    version: version(),
  };
  const format = formats.find((candidate) => candidate.id === options.format)!;
  await console[format.hasCommands ? 'printAsIs' : 'print'](format.write(report, console));
  // What was asked for and could not be done comes before what was found.
  for (const reason of notFixed) console.complain(reason);
  if (rendered.failed.length > 0 || notFixed.length > 0) return 2;
  return report.findings.some((finding) => fails(finding.severity, options.failOn)) ? 1 : 0;
}

const levels: readonly string[] = ['error', 'warning', 'info', 'off'];

function ruleLevel(value: string, previous: Readonly<Record<string, Level>> | undefined): Record<string, Level> {
  const at = value.indexOf('=');
  const id = value.slice(0, at);
  const level = value.slice(at + 1);
  if (at < 1) throw new InvalidArgumentError('Write it as ID=LEVEL, for example policy-too-long=off.');
  const ids = allRules.map((rule) => rule.id);
  if (!ids.includes(id)) throw new InvalidArgumentError(`No rule is called ${id}.${suggestion(id, ids)}`);
  if (!levels.includes(level))
    throw new InvalidArgumentError(`${level === '' ? 'No level is given' : `${level} is no level`}: error, warning, info and off are.`);
  return { ...previous, [id]: level as Level };
}
