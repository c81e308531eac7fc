import type { Finding, Level, Report, Rule, RuleContext } from './rule';
import type { Suppression } from './suppressions';
import { fileMatcher, type FileMatcher } from '../config/globs';
import type { Settings } from '../config/settings';
import type { Fact, TrustPolicyFact } from '../model/facts';
import type { Verdict } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import { isWritable } from './support/guards';
import { auditSuppressions } from './unused-suppression';

/** What the engine asks of its workspace. */
export interface EngineHost {
  readonly wiring: Wiring;
  verdict(chain: Chain): Verdict | undefined;
  position: NonNullable<RuleContext['position']>;
  suppressions(uri: string): readonly Suppression[];
}

type Severity = Exclude<Level, 'off'>;

const rank: Readonly<Record<Level, number>> = { off: 0, info: 1, warning: 2, error: 3 };

/**
 * Runs the rules over a file's facts. A rule that throws costs itself alone in that place and is told once to
 * `onError`. Deterministic: the same facts and settings give the same findings in the same order.
 */
export class Engine {
  private settings: Settings;
  private ignored: FileMatcher = () => false;
  private overrides: readonly { readonly matches: FileMatcher; readonly rules: Readonly<Record<string, Level>> }[] = [];
  private readonly failed = new Set<string>();
  private causes = new WeakMap<TrustPolicyFact, boolean>();
  private consequences = new WeakMap<TrustPolicyFact, boolean>();

  constructor(
    private readonly rules: readonly Rule[],
    private readonly host: EngineHost,
    settings: Settings,
    private readonly onError: (message: string) => void,
  ) {
    this.settings = settings;
    this.configure(settings);
  }

  /** Takes new settings. */
  configure(settings: Settings): void {
    this.settings = settings;
    this.ignored = fileMatcher(settings.ignore, settings.base);
    this.overrides = settings.overrides.map(({ paths, rules }) => ({ matches: fileMatcher(paths, settings.base), rules }));
    this.forget();
  }

  /** Drops what was remembered of policies: to be called when any fact of the workspace changes. */
  forget(): void {
    this.causes = new WeakMap();
    this.consequences = new WeakMap();
  }

  /** True when the settings pass a file over. */
  ignores(uri: string): boolean {
    return this.ignored(uri);
  }

  /** The findings of one file, sorted by place and rule, suppressions and levels applied. */
  check(uri: string): readonly Finding[] {
    if (this.ignored(uri)) return [];
    const facts = this.host.wiring.facts(uri);
    const suppressions = this.host.suppressions(uri);
    const overrides = this.overrides.filter(({ matches }) => matches(uri));
    const found: Finding[] = [];
    const levels = new Map<string, Level>();
    for (const rule of this.rules) {
      const level = this.levelOf(rule, overrides);
      levels.set(rule.id, level);
      if (level === 'off') continue;
      for (const report of this.reports(rule, facts)) found.push(this.writable(finding(rule, level, report)));
    }
    const { kept, audit } = auditSuppressions(found, suppressions, this.rules, levels);
    return sorted([...kept, ...audit]);
  }

  /** The finding without the fixes that would write into expressions. */
  private writable(finding: Finding): Finding {
    const fixes = finding.fixes.filter((fix) => isWritable(fix, (uri) => this.host.wiring.facts(uri)));
    return fixes.length === finding.fixes.length ? finding : { ...finding, fixes };
  }

  private levelOf(rule: Rule, overrides: readonly { readonly rules: Readonly<Record<string, Level>> }[]): Level {
    let level = own(this.settings.rules, rule.id) ?? rule.level;
    for (const { rules } of overrides) level = own(rules, rule.id) ?? level;
    return level;
  }

  /** What one rule reports of the facts. */
  private reports(rule: Rule, facts: readonly Fact[]): Report[] {
    const reports: Report[] = [];
    const context = this.context(reports);
    const { checks } = rule;
    for (const fact of facts) {
      switch (fact.kind) {
        case 'annotation':
          this.run(rule, () => checks.annotation?.(fact, context));
          break;
        case 'serviceAccount':
          this.run(rule, () => checks.serviceAccount?.(fact, context));
          if (checks.chain) this.runChain(rule, this.host.wiring.chainOf(fact), context);
          break;
        case 'workload':
          this.run(rule, () => checks.workload?.(fact, context));
          break;
        case 'object':
          this.run(rule, () => checks.object?.(fact, context));
          break;
        case 'trustPolicy':
          if (checks.trustPolicy && fact.concerns !== 'other' && !(rule.phase === 'consequence' && this.hasCause(fact))) {
            this.run(rule, () => checks.trustPolicy?.(fact, context));
          }
          break;
        case 'podIdentityAssociation':
          this.run(rule, () => checks.association?.(fact, context));
          break;
        case 'role':
        case 'kustomization':
        case 'oidcProvider':
        case 'cluster':
      }
    }
    return reports;
  }

  private runChain(rule: Rule, chain: Chain | undefined, context: RuleContext): void {
    if (!chain) return;
    const tie = chain.ties[0];
    // Nothing is reported in the role's own policy in AWS, so that its chains are where its mistakes are told.
    const policy = tie?.kind === 'aws' ? undefined : tie?.policy;
    if (rule.phase === 'consequence' && policy && (this.hasCause(policy) || this.hasConsequence(policy))) return;
    this.run(rule, () => rule.checks.chain?.(chain, context));
  }

  private run(rule: Rule, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (this.failed.has(rule.id)) return;
      this.failed.add(rule.id);
      this.onError(`The rule ${rule.id} failed and is passed over where it fails: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  /** True when a rule that names a mistake finds an error in a policy, whatever level or suppression hides it. */
  private hasCause(policy: TrustPolicyFact): boolean {
    return this.remember(this.causes, policy, (rule) => rule.phase !== 'consequence');
  }

  /** True when the policy alone, whoever asks, already lets nobody in. */
  private hasConsequence(policy: TrustPolicyFact): boolean {
    return this.remember(this.consequences, policy, (rule) => rule.phase === 'consequence');
  }

  private remember(memory: WeakMap<TrustPolicyFact, boolean>, policy: TrustPolicyFact, which: (rule: Rule) => boolean): boolean {
    const known = memory.get(policy);
    if (known !== undefined) return known;
    // A rule that leads back here while it is asked finds no answer yet.
    memory.set(policy, false);
    const answer = this.rules.some((rule) => {
      if (!rule.checks.trustPolicy || !which(rule)) return false;
      const reports: Report[] = [];
      const context = this.context(reports);
      this.run(rule, () => rule.checks.trustPolicy?.(policy, context));
      return reports.some((report) => (report.level ?? rule.level) === 'error');
    });
    memory.set(policy, answer);
    return answer;
  }

  private context(reports: Report[]): RuleContext {
    const { host, settings } = this;
    return {
      report: (report) => void reports.push(report),
      wiring: host.wiring,
      settings,
      verdict: (chain) => host.verdict(chain),
      position: (doc, offset) => host.position(doc, offset),
    };
  }
}

function finding(rule: Rule, level: Severity, report: Report): Finding {
  const shown = report.level && rank[report.level] < rank[level] ? report.level : level;
  return {
    rule: rule.id, level: shown, message: report.message, at: { doc: report.doc, span: report.span },
    related: report.related ?? [], fixes: report.fixes ?? [],
  };
}

function own(levels: Readonly<Record<string, Level>>, id: string): Level | undefined {
  return Object.hasOwn(levels, id) ? levels[id] : undefined;
}

/** By place, then rule, then message; the same finding twice (an anchor seen through its aliases) is one. */
function sorted(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings
    .filter(({ rule, at, message }) => {
      const key = `${at.doc.index} ${at.span.start} ${at.span.end} ${rule} ${message}`;
      return seen.has(key) ? false : seen.add(key);
    })
    .sort((a, b) =>
      a.at.doc.index - b.at.doc.index || a.at.span.start - b.at.span.start || a.at.span.end - b.at.span.end ||
      compare(a.rule, b.rule) || compare(a.message, b.message));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
