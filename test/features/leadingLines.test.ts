import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionsAt } from '../../server/src/core/features/codeActions';
import { parseFixture } from '../support/fixture';
import { findingsOf, openWorkspace, uriOf } from '../support/fixtureWorkspace';

const rules = join(import.meta.dirname, '../rules');
const fixtures = readdirSync(rules, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixture'))
  .sort();

/** Findings and what is offered for them, as text, with offsets that count from behind the lines put in front. */
function offered(files: ReadonlyMap<string, string>, shift: (path: string) => number): string[] {
  const workspace = openWorkspace(files);
  const paths = [...files.keys()];
  return paths
    .flatMap((path) =>
      findingsOf(workspace, [path]).flatMap((finding) => {
        const start = finding.at.doc.start + finding.at.span.start;
        return actionsAt(workspace, uriOf(path), start, start).flatMap(({ title, edits }) =>
          edits.map((edit) => {
            const target = edit.doc.uri.slice(uriOf('').length);
            const at = (offset: number): number => Math.max(0, edit.doc.start + offset - shift(target));
            // What goes to the top of a file goes in front of its empty lines too.
            return `${path} ${finding.rule} ${title} ${target} ${at(edit.span.start)}-${at(edit.span.end)} ${JSON.stringify(edit.newText)}`;
          }),
        );
      }),
    )
    .sort();
}

describe('empty lines in front of a document', () => {
  it.each(fixtures.filter((file) => !file.includes('right-')))('change nothing about what is offered: %s', (file) => {
    const { files } = parseFixture(readFileSync(join(rules, file), 'utf8'));
    const isShifted = (path: string): boolean => /\.ya?ml$/.test(path) && path !== 'pod-roles.yaml' && !/^---/.test(files.get(path) ?? '');
    const shifted = new Map([...files].map(([path, text]) => [path, isShifted(path) ? `\n\n${text}` : text]));
    expect(offered(shifted, (path) => (isShifted(path) ? 2 : 0))).toEqual(offered(files, () => 0));
  });
});
