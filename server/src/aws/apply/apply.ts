import { randomUUID } from 'node:crypto';
import type { AwsStep } from '../../core/generate/steps';
import { commandMaker, type CommandMaker, type CommandPlace } from '../../core/generate/text/shell';
import { AwsError } from '../gateway';
import { aborted, bounded, defaultLimits, sleepByClock, type Ended, type Sleep } from './bounded';
import { operationOf, type Tools } from './operations';

/**
 * How a step stands, told while the run goes on. `waiting`: the run was cancelled, and the call under way is waited for.
 * `left`: it is there, or may be, and could not be undone.
 */
export type StepState = 'running' | 'waiting' | 'done' | 'failed' | 'undoing' | 'undone' | 'left';

export interface ApplyOptions {
  readonly gateway: Tools['gateway'];
  readonly writer: Tools['writer'];
  /** Where the printed commands have to run. */
  readonly place: CommandPlace;
  /** Cancels: the call under way is waited for, then what this run made is undone. */
  readonly signal?: AbortSignal;
  /** Gives up: nothing is waited for or undone any more, and the report says what is there or may be. */
  readonly abandon?: AbortSignal;
  readonly onStep?: (index: number, state: StepState) => void;
  /** Waits between tries, in milliseconds: while IAM and EKS come to see what was just made, and while the network is gone. */
  readonly waits?: readonly number[];
  /** The longest wait for one call, in milliseconds: while the plan is carried out, and after it was cancelled or failed. */
  readonly limits?: { readonly making: number; readonly undoing: number };
  readonly sleep?: Sleep;
}

/** Something of this run that is, or may be, in AWS. */
export interface Leftover {
  readonly step: AwsStep;
  /** `made`: it is there. `unknown`: it may be. */
  readonly state: 'made' | 'unknown';
  /** Why it could not be undone, in a sentence. */
  readonly why: string;
  /** Command lines that undo it; for `unknown` the first one looks. */
  readonly commands: readonly string[];
}

/** What became of a plan: exact, whatever happened. */
export interface ApplyReport {
  /** `applied`: all is there. `undone`: nothing of this run is left. `left`: `left` is not empty. */
  readonly outcome: 'applied' | 'undone' | 'left';
  /** Steps that were made and are in effect. */
  readonly made: readonly AwsStep[];
  readonly undone: readonly AwsStep[];
  /** In the order in which they have to be undone. */
  readonly left: readonly Leftover[];
  /** The step that failed, and why. */
  readonly failed?: { readonly step: AwsStep; readonly error: AwsError };
  readonly cancelled: boolean;
  /** Command lines that undo all that was made, last first. */
  readonly undo: readonly string[];
  readonly place: CommandPlace;
}

const defaultWaits = [1_000, 2_000, 4_000, 8_000];

/**
 * Makes the steps in order. When one fails, or the signal is aborted, what this run made is undone, last first, and
 * nothing else is touched; what cannot be undone is reported with the way to do it by hand. A write is never cut off.
 * A call whose answer was lost is looked for before it is made again, so that nothing is made twice. Never throws for
 * what AWS does. A run after a failure is a new plan: it holds what is still missing.
 */
export async function applySteps(steps: readonly AwsStep[], options: ApplyOptions): Promise<ApplyReport> {
  return new Run(steps, options).run();
}

/** How one step ended. `late`: it may still take effect, whatever is there now. */
type Made =
  | { readonly kind: 'made' }
  | { readonly kind: 'not-made'; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly error: unknown; readonly late: boolean };

type Undone = { readonly kind: 'undone' } | { readonly kind: 'made' | 'unknown'; readonly why: string };

class Run {
  private readonly tools: Tools;
  private readonly made: number[] = [];
  private readonly waits: readonly number[];
  private readonly limits: { readonly making: number; readonly undoing: number };
  private readonly sleep: Sleep;
  private readonly command: CommandMaker;
  private readonly left: Leftover[] = [];
  private readonly undone: AwsStep[] = [];

  constructor(
    private readonly steps: readonly AwsStep[],
    private readonly options: ApplyOptions,
  ) {
    this.tools = { gateway: options.gateway, writer: options.writer, token: randomUUID(), ids: new Map() };
    this.waits = options.waits ?? defaultWaits;
    this.limits = options.limits ?? defaultLimits;
    this.sleep = options.sleep ?? sleepByClock;
    this.command = commandMaker(options.place);
  }

  async run(): Promise<ApplyReport> {
    const {
      steps,
      options: { signal },
    } = this;
    for (const [index, step] of steps.entries()) {
      if (signal?.aborted) return this.rollBack();
      this.tell(index, 'running');
      const ended = await this.make(index);
      if (ended.kind === 'made') {
        this.made.push(index);
        this.tell(index, 'done');
        continue;
      }
      this.tell(index, 'failed');
      return this.rollBack({ ...ended, step });
    }
    // The last call may have been under way when the run was cancelled.
    if (signal?.aborted) return this.rollBack();
    return {
      outcome: 'applied',
      made: steps,
      undone: [],
      left: [],
      cancelled: false,
      place: this.options.place,
      undo: [...this.made].reverse().flatMap((index) => this.byHand(steps[index]!)),
    };
  }

  /** Makes a step; tries again what may come right by itself. */
  private async make(index: number): Promise<Made> {
    const step = this.steps[index]!;
    const { signal } = this.options;
    let late = false;
    for (let attempt = 0; ; attempt++) {
      if (signal?.aborted) return late ? { kind: 'unknown', error: signal.reason, late } : { kind: 'not-made', error: signal.reason };
      const stale = await this.isStale(step);
      if (stale) return { kind: 'not-made', error: stale };
      if (signal?.aborted) continue;
      const ended = await this.write(index);
      if (ended.kind === 'done') return { kind: 'made' };
      const error = ended.kind === 'failed' ? ended.error : noAnswer();
      const wait = signal?.aborted ? undefined : this.waits[attempt];
      // The last word is a look, even where AWS only said that it was too busy.
      const lost = answerIsLost(error) || (wait === undefined && isThrottled(error));
      late ||= isTimeout(error);
      // After a lost or refused answer a second try may find what the first one made.
      const exists = attempt > 0 && AwsError.is(error) && error.code === 'exists';
      if (lost || exists) {
        const there = await this.look(step);
        if (there === true) return { kind: 'made' };
        if (there === undefined || ended.kind === 'pending') return { kind: 'unknown', error, late };
      }
      if (wait === undefined || !(this.comesRight(step, error) || (lost && !isOwnFailure(error))))
        return late ? { kind: 'unknown', error, late } : { kind: 'not-made', error };
      await this.sleep(wait, signal);
    }
  }

  /**
   * Sends the call and waits for its answer, which nothing cuts off. A run that is cancelled meanwhile waits a limited
   * time more; one that is given up does not wait.
   */
  private async write(index: number): Promise<Ended<void>> {
    const step = this.steps[index]!;
    const { signal, abandon } = this.options;
    const over = new AbortController();
    const cancelled = aborted(signal, over.signal).then(() => {
      if (!over.signal.aborted) this.tell(index, 'waiting');
      return this.sleep(this.limits.undoing, over.signal);
    });
    const limit = Promise.race([this.sleep(this.limits.making, over.signal), cancelled, aborted(abandon, over.signal)]);
    try {
      return await bounded(operationOf(step).make(step, this.tools), limit);
    } finally {
      over.abort();
    }
  }

  /** A document that is written over must still be what the plan was made from: else somebody else's change would be lost. */
  private async isStale(step: AwsStep): Promise<AwsError | undefined> {
    if (step.kind !== 'update-trust') return undefined;
    const asked = await this.limited(
      async (signal) =>
        (await operationOf(step).isThere({ ...step, after: step.before }, this.tools, signal)) ||
        (await operationOf(step).isThere(step, this.tools, signal)),
    );
    if (asked.kind === 'done')
      return asked.value
        ? undefined
        : new AwsError('failed', `The trust policy of ${step.role} was changed after the preview.`, {
            next: 'Run it again: the new plan is based on the current state.',
          });
    return asked.kind === 'failed' ? asAwsError(asked.error) : noAnswer();
  }

  /** Reads or undoes with a time limit. What is read is ended at the limit; a write is not, since it takes no signal. */
  private async limited<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<Ended<T>> {
    const over = new AbortController();
    try {
      return await bounded(
        ask(over.signal),
        Promise.race([this.sleep(this.limits.undoing, over.signal), aborted(this.options.abandon, over.signal)]),
      );
    } finally {
      over.abort();
    }
  }

  /** Whether a step's effect is there; undefined where even that cannot be asked. A cancelled run asks all the same. */
  private async look(step: AwsStep): Promise<boolean | undefined> {
    let answer: boolean | undefined;
    for (const wait of [...this.waits.slice(0, 2), undefined]) {
      const asked = await this.limited((signal) => operationOf(step).isThere(step, this.tools, signal));
      if (asked.kind === 'done') answer = asked.value;
      if (answer === true || this.options.abandon?.aborted) return answer;
      if (asked.kind === 'pending') return answer;
      if (wait !== undefined) await this.sleep(wait, this.options.abandon);
    }
    return answer;
  }

  /** IAM and EKS see a new role some seconds later. Source: IAM guide, troubleshoot_general_eventual-consistency. */
  private comesRight(step: AwsStep, error: unknown): boolean {
    if (!AwsError.is(error)) return false;
    if (error.retryable) return true;
    if (!this.steps.some((each, index) => this.made.includes(index) && each.kind === 'create-role')) return false;
    return error.code === 'not-found'
      ? step.kind !== 'create-association' || /role/i.test(error.message)
      : step.kind === 'create-association' && error.code === 'refused';
  }

  private async rollBack(ended?: Exclude<Made, { kind: 'made' }> & { readonly step: AwsStep }): Promise<ApplyReport> {
    const { signal } = this.options;
    const cancelled = signal?.aborted ?? false;
    const unsure = ended?.kind === 'unknown' ? await this.settle(ended) : undefined;
    const unsureOn = unsure && 'role' in unsure.step ? unsure.step.role : undefined;
    for (const index of [...this.made].reverse()) {
      const step = this.steps[index]!;
      this.tell(index, 'undoing');
      const { kind, ...more } = await this.undoInOrder(step);
      if (kind === 'undone') this.undone.push(step);
      else this.leave(step, kind, (more as { why: string }).why);
      this.tell(index, kind === 'undone' ? 'undone' : 'left');
    }
    // With the role that this run made and deleted, whatever was to be written into it is gone too.
    const gone = unsureOn !== undefined && this.undone.some((step) => step.kind === 'create-role' && step.role === unsureOn);
    const left = gone ? this.left.filter(({ step }) => step !== unsure?.step) : this.left;
    return {
      outcome: left.length === 0 ? 'undone' : 'left',
      made: [],
      undone: this.undone,
      left,
      cancelled,
      place: this.options.place,
      undo: [],
      ...(cancelled || !ended ? {} : { failed: { step: ended.step, error: asAwsError(ended.error) } }),
    };
  }

  /** A step of which nobody knows whether it was made: it is looked for once more. What stays unknown is left, and returned. */
  private async settle({
    step,
    error,
    late,
  }: {
    readonly step: AwsStep;
    readonly error: unknown;
    readonly late: boolean;
  }): Promise<{ readonly step: AwsStep } | undefined> {
    const there = this.options.abandon?.aborted ? undefined : await this.look(step);
    if (there === true) {
      this.made.push(this.steps.indexOf(step));
      return undefined;
    }
    if (there === false && !late) return undefined;
    // What is written into a role of this run is undone on the chance: a role with policies cannot be deleted.
    if ((step.kind === 'attach-policy' || step.kind === 'put-policy') && this.isNew(step.role) && !this.options.abandon?.aborted)
      await this.undo(step);
    this.leave(
      step,
      'unknown',
      `${reasonOf(error)} ${there === false ? 'It is not there now, but AWS may still carry it out.' : 'Whether AWS carried it out could not be checked.'}`,
    );
    return { step };
  }

  private isNew(role: string): boolean {
    return this.made.some((index) => {
      const step = this.steps[index]!;
      return step.kind === 'create-role' && step.role === role;
    });
  }

  private leave(step: AwsStep, state: Leftover['state'], why: string): void {
    const byHand = this.byHand(step);
    this.left.push({ step, state, why, commands: state === 'made' ? byHand : [operationOf(step).look(step, this.command), ...byHand] });
  }

  /** A role is deleted only when no association of this plan names it any more: pods would be left with a role that is gone. */
  private async undoInOrder(step: AwsStep): Promise<Undone> {
    if (this.options.abandon?.aborted) return { kind: 'made', why: 'The run was ended before this could be undone.' };
    if (step.kind !== 'create-role') return this.undo(step);
    for (const association of this.steps) {
      if ((association.kind !== 'create-association' && association.kind !== 'update-association') || association.roleArn !== step.arn)
        continue;
      const who = `${association.namespace}/${association.serviceAccount}`;
      if (this.left.some((each) => each.step === association))
        return { kind: 'made', why: `It is kept because the association of ${who} names it, or may: delete the association first.` };
      const named = await this.limited((signal) => operationOf(association).isThere(association, this.tools, signal));
      if (named.kind === 'done' && named.value)
        return { kind: 'made', why: `It is kept because an association of ${who} in ${association.clusterName} names it.` };
    }
    return this.undo(step);
  }

  /** Undoes a step. Not cancelled by the run's signal: that is what it works for. */
  private async undo(step: AwsStep): Promise<Undone> {
    const { abandon } = this.options;
    for (let attempt = 0; ; attempt++) {
      const ended = await this.limited((signal) => operationOf(step).undo(step, this.tools, signal));
      if (ended.kind === 'done') return ended.value === undefined ? { kind: 'undone' } : { kind: 'made', why: ended.value };
      const error = ended.kind === 'failed' ? ended.error : noAnswer();
      const gone = AwsError.is(error) && error.code === 'not-found';
      const wait = abandon?.aborted ? undefined : this.waits[attempt];
      const lost = answerIsLost(error) || (wait === undefined && isThrottled(error));
      if (gone || lost) {
        const there = abandon?.aborted ? undefined : await this.look(step);
        if (there === false || (gone && there === undefined)) return { kind: 'undone' };
        // A call that hangs may still take effect, so it is not sent a second time.
        if (there === undefined || ended.kind === 'pending')
          return { kind: 'unknown', why: `It is unknown whether it was undone: ${reasonOf(error)}` };
      }
      if (wait === undefined || !(gone || lost || (AwsError.is(error) && (error.retryable || error.awsCode?.startsWith('DeleteConflict')))))
        return { kind: 'made', why: reasonOf(error) };
      await this.sleep(wait, abandon);
    }
  }

  private byHand(step: AwsStep): readonly string[] {
    return operationOf(step).byHand(step, this.command, this.tools.ids);
  }

  private tell(index: number, state: StepState): void {
    this.options.onStep?.(index, state);
  }
}

function noAnswer(): AwsError {
  return new AwsError('no-network', 'AWS gave no answer in time.', {
    next: 'Look whether it was done before you run it again.',
    retryable: true,
    awsCode: 'TimeoutError',
  });
}

/** True where AWS may have done what was asked, and only its answer is missing. */
function answerIsLost(error: unknown): boolean {
  if (!AwsError.is(error)) return true;
  if (error.unsent) return false;
  // EKS's own failure may come after the deed.
  return (
    error.code === 'no-network' ||
    error.code === 'not-aws' ||
    error.code === 'failed' ||
    error.awsCode?.startsWith('ServerException') === true
  );
}

/** An error that AWS answers with and that the same call would meet again. */
function isOwnFailure(error: unknown): boolean {
  return AwsError.is(error) && error.code === 'failed' && !error.retryable;
}

/** True where the request may still be under way: nobody closed it. */
function isTimeout(error: unknown): boolean {
  return AwsError.is(error) && !error.unsent && (error.awsCode === 'TimeoutError' || error.awsCode === 'ETIMEDOUT');
}

function isThrottled(error: unknown): boolean {
  return AwsError.is(error) && error.code === 'throttled';
}

function asAwsError(error: unknown): AwsError {
  if (AwsError.is(error)) return error;
  return new AwsError('failed', error instanceof Error ? error.message : String(error), { next: 'Run it again.' });
}

function reasonOf(error: unknown): string {
  return AwsError.is(error) ? `${error.message} ${error.next}` : error instanceof Error ? error.message : String(error);
}
