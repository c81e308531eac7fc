import { randomUUID } from 'node:crypto';
import type { AwsStep } from '../../core/generate/steps';
import { AwsError } from '../gateway';
import { pause } from '../limiter';
import { operationOf, type Tools } from './operations';

/** How a step stands, told while the run goes on. `left`: it was made, and could not be taken back. */
export type StepState = 'running' | 'done' | 'failed' | 'undoing' | 'undone' | 'left';

export interface ApplyOptions {
  readonly gateway: Tools['gateway'];
  readonly writer: Tools['writer'];
  /** Stops at the next chance and takes back what this run made. */
  readonly signal?: AbortSignal;
  readonly onStep?: (index: number, state: StepState) => void;
  /** Waits between tries, in milliseconds: while IAM and EKS come to see what was just made, and while the network is gone. */
  readonly waits?: readonly number[];
}

/** Something of this run that is, or may be, in AWS. */
export interface Leftover {
  readonly step: AwsStep;
  /** `made`: it is there. `unknown`: it may be. */
  readonly state: 'made' | 'unknown';
  /** Why it could not be taken back, in a sentence. */
  readonly why: string;
  /** Command lines that take it back; for `unknown` the first one looks. */
  readonly commands: readonly string[];
}

/** What became of a plan: exact, whatever happened. */
export interface ApplyReport {
  /** `applied`: all is there. `undone`: nothing of this run is left. `left`: `left` is not empty. */
  readonly outcome: 'applied' | 'undone' | 'left';
  /** Steps that were made and stand. */
  readonly made: readonly AwsStep[];
  readonly undone: readonly AwsStep[];
  readonly left: readonly Leftover[];
  /** The step that failed, and why. */
  readonly failed?: { readonly step: AwsStep; readonly error: AwsError };
  readonly cancelled: boolean;
  /** Command lines that take back all that was made, last first. */
  readonly undo: readonly string[];
}

const defaultWaits = [1_000, 2_000, 4_000, 8_000];

/**
 * Makes the steps in order. When one fails, or the signal is aborted, what this run made is taken back, last first, and
 * nothing else is touched; what cannot be taken back is reported with the way to do it by hand. A call whose answer was
 * lost is looked for before it is made again, so that nothing is made twice. Never throws for what AWS does.
 * A run after a failure is a new plan: it holds what is still missing.
 */
export async function applySteps(steps: readonly AwsStep[], options: ApplyOptions): Promise<ApplyReport> {
  return new Run(steps, options).run();
}

/** How one step ended. */
type Made = { readonly kind: 'made' } | { readonly kind: 'not-made' | 'unknown'; readonly error: unknown };

class Run {
  private readonly tools: Tools;
  private readonly made: number[] = [];
  private readonly waits: readonly number[];

  constructor(private readonly steps: readonly AwsStep[], private readonly options: ApplyOptions) {
    this.tools = { gateway: options.gateway, writer: options.writer, token: randomUUID(), ids: new Map() };
    this.waits = options.waits ?? defaultWaits;
  }

  async run(): Promise<ApplyReport> {
    const { steps, options: { signal } } = this;
    for (const [index, step] of steps.entries()) {
      this.tell(index, 'running');
      const ended: Made = signal?.aborted ? { kind: 'not-made', error: signal.reason } : await this.make(step);
      if (ended.kind === 'made') {
        this.made.push(index);
        this.tell(index, 'done');
        continue;
      }
      this.tell(index, 'failed');
      return this.takeBack({ ...ended, index });
    }
    // The last call may have been under way when the run was cancelled.
    if (signal?.aborted) return this.takeBack();
    return { outcome: 'applied', made: steps, undone: [], left: [], cancelled: false, undo: this.byHand(this.made) };
  }

  /** Makes a step; tries again what may come right by itself. */
  private async make(step: AwsStep): Promise<Made> {
    const { signal } = this.options;
    const operation = operationOf(step);
    for (let attempt = 0; ; attempt++) {
      let error: unknown;
      try {
        const stale = await this.isStale(step);
        if (stale) return { kind: 'not-made', error: stale };
        await operation.make(step, this.tools, signal);
        return { kind: 'made' };
      } catch (thrown) {
        error = thrown;
      }
      const lost = answerIsLost(error, signal);
      // After a lost answer a second try may find what the first one made.
      const exists = attempt > 0 && AwsError.is(error) && error.code === 'exists';
      if (lost || exists) {
        const there = await this.look(step, signal?.aborted ?? false);
        if (there === true) return { kind: 'made' };
        if (there === undefined) return { kind: 'unknown', error };
      }
      const wait = this.waits[attempt];
      if (wait === undefined || signal?.aborted || !(lost || this.comesRight(step, error))) return { kind: 'not-made', error };
      try {
        await pause(wait, signal);
      } catch (aborted) {
        return { kind: 'not-made', error: aborted };
      }
    }
  }

  /** A document that is written over must still be what the plan was made from: else somebody else's change would be lost. */
  private async isStale(step: AwsStep): Promise<AwsError | undefined> {
    if (step.kind !== 'update-trust') return undefined;
    const asBefore = await operationOf(step).isThere({ ...step, after: step.before }, this.tools, this.options.signal);
    if (asBefore || await operationOf(step).isThere(step, this.tools, this.options.signal)) return undefined;
    return new AwsError('failed', `The trust policy of ${step.role} was changed after the preview.`, { next: 'Run it again: the new plan builds on what is there now.' });
  }

  /** Whether a step's effect is there; undefined where even that cannot be asked. A cancelled run asks all the same. */
  private async look(step: AwsStep, once: boolean): Promise<boolean | undefined> {
    let answer: boolean | undefined;
    for (const wait of [...this.waits.slice(0, once ? 1 : 2), undefined]) {
      try {
        answer = await operationOf(step).isThere(step, this.tools);
        if (answer) return true;
      } catch {
        // No answer: the next try may get one.
      }
      if (wait !== undefined) await pause(wait);
    }
    return answer;
  }

  /** IAM and EKS see a new role some seconds later. Source: IAM guide, troubleshoot_general_eventual-consistency. */
  private comesRight(step: AwsStep, error: unknown): boolean {
    if (!AwsError.is(error)) return false;
    if (error.retryable) return true;
    if (!this.steps.some((each, index) => this.made.includes(index) && each.kind === 'create-role')) return false;
    return error.code === 'not-found' ? step.kind !== 'create-association' || /role/i.test(error.message) : step.kind === 'create-association' && error.code === 'refused';
  }

  private async takeBack(ended?: Exclude<Made, { kind: 'made' }> & { readonly index: number }): Promise<ApplyReport> {
    const left: Leftover[] = [];
    const undone: AwsStep[] = [];
    const { signal } = this.options;
    if (ended?.kind === 'unknown') {
      const failed = this.steps[ended.index]!;
      const there = await this.look(failed, false);
      if (there === true) this.made.push(ended.index);
      if (there === undefined) {
        const operation = operationOf(failed);
        left.push({ step: failed, state: 'unknown', why: `Whether AWS did it is not known: ${reasonOf(ended.error)}`, commands: [operation.look(failed), ...operation.byHand(failed)] });
      }
    }
    for (const index of [...this.made].reverse()) {
      const step = this.steps[index]!;
      this.tell(index, 'undoing');
      const why = await this.undo(step);
      if (why === undefined) undone.push(step);
      else left.push({ step, state: 'made', why, commands: operationOf(step).byHand(step) });
      this.tell(index, why === undefined ? 'undone' : 'left');
    }
    return {
      outcome: left.length === 0 ? 'undone' : 'left', made: [], undone, left, cancelled: signal?.aborted ?? false,
      ...(signal?.aborted || !ended ? {} : { failed: { step: this.steps[ended.index]!, error: asAwsError(ended.error) } }), undo: [],
    };
  }

  /** Takes a step back; a sentence on why not. Not cancelled by the run's signal: that is what it works for. */
  private async undo(step: AwsStep): Promise<string | undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await operationOf(step).undo(step, this.tools);
      } catch (error) {
        if (AwsError.is(error) && error.code === 'not-found') return undefined;
        const wait = this.waits[attempt];
        if (wait === undefined || !(answerIsLost(error) || (AwsError.is(error) && (error.retryable || error.awsCode?.startsWith('DeleteConflict'))))) return reasonOf(error);
        await pause(wait);
      }
    }
  }

  private byHand(indices: readonly number[]): string[] {
    return [...indices].reverse().flatMap((index) => {
      const step = this.steps[index]!;
      return operationOf(step).byHand(step);
    });
  }

  private tell(index: number, state: StepState): void {
    this.options.onStep?.(index, state);
  }
}

/** True where AWS may have done what was asked, and only its answer is missing. */
function answerIsLost(error: unknown, signal?: AbortSignal): boolean {
  if (signal?.aborted) return true;
  if (!AwsError.is(error)) return true;
  // EKS's own failure may come after the deed.
  return error.code === 'no-network' || error.code === 'not-aws' || (error.code === 'failed' && error.retryable) || error.awsCode?.startsWith('ServerException') === true;
}

function asAwsError(error: unknown): AwsError {
  if (AwsError.is(error)) return error;
  return new AwsError('failed', error instanceof Error ? error.message : String(error), { next: 'Run it again.' });
}

function reasonOf(error: unknown): string {
  return AwsError.is(error) ? `${error.message} ${error.next}` : error instanceof Error ? error.message : String(error);
}

