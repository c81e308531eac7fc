import type { CancellationToken } from 'vscode-languageserver/node';
import { forNotification } from '../../core/text/visible';
import { AwsError } from '../../aws/gateway';
import { loadGenerate } from '../../generate/load';
import { answering, problemOf } from '../aws/problem';
import { applyInSession } from '../generate/applyInSession';
import { checkField } from '../generate/check';
import { generateChoices } from '../generate/choices';
import { makePlan, type KeptPlan } from '../generate/plan';
import {
  generateApplyRequest,
  generateCheckRequest,
  generateChoicesRequest,
  generatePlanRequest,
  generateProgressNotification,
  type GenerateReport,
} from '../../../../protocol/generate';
import { guard, type Session } from '../session';
import type { Parts } from './parts';

/** podRoles/generate/…: what the wizard offers, checks, plans and applies. */
export function registerGenerate(session: Session, { settings }: Parts): void {
  const { connection } = session;
  /** The last plan: what is applied is what was shown. */
  let kept: KeptPlan | undefined;
  const nothing = { accounts: [], namespaces: [], clusters: [], awsAccounts: [], formats: [] };
  connection.onRequest(
    generateChoicesRequest,
    guard(session, generateChoicesRequest.method, nothing, ({ uri, position }) =>
      generateChoices(session, uri, uri === undefined || !position ? undefined : session.documents.get(uri)?.offsetAt(position)),
    ),
  );
  connection.onRequest(
    generateCheckRequest,
    guard(session, generateCheckRequest.method, {}, ({ option, value, accountId }) =>
      checkField(option, value, accountId, session.workspace.wiring.aws),
    ),
  );
  connection.onRequest(
    generatePlanRequest,
    answering(session, generatePlanRequest.method, async (params, signal) => {
      kept = undefined;
      const made = await makePlan(session, params, settings.roots, signal);
      if ('problems' in made) return made;
      kept = made.kept;
      return made.plan;
    }),
  );
  connection.onRequest(generateApplyRequest, async ({ id }, token) => {
    const plan = kept?.id === id ? kept : undefined;
    // A plan is applied once: a second run builds on what is there then.
    kept = undefined;
    try {
      if (!plan?.connection) throw new AwsError('failed', 'This plan no longer exists.', { next: 'Make it again.' });
      // Not through `answering`: a cancelled run has a report, too.
      return await apply(session, plan, plan.connection, token);
    } catch (error) {
      if (!AwsError.is(error)) session.log.crash(generateApplyRequest.method, error);
      return { problem: problemOf(error) };
    }
  });
}

async function apply(
  session: Session,
  { id, steps, account }: KeptPlan,
  connection: NonNullable<KeptPlan['connection']>,
  token: CancellationToken,
): Promise<GenerateReport> {
  const { describeStep, reportText } = await loadGenerate();
  const report = await applyInSession(session, steps, account, connection, token, (call, state) => {
    session.connection
      .sendNotification(generateProgressNotification, { id, call, state, title: describeStep(steps[call]!) })
      .catch(() => undefined);
  });
  const { message, page } = reportText(report);
  session.log.info(`Generate: ${message}`);
  // What was made shows in lenses and hovers as soon as it is read.
  void session.aws?.refresh().catch((error: unknown) => session.log.crash('aws', error));
  return {
    outcome: report.outcome,
    cancelled: report.cancelled,
    message: forNotification(message),
    page,
    ...(report.failed ? { problem: problemOf(report.failed.error) } : {}),
  };
}
