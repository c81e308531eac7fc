import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionsAt } from '../../server/src/core/features/codeActions';
import { readSimpleYaml } from '../../server/src/core/syntax/yaml/simple';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { times } from './growthShapes';
import { runs } from '../support/runs';

const uri = 'file:///w/a.yaml';

/** Where a comment that silences a finding may go, line by line: what is offered for findings on it. */
function silenced(text: string): { workspace: Workspace; lines: number[] } {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  workspace.open(uri, text);
  const lines = actionsAt(workspace, uri, 0, text.length)
    .filter(({ title }) => /for this line$/.test(title))
    .map(({ edits }) => text.slice(0, edits[0]!.doc.start + edits[0]!.span.start).split('\n').length - 1);
  return { workspace, lines };
}

// Sizes at which looking through the rest of the document for each line needs minutes.
describe('long documents are read line by line', { timeout: 120_000 }, () => {
  it.each([
    ['items without a colon', (n: number) => `a:\n${'- b\n'.repeat(n)}`],
    ['values without another colon', (n: number) => `a:\n- b: c\n${'- b\n'.repeat(n)}`],
  ])('%s', (_, make) => {
    expect(readSimpleYaml(make(1_000_000))).toBeDefined();
  });
});

describe('silencing a line', () => {
  const account = (i: number): string =>
    `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a${i}\n  annotations:\n    eks.amazonaws.com/role_arn: x\n`;

  it('is offered for each of thousands of findings below one another', { timeout: 120_000 }, () => {
    const { workspace, lines } = silenced(
      `apiVersion: v1\nkind: List\nitems:\n${times(2000, (i) => `- ${account(i).trimEnd().replaceAll('\n', '\n  ')}\n`)}`,
    );
    expect(workspace.check(uri)).not.toHaveLength(0);
    expect(new Set(lines).size).toBe(2000);
  });

  it('is never offered inside a block scalar, whatever stands around it', () => {
    const line = fc.constantFrom('a: |', '  b: >-', '    text', '  more: x', '', '   ', 'c:', '  - d: |', '      deep', '# e |');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (before) => {
        const text = `${[...before, ''].join('\n')}${account(1)}`;
        const { lines } = silenced(text);
        const all = text.split('\n');
        for (const number of lines) {
          const indent = /^ */.exec(all[number]!)![0].length;
          const above = all
            .slice(0, number)
            .reverse()
            .find((each) => each.trim() !== '' && /^ */.exec(each)![0].length < indent);
          expect(above ?? '').not.toMatch(/[|>][-+0-9]*\s*(#.*)?$/);
        }
      }),
      { numRuns: runs(200) },
    );
  });
});
