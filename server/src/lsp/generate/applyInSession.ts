import type { CancellationToken } from 'vscode-languageserver/node';
import type { ApplyReport, StepState } from '../../aws/apply/apply';
import type { Connection } from '../../aws/load';
import type { AwsStep } from '../../core/generate/steps';
import { loadGenerate } from '../../generate/load';
import type { Session } from '../session';
import { holdExit } from './holdExit';

/**
 * Makes calls to AWS for a request. When the request is cancelled, the client goes away, or the server is to stop, the
 * call under way is waited for and what was made is undone; until then the process stays.
 */
export async function applyInSession(
  session: Session,
  steps: readonly AwsStep[],
  account: string,
  { gateway, writer, shell }: Connection,
  token: CancellationToken,
  onStep: (index: number, state: StepState) => void,
): Promise<ApplyReport> {
  const { applySteps } = await loadGenerate();
  const stop = new AbortController();
  const cancel = (): void => stop.abort(new Error('Cancelled.'));
  if (token.isCancellationRequested) cancel();
  const listening = token.onCancellationRequested(cancel);
  const release = holdExit(cancel);
  const run = applySteps(steps, { gateway, writer, place: { account, ...shell }, signal: stop.signal, onStep });
  const entry = { stop: cancel, ended: run.then(() => undefined) };
  session.applying.add(entry);
  try {
    return await run;
  } finally {
    session.applying.delete(entry);
    listening.dispose();
    release();
  }
}

/** Cancels what is being made in AWS, and waits until it is undone. */
export async function stopApplying({ applying }: Session): Promise<void> {
  const all = [...applying];
  for (const { stop } of all) stop();
  await Promise.all(all.map(({ ended }) => ended));
}
