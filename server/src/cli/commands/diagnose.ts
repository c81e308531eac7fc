import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Diagnosis } from '../../core/diagnose/diagnosis';
import type { Picked } from '../../core/diagnose/decide/case';
import type { DiagnoseInput } from '../../core/diagnose/diagnose';
import { filesOf } from '../../core/diagnose/files/workspace';
import type { LookupQuestion } from '../../core/diagnose/lookup';
import type { LookedUp } from '../../aws/sdk/cloudTrail';
import type { Files } from '../../core/diagnose/files/port';
import type { Place } from '../../core/syntax/sourceFile';
import { connectAws, loadCloudTrail } from '../../aws/load';
import { loadDiagnose } from '../../diagnose/load';
import { readBytes, readText, systemReason } from '../../host/readText';
import { readPipe } from '../../host/readPipe';
import { readStdin } from '../../host/readStdin';
import { addAws } from '../aws';
import { addAwsOptions, asksAws, type AwsOptions } from '../aws/options';
import { Console, type CommonOptions } from '../console';
import { Failure } from '../failure';
import { load, type Loaded } from '../load';
import { locate } from '../reported';
import { jsonText } from '../words';
import { collect } from '../workspaceOptions';

interface DiagnoseOptions extends CommonOptions, AwsOptions {
  readonly format: 'pretty' | 'json';
  readonly workload?: string;
  readonly cloudtrail?: boolean;
  readonly in?: readonly string[];
  readonly config?: string;
  readonly ignore?: readonly string[];
}

/** 64 MB: what is longer than the engine's limit is read at both ends. */
const stdinLimit = 64 * 1024 * 1024;
/** In milliseconds: for a first byte in a pipe that nobody named. */
const patience = 5000;

export function diagnoseCommand(program: Command, exit: (code: number) => void): void {
  const command = program
    .command('diagnose')
    .description('the cause of an error, from what you paste: a log, an environment, a token, a CloudTrail event')
    .argument(
      '[file...]',
      'files with what you have, read together; - reads standard input (default: -; with --workload only if something is piped)',
    )
    .addOption(new Option('--format <name>', 'how to answer').choices(['pretty', 'json']).default('pretty'))
    .option('--workload <namespace/name>', 'the workload or service account that fails')
    .option('--in <path>', 'files and folders to join it with (repeatable; default: .)', collect)
    .option('--ignore <glob>', 'skip files and folders that match (repeatable)', collect)
    .option('--config <file>', 'use this pod-roles.yaml, not the one found upward from the paths');
  addAwsOptions(command)
    .option('--cloudtrail', "look the request ID, or the role's last failures, up in AWS CloudTrail (24 hours, at most 10 calls)")
    .addHelpText(
      'after',
      `
Exit codes: 0 a cause was found (certain or likely), 1 none, 2 could not run.

Paste anything, several things at once: the lines around the error, env | grep AWS_, kubectl get pod POD -o yaml,
kubectl describe pod POD, the pod's token, a CloudTrail event. Secrets are removed before anything is read; nothing is
stored or sent.

Without FILE standard input is read. With --workload it may be a terminal or empty, and a pipe that gives nothing in
5 seconds is not waited for.

AWS is called only with --cloudtrail, --aws, --profile or --region. --cloudtrail needs cloudtrail:LookupEvents, takes the
credentials and the region of --profile and --region, and asks the region of the error, then us-east-1.

Examples:
  kubectl logs orders-7c9d | pod-roles diagnose
  pod-roles diagnose error.txt event.json --workload shop/orders
  pod-roles diagnose error.txt --cloudtrail --profile prod
  kubectl get pod orders-7c9d -n shop -o yaml | pod-roles diagnose - --format json`,
    )
    .action(async (files: string[], _: unknown, self: Command) => exit(await run(files, self.optsWithGlobals<DiagnoseOptions>())));
}

async function run(files: readonly string[], options: DiagnoseOptions): Promise<number> {
  const console = new Console(options);
  const cwd = process.cwd();
  const workload = pickedOf(options.workload);
  const pastes =
    files.length > 0
      ? files.map((file) => pasteOf(file, cwd))
      : workload
        ? await pipedPaste(console)
        : [pasteOf('-', cwd, () => process.stdin.isTTY && console.note('Paste the error, then press Ctrl+D (Windows: Ctrl+Z and Enter).'))];
  const loaded = await load({ ...options, paths: options.in ?? ['.'], cwd, console });
  const refused = await addFacts(loaded, options, cwd, console);
  const { diagnose, diagnosisText, lookupQuestion } = await loadDiagnose();
  const input: DiagnoseInput = { pastes, workload };
  const known = filesOfAll(loaded);
  const lookedUp = options.cloudtrail ? await lookedUpIn(lookupQuestion(input, known), options) : undefined;
  const notes = [...refused, ...(lookedUp?.notes ?? [])];
  const answer = diagnose({ ...input, lookedUp: { events: lookedUp?.events ?? [], notes } }, known);
  const at = (place: Place): ReturnType<typeof locate> | undefined => locateIn(loaded, place, cwd);
  await console.print(
    options.format === 'json'
      ? `${jsonText(toJson(answer, at), 2)}\n`
      : painted(
          diagnosisText(answer, (place) => {
            const where = at(place);
            return where && `${where.path}:${where.line}`;
          }),
          answer,
          console,
        ),
  );
  return answer.certainty === 'unknown' ? 1 : 0;
}

/** Adds what AWS knows. With --cloudtrail the answer doesn't depend on it: what AWS denies is a note in the answer. */
async function addFacts(loaded: Loaded, options: DiagnoseOptions, cwd: string, console: Console): Promise<readonly string[]> {
  try {
    await addAws(loaded, options, cwd, console);
    return [];
  } catch (error) {
    if (!(error instanceof Failure) || !options.cloudtrail || !asksAws(options) || options.snapshot !== undefined) throw error;
    return [`AWS was not read: ${error.message}`];
  }
}

async function lookedUpIn(question: LookupQuestion, { profile, region }: DiagnoseOptions): Promise<LookedUp> {
  const { lookUp } = await loadCloudTrail();
  return lookUp(() => connectAws({ profile, region: region?.[0] }), question);
}

function pickedOf(workload: string | undefined): Picked | undefined {
  if (workload === undefined) return undefined;
  const [namespace, name, ...more] = workload.split('/');
  if (!namespace || !name || more.length > 0) throw new Failure('--workload: write it as NAMESPACE/NAME.');
  return { namespace, name };
}

/** With a workload a paste is not needed, but one that is piped is read: no word of it may be dropped. */
async function pipedPaste(console: Console): Promise<readonly string[]> {
  try {
    const bytes = await readPipe(stdinLimit, patience);
    if (bytes === 'silent') {
      console.note(`Standard input gave nothing in ${patience / 1000} seconds and is not read. With - as FILE it is waited for.`);
      return [];
    }
    return bytes === undefined ? [] : [stdinText(bytes)];
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`standard input: ${systemReason(error)}`);
  }
}

function stdinText(bytes: Buffer): string {
  const result = readBytes(bytes);
  if (result.kind === 'text') return result.file.text;
  throw new Failure(`standard input: ${result.kind === 'skipped' ? result.reason : 'not a text'}`);
}

/** What a file, or standard input, holds. A failure names the file and never its content. */
function pasteOf(file: string, cwd: string, before?: () => void): string {
  if (file === '-') {
    before?.();
    try {
      return stdinText(readStdin(stdinLimit));
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(`standard input: ${systemReason(error)}`);
    }
  }
  const result = readText(resolve(cwd, file), { pipes: true });
  if (result.kind === 'text') return result.file.text;
  throw new Failure(`${file}: ${result.kind === 'skipped' ? result.reason : 'not a text'}`);
}

/** All workspaces as one: an account may stand in any. */
function filesOfAll({ groups }: Loaded): Files {
  const all = groups.map(({ workspace }) => filesOf(workspace));
  return { look: (question) => all.flatMap((files) => files.look(question)) };
}

function locateIn({ groups }: Loaded, place: Place, cwd: string): ReturnType<typeof locate> | undefined {
  const group = groups.find(({ files }) => files.has(place.doc.uri)) ?? groups[0];
  return group && locate(place, group, cwd);
}

/** The answer for scripts: docs/contract.md. */
function toJson(answer: Diagnosis, at: (place: Place) => ReturnType<typeof locate> | undefined): object {
  const where = (place: Place | undefined): object => {
    const found = place && at(place);
    return found ? { path: found.path, line: found.line, column: found.column } : {};
  };
  return {
    version: 1,
    certainty: answer.certainty,
    ...(answer.class === undefined ? {} : { class: answer.class, docs: `docs/diagnose/${answer.class}.md` }),
    cause: answer.cause,
    ...where(answer.place),
    reasons: answer.reasons.map(({ text, place }) => ({ message: text, ...where(place) })),
    evidence: answer.evidence,
    fixes: answer.fixes.map(({ title, place }) => ({ title, ...where(place) })),
    alternatives: answer.alternatives,
    next: answer.next,
    notes: answer.notes,
  };
}

function painted(text: string, { certainty }: Diagnosis, { paint, quiet }: Console): string {
  const end = text.indexOf('\n');
  const colour = { certain: paint.error, likely: paint.warning, unknown: paint.dim }[certainty];
  return quiet ? `${text.slice(0, end)}\n` : colour(text.slice(0, end)) + text.slice(end);
}
