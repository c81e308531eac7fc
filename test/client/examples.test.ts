import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyFix, findingsOf, openWorkspace, pathOf } from '../support/fixtureWorkspace';

const folder = resolve(import.meta.dirname, '../../examples');
const files = new Map(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')] as const),
);

describe('the example workspace', () => {
  it("holds one mistake, the article's, and one click mends it", () => {
    const workspace = openWorkspace(files);
    const findings = findingsOf(workspace, files.keys());
    const errors = findings.filter(({ level, otherSideOf }) => level === 'error' && !otherSideOf);
    expect(errors.map(({ rule, at }) => `${pathOf(at.doc.uri)} ${rule}`)).toEqual([
      'iam/demo-role/trust-policy.json subject-under-audience-key',
    ]);

    const fix = errors[0]!.fixes.find(({ title }) => title === 'Use :sub for the subject');
    const mended = applyFix(files, fix!);
    expect(findingsOf(openWorkspace(mended), mended.keys()).filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is what its README and README.md say', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const [, path] of readme.matchAll(/`((?:iam|k8s)\/[\w./-]+)`/g)) expect([...files.keys()]).toContain(path);
  });
});
