import { applySteps, type ApplyReport } from '../../aws/apply/apply';
import { defaultLimits } from '../../aws/apply/bounded';
import type { Connection } from '../../aws/load';
import { describeStep, type AwsStep } from '../../core/generate/steps';
import type { Console } from '../console';

const marks = { done: '✓', failed: '✗', undone: '↶', left: '!' } as const;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm sends its own copy of the terminal's interrupt: what comes within this time counts as one, in milliseconds. */
const sameInterrupt = 500;

/**
 * Makes the calls and ticks each off. An interrupt (Ctrl+C, or the end of the terminal) waits for the call under way and
 * undoes what was made; a second one waits for nothing more, and the report says what is there or may be.
 */
export async function applyCalls(
  steps: readonly AwsStep[],
  account: string,
  { gateway, writer, shell }: Connection,
  console: Console,
): Promise<ApplyReport> {
  const stop = new AbortController();
  const abandon = new AbortController();
  let first: number | undefined;
  const interrupted = (): void => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      console.complain('interrupted: the call under way is finished, then what this run made is undone. Interrupt again to stop at once.');
      stop.abort(new Error('Interrupted.'));
    } else if (now - first > sameInterrupt && !abandon.signal.aborted) {
      console.complain('stopped at once: nothing more is undone.');
      abandon.abort();
      // The call that nobody waits for any more would keep the process alive; the report is written long before.
      setTimeout(() => process.exit(process.exitCode ?? 1), 2_000).unref();
    }
  };
  for (const signal of signals) process.on(signal, interrupted);
  const restore = keepRunningWithoutReaders();
  try {
    return await applySteps(steps, {
      gateway,
      writer,
      place: { account, ...shell },
      signal: stop.signal,
      abandon: abandon.signal,
      onStep: (index, state) => {
        const { paint } = console;
        const step = describeStep(steps[index]!);
        if (state === 'running' || state === 'undoing') console.progress(() => `${state === 'running' ? step : `Undoing: ${step}`}…`);
        else if (state === 'waiting')
          console.note(`${paint.warning('…')} ${step}: waiting up to ${defaultLimits.undoing / 1_000} s for AWS's answer`);
        else {
          const colour = state === 'done' ? paint.good : state === 'undone' ? paint.info : paint.error;
          console.note(
            `${colour(marks[state])} ${step}${state === 'undone' ? ': undone' : state === 'left' ? ': could not be undone' : ''}`,
          );
        }
      },
    });
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupted);
    restore();
  }
}

/** A closed terminal or pipe must not end the process in the middle of a run: what it would have read is lost, AWS is not. */
function keepRunningWithoutReaders(): () => void {
  const streams = [process.stdout, process.stderr].map((stream) => ({
    stream,
    before: stream.listeners('error') as ((error: Error) => void)[],
  }));
  const ignore = (): void => undefined;
  for (const { stream } of streams) {
    stream.removeAllListeners('error');
    stream.on('error', ignore);
  }
  return () => {
    for (const { stream, before } of streams) {
      stream.removeListener('error', ignore);
      for (const listener of before) stream.on('error', listener);
    }
  };
}
