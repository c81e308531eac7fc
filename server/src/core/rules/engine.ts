import type { Finding, Fix, Level, Report, Rule, RuleContext } from './rule';
import type { Suppression } from './suppressions';
import { fileMatcher, type FileMatcher } from '../config/globs';
import type { Settings } from '../config/settings';
import { isTestData } from '../config/testData';
import type { Fact, PodIdentityAssociationFact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import type { DocumentRef } from '../syntax/sourceFile';
import { accessOf } from '../trust/access';
import type { Verdict } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import { Answers, type Lookups } from '../wiring/lookups';
import type { Wiring } from '../wiring/wiring';
import { Addresses } from './support/addresses';
import { causeReport } from './support/causeReport';
import { Guards } from './support/guards';
import { OtherSides } from './support/otherSides';
import { auditSuppressions } from './unused-suppression';
import { errorLines } from '../text/errorLines';

/** What the engine asks of its workspace. */
export interface EngineHost {
  readonly wiring: Wiring;
  /** Notes that what is found depends on the facts of a document; and on what a fix is judged by that changes one. */
  noteDocument(doc: DocumentRef): void;
  noteFix(fix: Fix): void;
  workloadsOf: RuleContext['workloadsOf'];
  verdict(chain: Chain): Verdict | undefined;
  position: NonNullable<RuleContext['position']>;
  suppressions(uri: string): readonly Suppression[];
}

/** What may hold the cause that an account can't assume its role. */
export interface Cause {
  readonly chain?: Chain | undefined;
  /** The account, where it has no chain: an association of AWS's is told there. */
  readonly account?: ServiceAccountFact | undefined;
  readonly association?: PodIdentityAssociationFact | undefined;
  /** Workloads of the account: some run where an association gives them nothing. */
  readonly workloads?: readonly WorkloadFact[] | undefined;
  readonly policies: readonly TrustPolicyFact[];
}

type Severity = Exclude<Level, 'off'>;

/** What the rules of one phase report of a policy, whoever asks. */
type PolicyReports = ReadonlyMap<Rule, readonly Report[]>;

/** A bit for each kind of facts that rules look at: what a document holds and what a rule wants meet in one step. */
const bits: Readonly<Record<Fact['kind'], number>> = {
  annotation: 1,
  serviceAccount: 2,
  workload: 4,
  object: 8,
  trustPolicy: 16,
  podIdentityAssociation: 32,
  role: 0,
  rolePolicy: 0,
  kustomization: 0,
  oidcProvider: 0,
  cluster: 0,
  podIdentityAgent: 0,
  fargateProfile: 0,
};

function bitsOf(facts: readonly Fact[]): number {
  let kinds = 0;
  for (const { kind } of facts) kinds |= bits[kind];
  return kinds;
}

/** The kinds of facts that a rule looks at, as bits. */
function kindsOf(rule: Rule): number {
  const { annotation, serviceAccount, chain, workload, object, trustPolicy, association } = rule.checks;
  return (
    (annotation ? bits.annotation : 0) |
    ((serviceAccount ?? chain) ? bits.serviceAccount : 0) |
    (workload ? bits.workload : 0) |
    (object ? bits.object : 0) |
    ((trustPolicy ?? rule.twoSided) ? bits.trustPolicy : 0) |
    (association ? bits.podIdentityAssociation : 0)
  );
}

const noCauses: ReadonlyMap<Rule, readonly Report[]> = new Map();

/** Rules that report on a workload why it alone gets nothing from an association. */
const ofWorkloads: ReadonlySet<string> = new Set(['pod-identity-unsupported', 'operator-identity-mismatch']);

/** Rules that report on a service account what is wrong with an association that AWS has for it. */
const ofAwsAssociations = new Set(['association-role-mismatch', 'session-tags-disabled', 'target-role-mismatch']);

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
  private readonly withChecks: readonly (readonly [Rule, number])[];
  /** False where no rule looks for mistakes in trust policies: then nothing has to be looked up for them. */
  private readonly hasCauses: boolean;
  /** The findings of documents, before suppressions. */
  private readonly found: Answers<DocumentRef, readonly Finding[]>;
  private readonly policies: Readonly<Record<'cause' | 'consequence', Answers<TrustPolicyFact, PolicyReports>>>;
  /** The levels of the rules where no override changes them. */
  private levels: ReadonlyMap<string, Level> = new Map();

  constructor(
    private readonly rules: readonly Rule[],
    private readonly host: EngineHost,
    settings: Settings,
    private readonly onError: (message: string) => void,
    lookups: Lookups,
    onStale: (doc: DocumentRef) => void,
  ) {
    this.settings = settings;
    this.found = new Answers(lookups, onStale);
    this.policies = { cause: new Answers(lookups), consequence: new Answers(lookups) };
    this.withChecks = rules.map((rule) => [rule, kindsOf(rule)]);
    this.hasCauses = rules.some(({ checks, phase }) => checks.trustPolicy !== undefined && phase !== 'consequence');
    this.configure(settings);
  }

  /** Takes new settings. */
  configure(settings: Settings): void {
    this.settings = settings;
    this.ignored = fileMatcher(settings.ignore, settings.base);
    this.overrides = settings.overrides.map(({ paths, rules }) => ({ matches: fileMatcher(paths, settings.base), rules }));
    this.levels = this.levelsWith([]);
  }

  /** True when the settings say that a file is not checked. */
  ignores(uri: string): boolean {
    return this.ignored(uri);
  }

  /** The findings of one document, before suppressions: kept until something changes that was looked up for them. */
  check(doc: DocumentRef, facts: readonly Fact[], levels: ReadonlyMap<string, Level>): readonly Finding[] {
    return this.found.get(doc, () => {
      this.host.noteDocument(doc);
      return this.findings(facts, levels);
    });
  }

  /** What is told of a file: the findings of its documents, sorted by place and rule, without those that its comments turn off. */
  report(uri: string, found: readonly Finding[], levels: ReadonlyMap<string, Level>): readonly Finding[] {
    const suppressions = this.host.suppressions(uri);
    if (suppressions.length === 0) return sorted(found);
    const { kept, audit } = auditSuppressions(found, suppressions, this.rules, levels);
    return sorted([...kept, ...audit]);
  }

  /** The levels of the rules for a file. */
  levelsOf(uri: string): ReadonlyMap<string, Level> {
    const overrides = this.overrides.filter(({ matches }) => matches(uri));
    return overrides.length === 0 ? this.levels : this.levelsWith(overrides);
  }

  /** What the rules find in a document's facts. */
  private findings(facts: readonly Fact[], levels: ReadonlyMap<string, Level>): Finding[] {
    const found: Finding[] = [];
    const kinds = bitsOf(facts);
    if (kinds === 0) return found;
    const guards = new Guards((doc) => this.host.wiring.factsIn(doc));
    const addresses = new Addresses(facts);
    const causes = (kinds & bits.serviceAccount) === 0 || !this.hasCauses ? noCauses : this.causesOn(facts);
    for (const [rule, concerned] of this.withChecks) {
      const own = causes.get(rule) ?? [];
      if ((kinds & concerned) === 0 && own.length === 0) continue;
      const level = levels.get(rule.id)!;
      if (level === 'off') continue;
      for (const report of [...this.reports(rule, facts), ...own])
        found.push(addresses.named(writable(this.finding(rule, level, report), guards)));
    }
    for (const { fixes } of found) for (const fix of fixes) this.host.noteFix(fix);
    return found;
  }

  /** A report as it is told: test data deploys nothing, so that nothing in it is more than an info. */
  private finding(rule: Rule, level: Severity, report: Report): Finding {
    const found = finding(rule, level, report);
    return found.level !== 'info' && isTestData(report.doc.uri, this.settings.base) ? { ...found, level: 'info' } : found;
  }

  private levelsWith(overrides: readonly { readonly rules: Readonly<Record<string, Level>> }[]): ReadonlyMap<string, Level> {
    return new Map(this.rules.map((rule) => [rule.id, this.levelOf(rule, overrides)]));
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
    const otherSides = new OtherSides();
    for (const fact of facts) {
      switch (fact.kind) {
        case 'annotation':
          if (checks.annotation) this.run(rule, () => checks.annotation?.(fact, context));
          break;
        case 'serviceAccount':
          if (checks.serviceAccount) this.run(rule, () => checks.serviceAccount?.(fact, context));
          if (checks.chain) for (const chain of this.host.wiring.chainsFor(fact)) this.runChain(rule, chain, context);
          break;
        case 'workload':
          if (checks.workload) this.run(rule, () => checks.workload?.(fact, context));
          break;
        case 'object':
          if (checks.object) this.run(rule, () => checks.object?.(fact, context));
          break;
        case 'trustPolicy':
          // What a tool writes by itself is nobody's mistake.
          if (fact.made || fact.concerns === 'other' || (rule.phase === 'consequence' && this.hasCause(fact))) break;
          if (checks.trustPolicy) reports.push(...(this.reportsOn(rule.phase ?? 'cause', fact).get(rule) ?? []));
          if (rule.twoSided) this.noteOtherSides(rule, fact, otherSides);
          break;
        case 'podIdentityAssociation':
          if (checks.association && !(rule.phase === 'consequence' && this.causeOfGrant(fact)))
            this.run(rule, () => checks.association?.(fact, context));
          break;
        case 'role':
        case 'kustomization':
        case 'rolePolicy':
        case 'oidcProvider':
        case 'cluster':
        case 'podIdentityAgent':
        case 'fargateProfile':
      }
    }
    reports.push(...otherSides.reports());
    return reports;
  }

  /** What a rule reports on the chains of a policy, as far as its other side is in the policy's document. */
  private noteOtherSides(rule: Rule, policy: TrustPolicyFact, sides: OtherSides): void {
    for (const chain of this.host.wiring.chainsOf(policy)) {
      const [tie] = chain.ties;
      const { uri } = chain.request.doc;
      if (tie?.kind === 'aws' || tie?.policy !== policy || this.ignores(uri)) continue;
      const level = this.levelsOf(uri).get(rule.id)!;
      if (level === 'off') continue;
      const found: Report[] = [];
      this.runChain(rule, chain, this.context(found));
      for (const report of found) if (report.otherSide?.at.doc === policy.doc) sides.note(report, this.finding(rule, level, report).level);
    }
    if (rule.checks.association) this.noteAssociations(rule, policy, sides);
  }

  /** The same for the associations that have the policy's role. */
  private noteAssociations(rule: Rule, policy: TrustPolicyFact, sides: OtherSides): void {
    for (const { association } of this.host.wiring.grantsTo(policy)) {
      if (!association || this.ignores(association.doc.uri) || (rule.phase === 'consequence' && this.causeOfGrant(association))) continue;
      const level = this.levelsOf(association.doc.uri).get(rule.id)!;
      if (level === 'off') continue;
      const found: Report[] = [];
      this.run(rule, () => rule.checks.association?.(association, this.context(found)));
      for (const report of found) if (report.otherSide?.at.doc === policy.doc) sides.note(report, this.finding(rule, level, report).level);
    }
  }

  /** By rule, what is reported on the chains of the accounts among the facts for a mistake in a trust policy: see {@link causeIn}. */
  private causesOn(facts: readonly Fact[]): ReadonlyMap<Rule, readonly Report[]> {
    const causes = new Map<Rule, Report[]>();
    for (const fact of facts) {
      if (fact.kind !== 'serviceAccount') continue;
      for (const chain of this.host.wiring.chainsFor(fact)) {
        const cause = this.causeIn(chain);
        if (!cause) continue;
        const same = causes.get(cause.rule);
        if (same) same.push(cause.report);
        else causes.set(cause.rule, [cause.report]);
      }
    }
    return causes;
  }

  /**
   * What is reported on an annotation whose role allows no pod for a mistake in its trust policy: the first of these mistakes,
   * under its own rule and with its fixes. The verdict says that the pod is denied, so that no other rule has to.
   */
  private causeIn(chain: Chain): { readonly rule: Rule; readonly report: Report } | undefined {
    const [tie] = chain.ties;
    if (!tie || chain.overriddenBy || tie.kind === 'aws' || tie.policy.made || tie.policy.concerns === 'other') return undefined;
    const { policy } = tie;
    if (policy.doc === chain.request.doc || this.ignores(policy.doc.uri)) return undefined;
    const first = firstError(this.reportsOn('cause', policy));
    if (!first) return undefined;
    const { rule } = first;
    const level = this.levelsOf(policy.doc.uri).get(rule.id)!;
    const { decision, fault } = accessOf(chain, undefined, this.host.verdict(chain));
    if (level === 'off' || decision !== 'denied' || fault) return undefined;
    return { rule, report: causeReport(chain, first.report, this.finding(rule, level, first.report).level) };
  }

  private runChain(rule: Rule, chain: Chain, context: RuleContext): void {
    // The annotation has no effect: what is wrong with its role hurts nobody (association-hides-annotation says so).
    if (chain.overriddenBy) return;
    const tie = chain.ties[0];
    // Nothing is reported in the role's own policy in AWS, so that its chains are where its mistakes are told.
    const policy = tie?.kind === 'aws' ? undefined : tie?.policy;
    if (rule.phase === 'consequence' && policy && (this.hasCause(policy) || this.hasConsequence(policy))) return;
    this.run(rule, () => rule.checks.chain?.(chain, context));
  }

  /**
   * The rules that report why a chain's pods can't assume their role: on the chain, its annotation, the association that
   * overrides it or the role's trust policy; whatever level, suppression or ignored path hides them. The nearest first.
   */
  causesOf(what: Cause): string[] {
    const found: string[] = [];
    const note = (check: (rule: Rule, context: RuleContext) => void): void => {
      for (const rule of this.rules) {
        const reports: Report[] = [];
        this.run(rule, () => check(rule, this.context(reports)));
        if (reports.length > 0 && !found.includes(rule.id)) found.push(rule.id);
      }
    };
    const { chain, association, policies, account = chain?.account } = what;
    if (association) note((rule, context) => rule.checks.association?.(association, context));
    if (chain && !chain.overriddenBy) {
      note((rule, context) => rule.checks.chain?.(chain, context));
      // Only these say that the annotation's own value is wrong.
      note(
        (rule, context) =>
          void (
            rule.id === 'role-arn-malformed' &&
            (rule.checks.annotation?.(chain.request, context), rule.checks.serviceAccount?.(chain.account, context))
          ),
      );
    }
    for (const workload of what.workloads ?? [])
      note((rule, context) => void (ofWorkloads.has(rule.id) && rule.checks.workload?.(workload, context)));
    if (account && (!chain || chain.overriddenBy))
      note((rule, context) => void (ofAwsAssociations.has(rule.id) && rule.checks.serviceAccount?.(account, context)));
    for (const policy of policies) {
      for (const rule of this.rules)
        if (
          !found.includes(rule.id) &&
          (this.reportsOn(rule.phase ?? 'cause', policy).get(rule) ?? []).some((report) => isError(rule, report))
        )
          found.push(rule.id);
    }
    return found;
  }

  private run(rule: Rule, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (this.failed.has(rule.id)) return;
      this.failed.add(rule.id);
      this.onError(`The rule ${rule.id} failed and is skipped there: ${errorLines(error).join('\n')}`);
    }
  }

  /** True when a mistake in the trust policy of an association's role is told there. */
  private causeOfGrant(association: PodIdentityAssociationFact): boolean {
    const tie = this.host.wiring.grantOf(association)?.ties[0];
    return tie !== undefined && tie.kind !== 'aws' && (this.hasCause(tie.policy) || this.hasConsequence(tie.policy));
  }

  /** True when a rule that names a mistake finds an error in a policy, whatever level or suppression hides it. */
  private hasCause(policy: TrustPolicyFact): boolean {
    return hasError(this.reportsOn('cause', policy));
  }

  /** True when the policy alone, whoever asks, already lets nobody in. */
  private hasConsequence(policy: TrustPolicyFact): boolean {
    return hasError(this.reportsOn('consequence', policy));
  }

  /** What the rules of a phase report of a policy: its own file asks, and chains that it is tied to. */
  private reportsOn(phase: 'cause' | 'consequence', policy: TrustPolicyFact): PolicyReports {
    return this.policies[phase].get(policy, () => {
      this.host.noteDocument(policy.doc);
      const reports = new Map<Rule, readonly Report[]>();
      for (const rule of this.rules) {
        if (!rule.checks.trustPolicy || (rule.phase === 'consequence') !== (phase === 'consequence')) continue;
        const found: Report[] = [];
        this.run(rule, () => rule.checks.trustPolicy?.(policy, this.context(found)));
        if (found.length > 0) reports.set(rule, found);
      }
      return reports;
    });
  }

  private context(reports: Report[]): RuleContext {
    const { host, settings } = this;
    return {
      report: (report) => void reports.push(report),
      wiring: host.wiring,
      workloadsOf: (account) => host.workloadsOf(account),
      settings,
      verdict: (chain) => host.verdict(chain),
      position: (doc, offset) => host.position(doc, offset),
    };
  }
}

function hasError(reports: PolicyReports): boolean {
  for (const [rule, found] of reports) if (found.some((report) => isError(rule, report))) return true;
  return false;
}

/** The first mistake in a policy's text for which it allows no pod. */
function firstError(reports: PolicyReports): { readonly rule: Rule; readonly report: Report } | undefined {
  let first: { readonly rule: Rule; readonly report: Report } | undefined;
  for (const [rule, found] of reports)
    for (const report of found)
      if (isError(rule, report) && (!first || report.span.start < first.report.span.start)) first = { rule, report };
  return first;
}

function isError(rule: Rule, report: Report): boolean {
  return (report.level ?? rule.level) === 'error';
}

/** The finding without the fixes that would write into expressions. */
function writable(finding: Finding, guards: Guards): Finding {
  const fixes = finding.fixes.filter((fix) => guards.allow(fix));
  return fixes.length === finding.fixes.length ? finding : { ...finding, fixes };
}

function finding(rule: Rule, level: Severity, report: Report): Finding {
  const shown = report.level && rank[report.level] < rank[level] ? report.level : level;
  return {
    rule: rule.id,
    level: shown,
    message: report.message,
    at: { doc: report.doc, span: report.span },
    related: report.related ?? [],
    fixes: report.fixes ?? [],
    ...(report.overlays ? { overlays: report.overlays } : {}),
    ...(report.otherSideOf ? { otherSideOf: report.otherSideOf } : {}),
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
    .sort(
      (a, b) =>
        a.at.doc.index - b.at.doc.index ||
        a.at.span.start - b.at.span.start ||
        a.at.span.end - b.at.span.end ||
        compare(a.rule, b.rule) ||
        compare(a.message, b.message),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
