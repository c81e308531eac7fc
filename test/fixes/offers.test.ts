import { describe, expect, test } from 'vitest';
import { FixJudge } from '../../server/src/core/fixes/judge';
import { isFixable, withOffers } from '../../server/src/core/fixes/offers';
import type { Finding, Fix } from '../../server/src/core/rules/rule';
import { findingsOf, openWorkspace } from '../support/fixtureWorkspace';

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: {
      Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F',
    },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub': 'system:serviceaccount:demo/app',
        'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud': 'sts.amazonaws.com',
      },
    },
  },
});

/** Judges that note what they were asked; each says what a proposal says. */
class Noting extends FixJudge {
  readonly judged: string[] = [];
  override costOf = (): number => 1;
  override judge(fix: Fix): Fix | undefined {
    this.judged.push(fix.title);
    return fix.title === 'wrong' ? undefined : { ...fix, safe: fix.safe && fix.title !== 'opens' };
  }
}

const offered = (...fixes: readonly (readonly [title: string, safe: boolean])[]) => {
  const judge = new Noting({ source: () => undefined, groupOf: () => undefined, subjectsOf: () => undefined });
  const at: Finding['at'] = { doc: { uri: 'file:///a', index: 0, start: 0 }, span: { start: 0, end: 1 } };
  const proposed = { rule: 'r', level: 'error', message: '', at, related: [] } as const;
  const [finding] = withOffers([{ ...proposed, fixes: fixes.map(([title, safe]) => ({ title, safe, edits: [] })) }], judge);
  return { finding: finding!, judge };
};

describe('whether a finding is fixable', () => {
  test('is told without judging the fixes that nobody would run unattended', () => {
    const { finding, judge } = offered(['ask', false], ['safe', true]);
    expect(isFixable(finding)).toBe(true);
    expect(judge.judged).toEqual(['safe']);
    expect(finding.fixes.map(({ title }) => title)).toEqual(['ask', 'safe']);
    const asked = offered(['ask', false]);
    expect(isFixable(asked.finding)).toBe(false);
    expect(asked.judge.judged).toEqual([]);
  });

  test('is what the fixes say that are offered', () => {
    for (const fixes of [
      [['opens', true]],
      [['wrong', true]],
      [
        ['opens', true],
        ['safe', true],
      ],
    ] as const) {
      const { finding } = offered(...fixes);
      expect(isFixable(finding)).toBe(finding.fixes.some(({ safe }) => safe));
    }
    const [real] = findingsOf(openWorkspace(new Map([['trust.json', policy]])), ['trust.json']);
    expect(real).toMatchObject({ rule: 'subject-malformed', fixable: true });
    expect(isFixable({ fixes: real!.fixes })).toBe(true);
  });
});
