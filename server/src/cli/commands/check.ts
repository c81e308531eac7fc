import { InvalidArgumentError, Option, type Command } from 'commander';
import { pages } from '../../core/rules/pages';
import { allRules } from '../../core/rules/registry';
import type { Level } from '../../core/rules/rule';
import { byCodeUnits } from '../../host/paths';
import { countChains } from '../chains';
import { addAws } from '../aws';
import { addAwsOptions, type AwsOptions } from '../aws/options';
import { Console, type CommonOptions } from '../console';
import { Failure } from '../failure';
import { applyFixes, fixedFiles, writeFixes } from '../fix';
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
    .description('report errors in manifests and trust policies')
    .argument('[path...]', 'files and folders; - reads one YAML or JSON stream (default: .)')
    .addOption(new Option('--format <name>', 'the report format').choices(formats.map((format) => format.id)).default('pretty'))
    .addOption(
      new Option('--fail-on <level>', 'the lowest severity that makes the exit code 1')
        .choices(['error', 'warning', 'info', 'never'])
        .default('error'),
    )
    .option('--rule <id=level>', 'set a rule to error, warning, info or off (repeatable)', ruleLevel)
    .option(
      '--documents',
      'also check manifests and trust policies in Markdown, AsciiDoc, reStructuredText and shell scripts, at level info',
    )
    .option('--no-documents', 'skip them in folders, whatever pod-roles.yaml says')
    .option('--fix', 'apply the fixes that have only one possible meaning')
    .option('--fix-dry-run', 'show the changes that --fix would make, without making them');
  addAwsOptions(addWorkspaceOptions(addRenderOptions(command)))
    .addHelpText(
      'after',
      `
Exit codes: 0 no finding at or above --fail-on, 1 some findings, 2 could not run, or could not render or fix everything.

--fix writes a file completely or leaves it unchanged and reports the reason: the file is read-only, has hard links, was
changed meanwhile, is outside of the repository (through a link), or its owner can't be preserved. Mode and owner are
preserved; extended attributes and ACLs aren't. Links to files outside of the repository are skipped unless they are named.

Examples:
  pod-roles check .
  pod-roles check k8s iam --format sarif > pod-roles.sarif
  pod-roles check . --rule audience-condition-missing=off --fail-on warning
  kubectl get serviceaccounts,deployments -A -o json | pod-roles check -
  kubectl get pods,serviceaccounts -A -o json | pod-roles check -     (also reports pods to restart to get their role)
  pod-roles check . --fix
  pod-roles check . --documents
  pod-roles check deploy --render --values deploy/prod.yaml --namespace demo`,
    )
    .action(async (paths: string[], _: unknown, self: Command) => exit(await check(paths, self.optsWithGlobals<CheckOptions>())));
}

async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  const console = new Console(options);
  const cwd = process.cwd();
  if (options.fix && options.fixDryRun) throw new Failure('--fix and --fix-dry-run cannot be used together.');
  if (options.fix && paths.includes('-')) throw new Failure('--fix cannot write to standard input. Use --fix-dry-run to see the changes.');
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
      const { fixed: changed, unfinished } = applyFixes(group);
      if (unfinished)
        console.complain(
          `There are too many fixes for one run. Run ${options.fix ? '--fix again to continue' : '--fix more than once to apply all of them'}.`,
        );
      if (options.fix) notFixed.push(...writeFixes(group, changed));
      fixed.push(...fixedFiles(group, changed));
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
    pages,
    version: version(),
  };
  const format = formats.find((candidate) => candidate.id === options.format)!;
  await console[format.hasCommands ? 'printAsIs' : 'print'](format.write(report, console));
  // A failed fix or rendering comes before the findings.
  for (const reason of notFixed) console.complain(reason);
  if (rendered.failed.length > 0 || notFixed.length > 0) return 2;
  return report.findings.some((finding) => fails(finding.severity, options.failOn)) ? 1 : 0;
}

const levels: readonly string[] = ['error', 'warning', 'info', 'off'];

function ruleLevel(value: string, previous: Readonly<Record<string, Level>> | undefined): Record<string, Level> {
  const at = value.indexOf('=');
  const id = value.slice(0, at);
  const level = value.slice(at + 1);
  if (at < 1) throw new InvalidArgumentError('Use the form ID=LEVEL, for example policy-too-long=off.');
  const ids = allRules.map((rule) => rule.id);
  if (!ids.includes(id)) throw new InvalidArgumentError(`There is no rule ${id}.${suggestion(id, ids)}`);
  if (!levels.includes(level))
    throw new InvalidArgumentError(
      `${level === '' ? 'The level is missing' : `${level} is not a level`}: use error, warning, info or off.`,
    );
  return { ...previous, [id]: level as Level };
}
