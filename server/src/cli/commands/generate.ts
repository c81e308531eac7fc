import { Option, type Command } from 'commander';
import { reportText } from '../../aws/apply/reportText';
import { readState } from '../../aws/apply/state';
import type { Connection } from '../../aws/load';
import { planFiles, type FilesPlan } from '../../core/generate/planFiles';
import { planSteps, type StepsPlan } from '../../core/generate/planSteps';
import type { Pair } from '../../core/generate/pair';
import { writers } from '../../core/generate/writers/registry';
import type { Writer } from '../../core/generate/writers/writer';
import { visible } from '../../core/text/visible';
import { asFailure } from '../aws/connect';
import { Console } from '../console';
import { Failure } from '../failure';
import { applyCalls } from '../generate/applyCalls';
import { confirm } from '../generate/confirm';
import { collectTag, type GenerateOptions } from '../generate/options';
import { callsPreview, filesPreview } from '../generate/preview';
import { resolvePair } from '../generate/resolve';
import { FolderFiles, readSurroundings } from '../generate/surroundings';
import { checkPlace, checkWritable, writeChanges } from '../generate/write';
import { count } from '../words';
import { collect } from '../workspaceOptions';

export function generateCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('generate')
    .description('the role and ServiceAccount pair, as files or applied to AWS')
    .addOption(new Option('--mechanism <name>', 'how pods get the role').choices(['irsa', 'pod-identity']).default('irsa'))
    .requiredOption('--role-name <name>', "the role's name; an existing role is extended")
    .requiredOption('--namespace <ns>', "the service account's namespace")
    .requiredOption('--service-account <name>', 'the service account')
    .option('--cluster <name>', 'the EKS cluster, from pod-roles.yaml, a snapshot, or AWS')
    .option('--issuer <host/path>', "the cluster's issuer, instead of --cluster")
    .option('--account <id>', "the role's AWS account")
    .option('--region <region>', "the cluster's region")
    .option('--policy-arn <arn>', 'a managed policy to attach (repeatable)', collect)
    .option('--policy-file <file>', 'an inline permissions policy; it gets the name of the file')
    .option('--audience <aud>', "the token's audience (default: sts.amazonaws.com)")
    .option('--path <path>', "the role's path, such as /eks/")
    .option('--permissions-boundary <arn>', 'a managed policy as the boundary')
    .option('--max-session-duration <seconds>', '3600 to 43200')
    .option('--tag <key=value>', 'a tag of the role (repeatable)', collectTag)
    .addOption(
      new Option('--for <format>', `what to make: ${writers.map(({ id }) => id).join(', ')} (repeatable; default: manifests)`).argParser(
        collectFormat,
      ),
    )
    .option('--out <dir>', 'where to write the files; - prints them (the default without --apply)')
    .option('--apply', 'create the role in AWS, after a confirmation')
    .option('--yes', 'apply without a confirmation')
    .option('--force', 'overwrite files, annotations and policies with other content')
    .option('--aws', 'read the cluster from AWS, with the credentials of the AWS CLI')
    .option('--profile <name>', 'a profile of the AWS CLI')
    .option('--snapshot <file>', 'read clusters from a snapshot (default: pod-roles.snapshot.json next to pod-roles.yaml)')
    .option('--config <file>', 'use this pod-roles.yaml instead of the one found upward')
    .addHelpText(
      'after',
      `
An existing ServiceAccount in the output folder gets the annotation, and an existing trust policy is extended; nothing else
in them changes. Exit codes: 0 done, 1 stopped, or failed with everything rolled back or reported, 2 could not run.

Examples:
  pod-roles generate --role-name demo-role --namespace demo --service-account app --account 111122223333 \\
    --issuer oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
  pod-roles generate … --cluster demo-cluster --region eu-west-1 --apply --out deploy
  pod-roles generate … --for terraform --out infra`,
    )
    .action(async (_: unknown, self: Command) => exit(await generate(self.optsWithGlobals<GenerateOptions>())));
}

function collectFormat(value: string, previous: readonly string[] | undefined): string[] {
  if (!writers.some(({ id }) => id === value))
    throw new Failure(`unknown format ${value}: use one of ${writers.map(({ id }) => id).join(', ')}.`);
  return [...(previous ?? []), value];
}

async function generate(options: GenerateOptions): Promise<number> {
  const console = new Console(options);
  const cwd = process.cwd();
  const surroundings = await readSurroundings(options, cwd, console);
  if (surroundings.out !== undefined) checkPlace(surroundings.out, true, `--out ${options.out!}`);
  const { pair, connection } = await resolvePair(options, surroundings, cwd);
  const chosen = chosenWriters(options);
  const {
    settings: { trustPolicyQuota },
  } = surroundings;

  if (!options.apply && surroundings.out === undefined) return print(pair, chosen, options, console);
  const files = surroundings.out === undefined ? undefined : new FolderFiles({ ...surroundings, out: surroundings.out }, pair);
  const filesPlan = files && planFiles(pair, chosen, files, { trustPolicyQuota, force: options.force ?? false });
  const stepsPlan = options.apply ? await planCalls(pair, connection!, options, trustPolicyQuota) : undefined;
  const problems = [...(filesPlan?.problems ?? []), ...(stepsPlan?.problems ?? [])];
  if (problems.length > 0) throw new Failure(problems);
  if (filesPlan && files) checkWritable(filesPlan.changes, files);
  showPlan(filesPlan, stepsPlan, pair, console);
  if (stepsPlan && !(await mayGoOn(filesPlan, stepsPlan, options))) {
    console.complain('stopped: nothing was written, and no call was made.');
    return 1;
  }
  if (stepsPlan) {
    const report = await applyCalls(stepsPlan.steps, pair.role.accountId, connection!, console);
    const { page } = reportText(report);
    await console.print(page);
    if (report.outcome !== 'applied') {
      if (filesPlan) console.complain('no file was written.');
      return 1;
    }
  }
  if (!files || !filesPlan) return printChosen(pair, chosen, options, console);
  writeChanges(filesPlan.changes, files);
  const written = filesPlan.changes.filter(({ action }) => action !== 'same');
  await console.print(written.map(({ path }) => `${visible(path)}\n`).join(''));
  console.note(
    written.length === 0
      ? 'Nothing to write: the files say it already.'
      : `${count(written.length, 'file')} written below ${options.out!}.`,
  );
  for (const note of filesPlan.notes) console.note(note);
  return 0;
}

/** With --apply, files are only made where --for asks for them. */
function chosenWriters(options: GenerateOptions): Writer[] {
  const ids = options.for ?? ['manifests'];
  return writers.filter(({ id }) => ids.includes(id));
}

async function planCalls(pair: Pair, { gateway }: Connection, options: GenerateOptions, trustPolicyQuota: number): Promise<StepsPlan> {
  return planSteps(pair, await asFailure(readState(gateway, pair)), { trustPolicyQuota, force: options.force ?? false });
}

function showPlan(files: FilesPlan | undefined, calls: StepsPlan | undefined, pair: Pair, console: Console): void {
  if (files) console.noteLines(filesPreview(files.changes, console));
  if (calls && calls.steps.length > 0)
    console.noteLines(`Calls to AWS account ${pair.role.accountId}:\n${callsPreview(calls.steps, console)}`);
  for (const note of calls?.notes ?? []) console.note(note);
}

async function mayGoOn(files: FilesPlan | undefined, calls: StepsPlan, options: GenerateOptions): Promise<boolean> {
  if (options.yes || calls.steps.length === 0) return true;
  const toWrite = files?.changes.filter(({ action }) => action !== 'same').length ?? 0;
  return confirm(`${toWrite > 0 ? `Write ${count(toWrite, 'file')} and make` : 'Make'} ${count(calls.steps.length, 'call')}?`);
}

/** Files on standard output: one as it is, several under their names. */
async function print(pair: Pair, chosen: readonly Writer[], options: GenerateOptions, console: Console): Promise<number> {
  const { changes, problems, notes } = planFiles(pair, chosen, { text: () => undefined }, { trustPolicyQuota: Infinity });
  if (problems.length > 0) throw new Failure(problems);
  await console.printFile(
    changes.length === 1 ? changes[0]!.after : changes.map(({ path, after }) => `==> ${path} <==\n${after}`).join('\n'),
  );
  for (const note of notes) console.note(note);
  if (options.out === undefined) console.note('Nothing was written: --out DIR writes these files, --apply makes the role in AWS.');
  return 0;
}

/** Printed with --apply only where files were asked for. */
async function printChosen(pair: Pair, chosen: readonly Writer[], options: GenerateOptions, console: Console): Promise<number> {
  return options.for === undefined && options.out === undefined ? 0 : print(pair, chosen, { ...options, out: '-' }, console);
}
