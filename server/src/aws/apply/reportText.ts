import { describeStep } from '../../core/generate/steps';
import { guardedCommands, type CommandPlace } from '../../core/generate/text/shell';
import type { ApplyReport, Leftover } from './apply';

/** What became of a plan, as a person reads it: what was made, what is left, and how to undo it. */
export function reportText(report: ApplyReport): { readonly message: string; readonly page: string } {
  const { outcome, made, undone, left, failed, cancelled, undo, place } = report;
  const cause = cancelled
    ? 'Cancelled.'
    : failed
      ? `${describeStep(failed.step)} failed: ${failed.error.message} ${failed.error.next}`
      : '';
  if (outcome === 'applied') {
    const message =
      made.length === 0
        ? 'Nothing to do: all is there already.'
        : `All is there: ${made.length} ${made.length === 1 ? 'call' : 'calls'} made.`;
    return {
      message,
      page: [
        message,
        ...list(made.map(describeStep)),
        ...(undo.length > 0 ? ['', `To undo it${where(place)}:`, ...list(guardedCommands(undo, place))] : []),
        '',
      ].join('\n'),
    };
  }
  const message =
    outcome === 'undone'
      ? `${cause} ${undone.length === 0 ? 'Nothing was made.' : 'What this run made was undone; nothing of it is left.'}`
      : `${cause} ${left.length === 1 ? 'One thing is' : `${left.length} things are`} left of this run, or may be: see how to undo ${left.length === 1 ? 'it' : 'them'}.`;
  const lines = [
    cause,
    ...(undone.length > 0 ? ['', 'Undone:', ...list(undone.map(describeStep))] : []),
    ...left.flatMap(({ step, state, why }) => [
      '',
      `${state === 'made' ? 'Still there' : 'May be there'}: ${describeStep(step)}`,
      `  ${why}`,
    ]),
    ...blocks(left).flatMap(({ look, commands }) => [
      '',
      `To ${look ? 'look, and to undo it' : 'undo it'}${where(place)}:`,
      ...list(guardedCommands(commands, place)),
    ]),
    ...(outcome === 'undone' ? ['', undone.length === 0 ? 'Nothing was made.' : 'Nothing of this run is left.'] : []),
    '',
    'Run it again to continue: completed steps are kept.',
    '',
  ];
  return { message, page: lines.join('\n') };
}

/**
 * Commands that belong together, in order. A thing that may not be there has a block of its own: its commands fail where
 * it is not, and must not keep the others from running.
 */
function blocks(left: readonly Leftover[]): { readonly look: boolean; readonly commands: readonly string[] }[] {
  const found: { look: boolean; commands: string[] }[] = [];
  for (const { state, commands } of left) {
    const last = found.at(-1);
    if (state === 'made' && last && !last.look) last.commands.push(...commands);
    else found.push({ look: state === 'unknown', commands: [...commands] });
  }
  return found;
}

function where({ account, profile, region }: CommandPlace): string {
  return ` in account ${account}${profile === undefined ? '' : `, profile ${profile}`}${region === undefined ? '' : `, ${region}`}`;
}

function list(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
