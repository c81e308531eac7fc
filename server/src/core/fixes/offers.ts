import type { Finding, Fix } from '../rules/rule';
import type { FixJudge } from './judge';

/** So much text is read again to judge the fixes of one file, in UTF-16 units. */
const budget = 1_500_000;

/**
 * A file's findings with the fixes that may be offered, in place of what rules propose. They are judged when somebody asks
 * for the fixes of one: diagnostics while typing cost nothing. Of a long file with hundreds of fixes, those that may run
 * unattended are judged as one change, and where that is not sound only the first ones are offered.
 */
export function withOffers(findings: readonly Finding[], judge: FixJudge): readonly Finding[] {
  if (findings.every(({ fixes }) => fixes.length === 0)) return findings;
  const offers = new Offers(findings, judge);
  return findings.map((finding) => {
    if (finding.fixes.length === 0) return finding;
    let fixes: readonly Fix[] | undefined;
    let fixable: boolean | undefined;
    return {
      rule: finding.rule,
      level: finding.level,
      message: finding.message,
      at: finding.at,
      related: finding.related,
      ...(finding.otherSideOf ? { otherSideOf: finding.otherSideOf } : {}),
      get fixes() {
        return (fixes ??= offers.of(finding.fixes));
      },
      get fixable() {
        // A judge makes no fix safe that its rule does not call so.
        return (fixable ??= offers.of(finding.fixes.filter(({ safe }) => safe)).some(({ safe }) => safe));
      },
    };
  });
}

/** Whether a finding has a fix that may run unattended. */
export function isFixable(finding: Pick<Finding, 'fixable' | 'fixes'>): boolean {
  return finding.fixable ?? finding.fixes.some(({ safe }) => safe);
}

class Offers {
  private left = budget;
  /** The safe proposals that were judged all together, and found sound; undefined: not yet asked. */
  private sound: ReadonlySet<Fix> | undefined;

  constructor(
    private readonly findings: readonly Finding[],
    private readonly judge: FixJudge,
  ) {}

  of(fixes: readonly Fix[]): readonly Fix[] {
    const sound = this.judgedTogether();
    return fixes.flatMap((fix) => {
      if (sound.has(fix)) return [this.judge.withLineEnds(fix)];
      if (this.left <= 0) return [];
      this.left -= this.judge.costOf(fix);
      const offered = this.judge.judge(fix);
      return offered ? [offered] : [];
    });
  }

  private judgedTogether(): ReadonlySet<Fix> {
    return (this.sound ??= this.tooMany() ? this.soundTogether() : new Set());
  }

  private tooMany(): boolean {
    let cost = 0;
    for (const { fixes } of this.findings) for (const fix of fixes) if ((cost += this.judge.costOf(fix)) > budget) return true;
    return false;
  }

  private soundTogether(): ReadonlySet<Fix> {
    const fixes = this.findings.flatMap((finding) => finding.fixes.filter(({ safe }) => safe).slice(0, 1));
    return new Set(this.judge.isSoundTogether(fixes.flatMap(({ edits }) => edits)) ? fixes : []);
  }
}
