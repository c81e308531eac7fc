import { applySteps, type ApplyReport } from '../../aws/apply/apply';
import type { Connection } from '../../aws/load';
import { describeStep, type AwsStep } from '../../core/generate/steps';
import type { Console } from '../console';

const marks = { done: '✓', failed: '✗', undone: '↶', left: '!' } as const;

/** Makes the calls and ticks each off. An interrupt (Ctrl+C) takes back what was made; a second one ends at once. */
export async function applyCalls(steps: readonly AwsStep[], { gateway, writer }: Connection, console: Console): Promise<ApplyReport> {
  const stop = new AbortController();
  const interrupted = (): void => {
    console.complain('interrupted: what this run made is taken back. Interrupt again to end at once.');
    stop.abort(new Error('Interrupted.'));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await applySteps(steps, {
      gateway, writer, signal: stop.signal,
      onStep: (index, state) => {
        if (state === 'running' || state === 'undoing') return;
        const { paint } = console;
        const colour = state === 'done' ? paint.good : state === 'undone' ? paint.info : paint.error;
        console.note(`${colour(marks[state])} ${describeStep(steps[index]!)}${state === 'undone' ? ': taken back' : state === 'left' ? ': could not be taken back' : ''}`);
      },
    });
  } finally {
    process.removeListener('SIGINT', interrupted);
    process.removeListener('SIGTERM', interrupted);
  }
}
