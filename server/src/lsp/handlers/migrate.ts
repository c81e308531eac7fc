import type { CancellationToken } from 'vscode-languageserver/node';
import type { ShowPlace } from '../../core/features/explain';
import { accountAt } from '../../core/features/explainAt';
import { placeLabel } from '../../core/features/markdown';
import type * as Migrate from '../../migrate/chunk';
import type { MigrationHost } from '../../core/migrate/port';
import type { Steps } from '../../core/migrate/slices';
import type { Direction, FileLine, MigrationStep } from '../../core/migrate/types';
import { setHclParser } from '../../core/syntax/hcl/parser';
import { literal } from '../../core/text/texts';
import { visible } from '../../core/text/visible';
import { migrationHost } from '../../core/workspace/migrationHost';
import { loadHcl } from '../../hcl/load';
import { loadMigrate } from '../../migrate/load';
import { packageFiles } from '../../migrate/packageFiles';
import {
  migratePlanRequest,
  migrateStepRequest,
  type MigrateAccount,
  type MigratePlan,
  type MigratePlanParams,
  type MigrateStepParams,
  type MigrateStepResult,
} from '../../../../protocol/migrate';
import { migrationFiles } from '../migrate/files';
import type { ShowAny } from '../migrate/page';
import { placesOf } from '../places';
import { steppedInSlices } from '../schedule';
import { guard, type Session } from '../session';
import { closedOffset } from './explain';
import type { Parts } from './parts';

const directions: readonly Direction[] = ['to-pod-identity', 'to-irsa'];
const steps: readonly MigrationStep[] = ['expand', 'contract', 'undo'];

/** podRoles/migratePlan and podRoles/migrateStep. Nothing is changed here: the client applies what a step gives, when the user says so. */
export function registerMigrate(session: Session, { files }: Parts): void {
  const { connection } = session;
  const failed = { message: 'Internal error: the plan could not be made. See the log.' };
  connection.onRequest(
    migratePlanRequest,
    guard<MigratePlanParams, MigratePlan | { readonly message: string }>(session, 'podRoles/migratePlan', failed, async (params, token) => {
      const { workspace } = session;
      const request = requestOf(params);
      const plan = await computed(session, files, token, (engine, host) => engine.planning(host, request));
      if (!plan) return cancelled;
      const { planText, toPlan } = await loadMigrate();
      const places = placesByPath(placesOf(workspace), migrationFiles(session, files));
      const show: ShowAny = (place) => ('doc' in place ? places(place) : placeOfLine(place));
      const text = planText(plan, (place) => show(place)?.label);
      const at = params.at && accountOf(session, params.at);
      return { ...toPlan(plan, show, text), ...(at ? { at } : {}) };
    }),
  );
  connection.onRequest(
    migrateStepRequest,
    guard<MigrateStepParams, MigrateStepResult | { readonly message: string }>(
      session,
      'podRoles/migrateStep',
      { message: 'Internal error: the step could not be made. See the log.' },
      async (params, token) => stepOf(session, files, params, token),
    ),
  );
}

const cancelled = { message: 'Cancelled.' };

/** So often is work in steps begun again because files changed meanwhile; then it is done in one piece. */
const mostTries = 3;

/** What the engine computes of the workspace as it is, in slices; undefined when it was cancelled. */
async function computed<T>(
  session: Session,
  files: Parts['files'],
  token: CancellationToken,
  steps: (engine: typeof Migrate, host: MigrationHost) => Steps<T>,
): Promise<T | undefined> {
  const engine = await loadMigrate();
  const { documents, uris, workspace } = session;
  const spelled = { uriOf: (path: string) => uris.of(path), textOf: (uri: string) => documents.get(uri)?.getText() };
  const packages = await steppedInSlices(packageFiles(files.walked, engine, spelled), token);
  for (let tries = 1; packages && !token.isCancellationRequested; tries++) {
    await readAll(session);
    const { revision } = workspace;
    const work = steps(engine, migrationHost(workspace, migrationFiles(session, files), engine.parts, packages));
    if (tries > mostTries) return engine.finished(work);
    const result = await steppedInSlices(work, token, () => workspace.revision !== revision);
    if (result !== undefined) return result;
  }
  return undefined;
}

async function stepOf(
  session: Session,
  files: Parts['files'],
  params: MigrateStepParams,
  token: CancellationToken,
): Promise<MigrateStepResult | { readonly message: string }> {
  const { step } = params;
  const accounts = Array.isArray(params.accounts) ? params.accounts.filter(isAccount) : [];
  if (!steps.includes(step) || accounts.length === 0) return { message: 'Select the service accounts to move.' };
  const request = { ...requestOf(params), accounts, step };
  const own = migrationFiles(session, files);
  const made = await computed(session, files, token, function* (engine, host) {
    const result = yield* engine.stepInSteps(host, request);
    return { result, changed: engine.changedTexts(result.change, (uri) => host.source(uri)) ?? new Map<string, string>() };
  });
  if (!made) return cancelled;
  const { toStep } = await loadMigrate();
  const shown = toStep(made.result, {
    text: (uri) => own.text(uri)?.text,
    changed: made.changed,
    label: (uri) => visible(own.label(uri)),
  });
  return shown ?? { message: 'A file of this step can no longer be read. Try again.' };
}

/**
 * Places by the path of their file, as the command line has them: the overlays of a plan have files of the same name.
 * `named` gives a place by the file's name alone.
 */
function placesByPath(named: ShowPlace, { label }: { label(uri: string): string }): ShowPlace {
  return (place) => {
    const shown = named(place);
    return shown && { ...shown, label: `${label(place.doc.uri)}:${shown.line + 1}` };
  };
}

/** Reads what closed files have put off, Terraform too: a plan is of the whole workspace. */
async function readAll({ workspace, log }: Session): Promise<void> {
  workspace.readAccounts();
  if (!workspace.waitsForHcl) return;
  try {
    setHclParser(await loadHcl());
    workspace.readAccounts();
  } catch (error) {
    log.crash('reading Terraform', error);
  }
}

/** A line of a file whose lines are all that is known of it. */
function placeOfLine({ uri, line }: FileLine): ReturnType<ShowAny> {
  return { label: placeLabel(uri, line), uri, line, character: 0 };
}

/** What both requests ask of the engine. Params come from a client: what isn't as the protocol has it is left out. */
function requestOf({ direction, cluster }: Pick<MigratePlanParams, 'direction' | 'cluster'>) {
  return {
    direction: directions.includes(direction) ? direction : directions[0]!,
    ...(typeof cluster === 'string' && cluster !== '' ? { cluster } : {}),
  };
}

function isAccount(value: unknown): value is MigrateAccount {
  const { namespace, name } = (value ?? {}) as Partial<MigrateAccount>;
  return typeof namespace === 'string' && typeof name === 'string';
}

/** The account at a place, by what it is called where it is deployed. */
function accountOf(session: Session, { uri, position }: NonNullable<MigratePlanParams['at']>): MigrateAccount | undefined {
  const { workspace, documents } = session;
  const offset = position && (documents.get(uri)?.offsetAt(position) ?? closedOffset(session, uri, position));
  const view = workspace.viewOf(uri);
  const account = accountAt(view, uri, offset);
  const [identity] = account ? view.wiring.identitiesOf(account) : [];
  const [namespace, name] = [identity?.namespace, identity?.name ?? literal(account?.name)];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
