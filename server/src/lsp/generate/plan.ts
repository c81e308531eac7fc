import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname, join, posix, relative, sep } from 'node:path';
import { AwsError } from '../../aws/gateway';
import type { Connection } from '../../aws/load';
import { accountUrisOf, trustUriOf } from '../../core/generate/existing';
import { planFiles, type ExistingFiles, type FilesPlan } from '../../core/generate/planFiles';
import { planSteps, type StepsPlan } from '../../core/generate/planSteps';
import type { Pair } from '../../core/generate/pair';
import type { PairProblem } from '../../core/generate/readPair';
import type { AwsStep } from '../../core/generate/steps';
import { loadGenerate, type GenerateParts } from '../../generate/load';
import { isWithin, toPath } from '../../host/paths';
import { readText } from '../../host/readText';
import { isInTree, treeOf } from '../../host/tree';
import { hasLinkBelow, linkBelow } from '../../host/writeText';
import { pathOf } from '../fileUris';
import { configNames } from '../settings';
import type { GeneratePlan, GeneratePlanParams } from '../../../../protocol/generate';
import type { Session } from '../session';

/** A plan as it was shown, with what applying it needs. */
export interface KeptPlan {
  readonly id: string;
  readonly steps: readonly AwsStep[];
  /** The account that the calls are for. */
  readonly account: string;
  /** That of the preview: the calls are made as who was shown. */
  readonly connection: Connection | undefined;
}

/**
 * Plans files and calls. Throws an {@link AwsError} where AWS is to be asked and does not answer, or a file cannot be read.
 * @param roots the workspace's folders: where pod-roles.yaml may be.
 */
export async function makePlan(
  session: Session,
  params: GeneratePlanParams,
  roots: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly plan: GeneratePlan; readonly kept: KeptPlan } | { readonly problems: readonly PairProblem[] }> {
  const parts = await loadGenerate();
  const { actionOf, describeStep, documentOf, readState, writers } = parts;
  const policy = params.policyUri === undefined ? params.options.policy : readPolicy(session, params.policyUri, parts);
  const read = parts.readPair({ ...params.options, ...(policy ? { policy } : {}) });
  if ('problems' in read) return read;
  const { pair } = read;
  const { trustPolicyQuota } = session.workspace.wiring.settings;
  const folder = toPath(params.folder);
  const chosen = writers.filter(({ id }) => params.formats.includes(id));
  const force = params.force ?? false;
  const planned = planFiles(pair, chosen, existingFiles(session, pair, params, folder, roots, parts), {
    trustPolicyQuota,
    force,
    anyNamespace: params.accountUri !== undefined,
  });
  const files = { ...planned, problems: [...planned.problems, ...ambiguous(session, pair, params, folder, parts)] };
  const connection = params.aws ? session.aws?.connection() : undefined;
  const calls = connection && planSteps(pair, await readState(connection.gateway, pair, signal), { trustPolicyQuota, force });
  const id = randomUUID();
  const { account, arn } = session.aws?.state() ?? {};
  return {
    kept: { id, steps: calls?.steps ?? [], account: pair.role.accountId, connection },
    plan: {
      id,
      roleArn: pair.role.arn,
      files:
        files.problems.length > 0
          ? []
          : files.changes.map(({ path, action, before, after, how, executable }) => ({
              path,
              uri: session.uris.of(join(folder, ...path.split('/'))),
              action,
              after,
              executable: executable ?? false,
              ...(before === undefined ? {} : { before }),
              ...(how === undefined ? {} : { how }),
            })),
      calls: (calls?.steps ?? []).map((step) => {
        const document = documentOf(step);
        return { action: actionOf(step), title: describeStep(step), ...(document ? { document } : {}) };
      }),
      ...(connection && account !== undefined && arn !== undefined ? { identity: { account, arn } } : {}),
      fileProblems: files.problems,
      awsProblems: calls?.problems ?? [],
      notes: [...new Set([...files.notes, ...(calls?.notes ?? [])])],
      page: page(pair, files, calls, parts),
    },
  };
}

function existingFiles(
  session: Session,
  pair: Pair,
  { accountUri, formats }: GeneratePlanParams,
  folder: string,
  roots: readonly string[],
  { serviceAccountFile }: GenerateParts,
): ExistingFiles {
  const below = (uri: string): string => relative(folder, toPath(uri)).split(sep).join('/');
  const { wiring } = session.workspace;
  const accounts = accountUri === undefined ? accountUrisOf(wiring, pair).map(below) : [below(accountUri)];
  const trust = trustUriOf(wiring, pair);
  const config =
    roots.flatMap((root) => configNames.map((name) => join(root, name))).find((path) => existsSync(path)) ?? join(folder, configNames[0]!);
  const way = relative(dirname(config), folder).split(sep).join('/');
  return {
    text: (path) => textOf(session, notBehindLink(folder, join(folder, ...path.split('/')))),
    accountPath: accounts.includes(serviceAccountFile(pair).path) || accounts.length > 1 ? undefined : accounts[0],
    trustPath: trust === undefined ? undefined : below(trust),
    config: formats.includes('manifests')
      ? { path: relative(folder, config).split(sep).join('/'), toOutput: way === '' ? '' : `${posix.normalize(way)}/` }
      : undefined,
  };
}

/** Where the account stands in several files (an overlay each), the user says which. */
function ambiguous(
  { workspace }: Session,
  pair: Pair,
  { accountUri, formats }: GeneratePlanParams,
  folder: string,
  { serviceAccountFile }: GenerateParts,
): string[] {
  const found =
    accountUri === undefined && formats.length > 0
      ? accountUrisOf(workspace.wiring, pair).map((uri) => relative(folder, toPath(uri)).split(sep).join('/'))
      : [];
  if (found.length < 2 || found.includes(serviceAccountFile(pair).path)) return [];
  return [
    `${pair.account.namespace}/${pair.account.name} is in ${found.length} files (${found.join(', ')}): choose the account in one of them.`,
  ];
}

/** The path itself. Throws an {@link AwsError} where writing it would write through a link. */
function notBehindLink(folder: string, path: string): string {
  const isOut = isWithin(folder, path) ? hasLinkBelow(folder, path) : existsSync(path) && !isInTree(treeOf(dirname(path)), path);
  if (isOut)
    throw new AwsError('failed', `${path} is not written: ${linkBelow}.`, {
      next: 'Choose another folder, or replace the link by a file.',
    });
  return path;
}

/** The text as the editor has it, else as the disk has it; undefined for a file that is not there. */
function textOf({ documents }: Session, path: string): string | undefined {
  for (const [uri, document] of documents) if (pathOf(uri) === path) return document.getText();
  if (!existsSync(path)) return undefined;
  const result = readText(path);
  if (result.kind === 'text') return result.file.text;
  throw new AwsError('failed', `${path} cannot be read: ${result.kind === 'skipped' ? result.reason : "it isn't a string"}.`, {
    next: 'Take another folder, or move the file.',
  });
}

function readPolicy(session: Session, uri: string, { checks }: GenerateParts): { document: string; name?: string } {
  const path = toPath(uri);
  const document = textOf(session, path);
  if (document === undefined) throw new AwsError('failed', `${path} is not there.`, { next: 'Choose another policy file.' });
  const stem = /([^/\\]+?)(\.[a-z]+)?$/i.exec(path)?.[1] ?? '';
  return { document, ...(checks.policyNamePattern.test(stem) ? { name: stem } : {}) };
}

/** The plan as a page: what will be, in order. */
function page(pair: Pair, files: FilesPlan, calls: StepsPlan | undefined, { actionOf, describeStep, documentOf }: GenerateParts): string {
  const words = { create: 'create', edit: 'edit', replace: 'write over', same: 'unchanged' };
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
  return [
    `${pair.role.arn} for ${pair.account.namespace}/${pair.account.name}`,
    ...section(
      'Files',
      files.problems.length > 0
        ? files.problems
        : files.changes.map(({ path, action, how }) => `${words[action].padEnd(10)} ${path}${how ? `  ${how}` : ''}`),
    ),
    ...section(
      `Calls to AWS account ${pair.role.accountId}, in order`,
      calls === undefined
        ? []
        : calls.problems.length > 0
          ? calls.problems
          : calls.steps.length === 0
            ? ['None: all is there already.']
            : calls.steps.flatMap((step, index) => {
                const document = documentOf(step);
                return [
                  `${index + 1}. ${describeStep(step)}  (${actionOf(step)})`,
                  ...(document
                    ? document.after
                        .trimEnd()
                        .split('\n')
                        .map((line) => `     ${line}`)
                    : []),
                ];
              }),
    ),
    ...section('Notes', [...new Set([...files.notes, ...(calls?.notes ?? [])])]),
    '',
  ].join('\n');
}
