import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { pages } from '../../server/src/core/rules/pages';
import { allRules } from '../../server/src/core/rules/registry';
import { parseFixture, writeMarks, type Mark } from '../support/fixture';
import { applyFix, compared, findingsOf, markOf, openWorkspace } from '../support/fixtureWorkspace';

const here = import.meta.dirname;
const fixtures = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixture'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort();
const read = (file: string) => parseFixture(readFileSync(path.join(here, file), 'utf8'));

describe('fixtures', () => {
  test.each(fixtures)('%s', (file) => {
    const fixture = read(file);
    const workspace = openWorkspace(fixture.files);
    const findings = findingsOf(workspace, fixture.files.keys()).filter((f) => compared(fixture, f.rule));

    const found = findings.map(markOf);
    // A level is compared only where the fixture pins it.
    const pinned = (mark: Mark) =>
      fixture.marks.some((m) => m.level && m.path === mark.path && m.rule === mark.rule && m.start === mark.start && m.end === mark.end);
    const shown = found.map(({ level, ...mark }) => (pinned(mark) ? { ...mark, level: level! } : mark));
    for (const [name, text] of fixture.files) {
      const of = (marks: readonly Mark[]) =>
        writeMarks(
          text,
          marks.filter((m) => m.path === name),
          true,
        );
      expect(of(shown), `${name}: ${findings.map((f) => f.message).join(' | ') || 'no finding'}`).toBe(of(fixture.marks));
    }

    for (const { path: name, title, text } of fixture.afters) {
      const fix = findings.flatMap((f) => f.fixes).find((f) => f.title === title);
      const titles = findings.flatMap((f) => f.fixes.map((x) => x.title));
      expect(fix, `no fix "${title}" among ${JSON.stringify(titles)}`).toBeDefined();
      expect(applyFix(fixture.files, fix!).get(name)).toBe(text);
    }
  });
});

describe('every fix', () => {
  const fixable = fixtures.filter((file) => read(file).marks.length > 0);
  test.each(fixable)('mends its finding and makes none of the same rule: %s', (file) => {
    const fixture = read(file);
    const findings = findingsOf(openWorkspace(fixture.files), fixture.files.keys());
    for (const finding of findings) {
      expect(finding.fixes.filter((fix) => fix.safe).length, 'at most one safe fix').toBeLessThanOrEqual(1);
      for (const fix of finding.fixes) {
        const files = applyFix(fixture.files, fix);
        const after = findingsOf(openWorkspace(files), files.keys()).filter((f) => f.rule === finding.rule);
        const before = findings.filter((f) => f.rule === finding.rule);
        expect(after.length, `"${fix.title}" leaves ${finding.rule}`).toBeLessThan(before.length);
      }
    }
  });
});

describe('every message', () => {
  test.each(fixtures)('is plain: %s', (file) => {
    const { files } = read(file);
    for (const finding of findingsOf(openWorkspace(files), files.keys())) {
      expect(finding.message).toMatch(/[.?]$|"$/);
      expect(finding.message).not.toMatch(/!(?!GetAtt )|undefined|\bnull\b|NaN|\[object/);
      for (const fix of finding.fixes) {
        expect(fix.title).toMatch(/^[A-Z][^!]*[^.!]$/);
        expect(fix.edits.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('the registry', () => {
  test('is sorted by id, without doubles', () => {
    const ids = allRules.map((rule) => rule.id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  test.each(allRules.map((rule) => rule.id))('%s has fixtures of both kinds', (id) => {
    const own = fixtures.filter((file) => file.startsWith(`${id}/`)).map(read);
    const wrong = own.filter((fixture) => fixture.marks.some((mark) => mark.rule === id));
    expect(wrong.length, 'fixtures with a finding').toBeGreaterThan(0);
    expect(own.length - wrong.length, 'right but strange ones').toBeGreaterThan(0);
  });

  test('every page is the page of a rule', () => {
    expect(Object.keys(pages)).toEqual(allRules.map((rule) => rule.id));
  });

  test.each(allRules.map((rule) => [rule.id, rule] as const))('%s is documented', (id, rule) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.source.length).toBeGreaterThan(10);
    expect(pages[id]).toMatch(/## Why/);
    expect(pages[id]).toMatch(/## Wrong/);
    expect(pages[id]).toMatch(/## Right/);
    expect(pages[id]).toMatch(/## When to turn it off/);
  });
});
