import { forNotification } from '../../core/text/visible';
import type { CancellationToken } from 'vscode-languageserver/node';
import { AwsError } from '../../aws/gateway';
import { awsCommand } from '../../core/generate/text/shell';
import type { AwsAnswer, AwsProblem } from '../../../../protocol/aws';
import type { Session } from '../session';

/** What went wrong, in the words that the client shows. What is no {@link AwsError} is a fault of our own. */
export function problemOf(error: unknown): AwsProblem['problem'] {
  if (!AwsError.is(error))
    return {
      code: 'failed',
      message: 'Asking AWS failed by a fault in Pod Roles.',
      next: 'The log says where; please report it.',
      retryable: false,
    };
  const { code, message, next, permission, ssoProfile, retryable } = error;
  return {
    code,
    message: forNotification(message),
    next: forNotification(next),
    retryable,
    ...(permission === undefined ? {} : { permission }),
    ...(ssoProfile === undefined ? {} : { ssoProfile, signInCommand: awsCommand('sso login', { profile: ssoProfile }) }),
  };
}

/** Runs what asks AWS for a request: cancelled with it, and answered with a problem where AWS gives none. */
export function answering<P, T>(
  session: Pick<Session, 'log'>,
  name: string,
  ask: (params: P, signal: AbortSignal, token: CancellationToken) => Promise<T> | T,
) {
  return async (params: P, token: CancellationToken): Promise<AwsAnswer<T>> => {
    const stopper = new AbortController();
    const listening = token.onCancellationRequested(() => stopper.abort());
    try {
      return token.isCancellationRequested ? { cancelled: true } : await ask(params, stopper.signal, token);
    } catch (error) {
      if (stopper.signal.aborted) return { cancelled: true };
      if (!AwsError.is(error)) session.log.crash(name, error);
      return { problem: problemOf(error) };
    } finally {
      listening.dispose();
    }
  };
}
