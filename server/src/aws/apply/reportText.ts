import { describeStep } from '../../core/generate/steps';
import type { ApplyReport } from './apply';

/** What became of a plan, as a person reads it: what was made, what is left, and how to take it back. */
export function reportText(report: ApplyReport): { readonly message: string; readonly page: string } {
  const { outcome, made, undone, left, failed, cancelled, undo } = report;
  const cause = cancelled ? 'Cancelled.' : failed ? `${describeStep(failed.step)} failed: ${failed.error.message} ${failed.error.next}` : '';
  if (outcome === 'applied') {
    const message = made.length === 0 ? 'Nothing to do: all is there already.' : `All is there: ${made.length} ${made.length === 1 ? 'call' : 'calls'} made.`;
    return { message, page: [message, ...list(made.map(describeStep)), ...(undo.length > 0 ? ['', 'To take it back:', ...undo.map((line) => `  ${line}`)] : []), ''].join('\n') };
  }
  const lines = [
    cause, ...(undone.length > 0 ? ['', 'Taken back:', ...list(undone.map(describeStep))] : []),
    ...left.flatMap(({ step, state, why, commands }) => [
      '', `${state === 'made' ? 'Still there' : 'May be there'}: ${describeStep(step)}`, `  ${why}`,
      `  ${state === 'made' ? 'To take it back' : 'To look, and to take it back'}:`, ...commands.map((line) => `    ${line}`),
    ]),
  ];
  const message = outcome === 'undone'
    ? `${cause} ${undone.length === 0 ? 'Nothing was made.' : 'What this run made was taken back; nothing of it is left.'}`
    : `${cause} ${left.length === 1 ? 'One thing is' : `${left.length} things are`} left of this run, or may be: see how to take ${left.length === 1 ? 'it' : 'them'} back.`;
  return { message, page: [...lines, ...(outcome === 'undone' ? ['', undone.length === 0 ? 'Nothing was made.' : 'Nothing of this run is left.'] : []), '', 'Run it again to complete: what is there already is kept.', ''].join('\n') };
}

function list(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
