import { expect, it } from 'vitest';
import { mistakesOf } from '../../server/src/core/rules/mistakes';
import type { Finding } from '../../server/src/core/rules/rule';

const place = (uri: string, start = 0) => ({ doc: { uri, index: 0, start: 0 }, span: { start, end: start + 1 } });
const finding = (uri: string, level: Finding['level'], others?: readonly string[]): Finding => ({
  rule: 'subject-mismatch',
  level,
  message: '',
  at: place(uri),
  related: [],
  fixes: [],
  ...(others ? { otherSideOf: others.map((each) => place(each)) } : {}),
});
const counted = (...findings: Finding[]): string[] => mistakesOf(findings).map(({ at }) => at.doc.uri);

it('a mistake on two sides counts once', () => expect(counted(finding('sa', 'error'), finding('trust', 'error', ['sa']))).toEqual(['sa']));
it('whichever side comes first', () => expect(counted(finding('trust', 'error', ['sa']), finding('sa', 'error'))).toEqual(['sa']));
it('the other side of several counts once with each of them', () =>
  expect(counted(finding('a', 'error'), finding('b', 'error'), finding('trust', 'error', ['a', 'b']))).toEqual(['a', 'b']));
it('the other side alone counts', () => expect(counted(finding('trust', 'error', ['sa']))).toEqual(['trust']));
it('so does one that is told at a higher level', () =>
  expect(counted(finding('sa', 'info'), finding('trust', 'error', ['sa']))).toEqual(['sa', 'trust']));
