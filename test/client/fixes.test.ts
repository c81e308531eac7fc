import { describe, expect, it } from 'vitest';
import { changedBetween, fixAmong } from '../../client/src/views/fixes';

const edit = { changes: {} };
const action = (title: string, code: string, more: object = { edit }) => ({ title, diagnostics: [{ code }], ...more });

describe('the fix of a page', () => {
  const actions = [
    action('Use :sub for the subject', 'other-rule'),
    action('Use :sub for the subject', 'subject-under-audience-key', {}),
    { title: 'Explain the rule x', command: 'podRoles.explainRule' },
    action('Use :sub for the subject', 'subject-under-audience-key'),
  ];

  it('is the code action with the title and the rule, and with an edit', () => {
    expect(fixAmong(actions, 'subject-under-audience-key', 'Use :sub for the subject')).toBe(actions[3]);
  });

  it('is none if the text no longer has the finding', () => {
    expect(fixAmong(actions.slice(0, 3), 'subject-under-audience-key', 'Use :sub for the subject')).toBeUndefined();
    expect(fixAmong(actions, 'subject-under-audience-key', 'Use :sub')).toBeUndefined();
    expect(fixAmong(null, undefined, 'x')).toBeUndefined();
  });
});

describe('a file that the fix changes', () => {
  it.each([
    [['a'], { a: 1 }, { a: 1 }, false],
    [['a'], { a: 1 }, { a: 2 }, true],
    [['a'], { a: 1 }, {}, true],
    [['a'], {}, { a: 1 }, false],
    [['b'], { a: 1, b: 1 }, { a: 2, b: 1 }, false],
  ])('%j from %j to %j: changed is %s', (uris, before, after, changed) => {
    const versions = (of: object) => new Map(Object.entries(of) as [string, number][]);
    expect(changedBetween(uris, versions(before), versions(after))).toBe(changed);
  });
});
