import { Option, type Command } from 'commander';
import { addAws } from '../aws';
import { addAwsOptions, type AwsOptions } from '../aws/options';
import { Console, type CommonOptions } from '../console';
import { explainBatch } from '../explain/batch';
import { exitCodes, page, toJson } from '../explain/output';
import { explainPair, type PairOptions } from '../explain/pair';
import { explainAccounts, type Explained } from '../explain/workspace';
import { Failure } from '../failure';
import { load } from '../load';
import { jsonText } from '../words';
import { addWorkspaceOptions, type WorkspaceOptions } from '../workspaceOptions';

interface ExplainOptions extends CommonOptions, AwsOptions, WorkspaceOptions, Partial<PairOptions> {
  readonly format: 'pretty' | 'json';
  readonly batch?: string;
}

export function explainCommand(program: Command, exit: (code: number) => void): void {
  const command = program
    .command('explain')
    .description('check whether a pod can assume a role, and why')
    .argument('[account]', 'NAMESPACE/NAME of a ServiceAccount in the files')
    .argument('[path...]', 'files and folders; - reads one YAML or JSON stream (default: .)')
    .addOption(new Option('--format <name>', 'the output format').choices(['pretty', 'json']).default('pretty'))
    .option('--trust <file>', 'a trust policy, or a document with one (aws iam get-role); - reads standard input')
    .option('--issuer <host/path>', "the token's issuer")
    .option('--account <id>', "the role's account")
    .option('--namespace <ns>', "the pod's namespace")
    .option('--service-account <name>', "the pod's service account")
    .option('--audience <aud>', "the token's audience (default: sts.amazonaws.com)")
    .option('--role-arn <arn>', 'the role')
    .option('--batch <file>', 'many cases, one JSON object per line; - reads standard input');
  addAwsOptions(addWorkspaceOptions(command))
    .addHelpText(
      'after',
      `
Exit codes: 0 allowed, 1 denied, 3 unknown, 2 could not run. --batch ends with 0.

A line of --batch has id, trustPolicy (object or string), roleArn, issuer, namespace, serviceAccount, audience;
for Pod Identity "mechanism": "pod-identity", clusterArn, account, roleArn, namespace, serviceAccount.
Optional: providerClientIds (a list) and context (request keys and their values).
The result of each is a line {"id", "decision"}, or {"id", "error"}.

Examples:
  pod-roles explain demo-namespace/demo-sa .
  pod-roles explain --trust trust.json --issuer oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE \\
    --account 111122223333 --namespace demo-namespace --service-account demo-sa
  aws iam get-role --role-name demo | pod-roles explain --trust - …
  pod-roles explain --batch cases.ndjson > answers.ndjson`,
    )
    .action(async (account: string | undefined, paths: string[], _: unknown, self: Command) =>
      exit(await explain(account, paths, self.optsWithGlobals<ExplainOptions>())),
    );
}

async function explain(account: string | undefined, paths: readonly string[], options: ExplainOptions): Promise<number> {
  const console = new Console(options);
  const cwd = process.cwd();
  const forms = [
    account !== undefined && 'NAMESPACE/NAME',
    options.trust !== undefined && '--trust',
    options.batch !== undefined && '--batch',
  ].filter(Boolean);
  if (forms.length !== 1) {
    throw new Failure(
      forms.length === 0
        ? 'say what to explain: NAMESPACE/NAME, --trust FILE, or --batch FILE. "pod-roles explain --help" has examples.'
        : `${forms.join(' and ')} are different ways to ask: give one.`,
    );
  }
  if (options.batch !== undefined) {
    await explainBatch(options.batch, console, cwd);
    return 0;
  }
  const found =
    account === undefined
      ? [explainPair({ ...options, trust: options.trust! }, cwd)]
      : await inWorkspace(account, paths, options, console, cwd);
  await console.print(
    options.format === 'json'
      ? asJson(found, account !== undefined)
      : found.map(({ document, locate }) => page(document, locate, console)).join('\n'),
  );
  return exitCodes[worst(found).document.decision];
}

async function inWorkspace(
  account: string,
  paths: readonly string[],
  options: ExplainOptions,
  console: Console,
  cwd: string,
): Promise<Explained[]> {
  const loaded = await load({ ...options, paths, cwd, console });
  await addAws(loaded, options, cwd, console);
  return explainAccounts(account, loaded, cwd);
}

/** Where files hold an account several times (an overlay each), the least good answer counts. */
function worst(found: readonly Explained[]): Explained {
  const order = ['denied', 'unknown', 'allowed'];
  return [...found].sort((a, b) => order.indexOf(a.document.decision) - order.indexOf(b.document.decision))[0]!;
}

function asJson(found: readonly Explained[], fromFiles: boolean): string {
  const first = worst(found);
  const json = toJson(first.document, first.locate);
  // Lines and columns alone do not name a file among several.
  const path = fromFiles && first.document.policy ? { path: first.locate(first.document.policy)?.path } : {};
  const others =
    found.length > 1
      ? {
          all: found.map((each) => ({
            ...toJson(each.document, each.locate),
            ...(each.document.policy ? { path: each.locate(each.document.policy)?.path } : {}),
          })),
        }
      : {};
  return `${jsonText({ ...json, ...path, ...others }, 2)}\n`;
}
