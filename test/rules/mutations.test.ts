import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFixture } from '../support/fixture';
import { applyFix, findingsOf, openWorkspace } from '../support/fixtureWorkspace';
import { runs } from '../support/runs';

const workspaces = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixture'))
  .sort()
  .map((file) => parseFixture(readFileSync(path.join(import.meta.dirname, file), 'utf8')).files);
const scraps = [
  '',
  ' ',
  '\n',
  '\t',
  '"',
  "'",
  ':',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '{{',
  '}}',
  '${',
  '#',
  '|',
  '&a ',
  '*a',
  '---\n',
  '\\',
  '😀',
  '\u0000',
  '\ufeff',
  'null',
  '<<: ',
];

/** A cut, an insertion or a doubling somewhere in a text. */
const change = fc.record({ at: fc.nat(), cut: fc.nat({ max: 40 }), scrap: fc.constantFrom(...scraps), again: fc.boolean() });

/** Files that set up the workspace, and are not checked. */
const kept = new Set(['pod-roles.yaml', 'pod-roles.snapshot.json']);

test('torn files: no rule fails, findings lie in their files, fixes can be applied', () => {
  fc.assert(
    fc.property(fc.constantFrom(...workspaces), fc.nat(), fc.array(change, { minLength: 1, maxLength: 4 }), (files, which, changes) => {
      const torn = new Map(files);
      const name = [...files.keys()].filter((file) => !kept.has(file))[0]!;
      const target = [...files.keys()][which % files.size]!;
      const file = kept.has(target) ? name : target;
      for (const { at, cut, scrap, again } of changes) {
        const text = torn.get(file)!;
        const from = at % (text.length + 1);
        const gone = text.slice(from, from + cut);
        torn.set(file, text.slice(0, from) + scrap + (again ? gone + gone : '') + text.slice(from + cut));
      }
      // Throws when the engine logged a rule or reader that failed.
      const workspace = openWorkspace(torn);
      for (const finding of findingsOf(workspace, torn.keys())) {
        const { doc, span } = finding.at;
        const text = torn.get(doc.uri.slice('file:///workspace/'.length))!;
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(doc.start + span.end).toBeLessThanOrEqual(text.length);
        for (const fix of finding.fixes) openWorkspace(applyFix(torn, fix));
      }
    }),
    { numRuns: runs(400) },
  );
});
