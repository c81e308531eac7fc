import { visible } from '../../core/text/visible';
import type { FileChange } from '../../core/generate/planFiles';
import { actionOf, describeStep, documentOf, type AwsStep } from '../../core/generate/steps';
import type { Console } from '../console';
import { unifiedDiff, visibleDiff } from '../diff';

const words: Readonly<Record<FileChange['action'], string>> = { create: 'create', edit: 'edit', replace: 'write over', same: 'unchanged' };

/** What will be done to files: a line for each, and the difference where a file was there. */
export function filesPreview(changes: readonly FileChange[], { paint }: Console): string {
  return changes
    .map(({ path, action, before, after, how }) => {
      const head = `${paint.bold(words[action].padEnd(10))} ${visible(path)}${how === undefined ? '' : paint.dim(`  ${visible(how)}`)}`;
      return before === undefined || action === 'same'
        ? head
        : `${head}\n${indent(coloured(visibleDiff(unifiedDiff(path, before, after)), paint), '  ')}`;
    })
    .join('\n');
}

/** The calls to AWS, in order, with the documents that they write. */
export function callsPreview(steps: readonly AwsStep[], { paint }: Console): string {
  return steps
    .map((step, index) => {
      const head = `${String(index + 1).padStart(3)}  ${visible(describeStep(step))}  ${paint.dim(actionOf(step))}`;
      const document = documentOf(step);
      if (!document) return head;
      return `${head}\n${indent(document.before === undefined ? visibleDiff(document.after) : coloured(visibleDiff(unifiedDiff('policy.json', document.before, document.after)), paint), '       ')}`;
    })
    .join('\n');
}

function coloured(diff: string, paint: Console['paint']): string {
  return diff
    .split('\n')
    .map((line) => (line.startsWith('+') ? paint.good(line) : line.startsWith('-') ? paint.error(line) : line))
    .join('\n');
}

function indent(text: string, pad: string): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => pad + line)
    .join('\n');
}
