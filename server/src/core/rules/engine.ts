import type { Checks, Finding, Level, Report, Rule, RuleContext } from './rule';
import type { Suppression } from './suppressions';
import { fileMatcher, type FileMatcher } from '../config/globs';
import type { Settings } from '../config/settings';
import type { Fact, PodIdentityAssociationFact, ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import type { DocumentRef } from '../syntax/sourceFile';
import { plainGrant } from '../trust/plainPolicy';
import type { Verdict } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';
import { isWritable } from './support/guards';
import { auditSuppressions } from './unused-suppression';
import { errorLines } from '../text/errorLines';

/** What the engine asks of its workspace. */
export interface EngineHost {
  readonly wiring: Wiring;
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
  readonly policies: readonly TrustPolicyFact[];
}

type Severity = Exclude<Level, 'off'>;

/** What was found of a document: its findings before suppressions, and what rules say of its policies. */
interface Memory {
  findings?: readonly Finding[];
  readonly policies: Map<TrustPolicyFact, PolicyMemory>;
}

interface PolicyMemory {
  readonly reports: Map<Rule, readonly Report[]>;
  cause?: boolean;
  consequence?: boolean;
}

/** A bit for each kind of facts that rules look at: what a document holds and what a rule wants meet in one step. */
const bits: Readonly<Record<Fact['kind'], number>> = {
  annotation: 1, serviceAccount: 2, workload: 4, object: 8, trustPolicy: 16, podIdentityAssociation: 32,
  role: 0, rolePolicy: 0, kustomization: 0, oidcProvider: 0, cluster: 0,
};

function bitsOf(facts: readonly Fact[]): number {
  let kinds = 0;
  for (const { kind } of facts) kinds |= bits[kind];
  return kinds;
}

/** The kinds of facts that a rule looks at, as bits. */
function kindsOf({ annotation, serviceAccount, chain, workload, object, trustPolicy, association }: Checks): number {
  return (annotation ? bits.annotation : 0) | (serviceAccount ?? chain ? bits.serviceAccount : 0) | (workload ? bits.workload : 0) |
    (object ? bits.object : 0) | (trustPolicy ? bits.trustPolicy : 0) | (association ? bits.podIdentityAssociation : 0);
}

const none: readonly Report[] = [];

/** True for a policy by itself in which no rule can find anything that looks at it alone; see trust/plainPolicy.ts. */
function isPlain({ policy, holder, roleName, roleArn, unsubstituted }: TrustPolicyFact): boolean {
  return !holder && !roleName && !roleArn && !unsubstituted?.length && plainGrant(policy) !== undefined;
}

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
  /** What was found in documents, until something changes that bears on them. */
  private memory = new WeakMap<DocumentRef, Memory>();
  /** The levels of the rules where no override changes them. */
  private levels: ReadonlyMap<string, Level> = new Map();

  constructor(
    private readonly rules: readonly Rule[],
    private readonly host: EngineHost,
    settings: Settings,
    private readonly onError: (message: string) => void,
  ) {
    this.settings = settings;
    this.withChecks = rules.map((rule) => [rule, kindsOf(rule.checks)]);
    this.configure(settings);
  }

  /** Takes new settings. */
  configure(settings: Settings): void {
    this.settings = settings;
    this.ignored = fileMatcher(settings.ignore, settings.base);
    this.overrides = settings.overrides.map(({ paths, rules }) => ({ matches: fileMatcher(paths, settings.base), rules }));
    this.levels = this.levelsWith([]);
    this.forget();
  }

  /** Drops all that was found: to be called when something changed that may bear on any document. */
  forget(): void {
    this.memory = new WeakMap();
  }

  /** Drops what was found in a document: to be called when it or something that bears on it changed. */
  invalidate(doc: DocumentRef): void {
    this.memory.delete(doc);
  }

  /** True when the settings pass a file over. */
  ignores(uri: string): boolean {
    return this.ignored(uri);
  }

  /** The findings of one file, sorted by place and rule, suppressions and levels applied. `documents`: each with its facts. */
  check(uri: string, documents: Iterable<readonly [DocumentRef, readonly Fact[]]>): readonly Finding[] {
    if (this.ignored(uri)) return [];
    const overrides = this.overrides.filter(({ matches }) => matches(uri));
    const levels = overrides.length === 0 ? this.levels : this.levelsWith(overrides);
    const found: Finding[] = [];
    for (const [doc, facts] of documents) {
      const memory = this.memoryOf(doc);
      memory.findings ??= this.findings(facts, levels);
      for (const finding of memory.findings) found.push(finding);
    }
    const suppressions = this.host.suppressions(uri);
    if (suppressions.length === 0) return sorted(found);
    const { kept, audit } = auditSuppressions(found, suppressions, this.rules, levels);
    return sorted([...kept, ...audit]);
  }

  private memoryOf(doc: DocumentRef): Memory {
    let memory = this.memory.get(doc);
    if (!memory) this.memory.set(doc, (memory = { policies: new Map() }));
    return memory;
  }

  /** What the rules find in a document's facts. */
  private findings(facts: readonly Fact[], levels: ReadonlyMap<string, Level>): Finding[] {
    const found: Finding[] = [];
    const kinds = bitsOf(facts);
    if (kinds === 0) return found;
    for (const [rule, concerned] of this.withChecks) {
      if ((kinds & concerned) === 0) continue;
      const level = levels.get(rule.id)!;
      if (level === 'off') continue;
      for (const report of this.reports(rule, facts)) found.push(this.writable(finding(rule, level, report)));
    }
    return found;
  }

  private levelsWith(overrides: readonly { readonly rules: Readonly<Record<string, Level>> }[]): ReadonlyMap<string, Level> {
    return new Map(this.rules.map((rule) => [rule.id, this.levelOf(rule, overrides)]));
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
          if (checks.chain) for (const chain of this.host.wiring.chainsFor(fact)) this.runChain(rule, chain, context);
          break;
        case 'workload':
          this.run(rule, () => checks.workload?.(fact, context));
          break;
        case 'object':
          this.run(rule, () => checks.object?.(fact, context));
          break;
        case 'trustPolicy':
          // What a tool writes by itself is nobody's mistake.
          if (checks.trustPolicy && !fact.made && fact.concerns !== 'other' && !(rule.phase === 'consequence' && this.hasCause(fact))) reports.push(...this.reportsOn(rule, fact));
          break;
        case 'podIdentityAssociation':
          if (checks.association && !(rule.phase === 'consequence' && this.causeOfGrant(fact))) this.run(rule, () => checks.association?.(fact, context));
          break;
        case 'role':
        case 'kustomization':
        case 'rolePolicy':
        case 'oidcProvider':
        case 'cluster':
      }
    }
    return reports;
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
      note((rule, context) => void (rule.id === 'role-arn-malformed' && (rule.checks.annotation?.(chain.request, context), rule.checks.serviceAccount?.(chain.account, context))));
    }
    if (account && (!chain || chain.overriddenBy)) note((rule, context) => void (rule.id === 'association-role-mismatch' && rule.checks.serviceAccount?.(account, context)));
    for (const policy of policies) {
      for (const rule of this.rules) if (!found.includes(rule.id) && this.reportsOn(rule, policy).some((report) => (report.level ?? rule.level) === 'error')) found.push(rule.id);
    }
    return found;
  }

  private run(rule: Rule, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (this.failed.has(rule.id)) return;
      this.failed.add(rule.id);
      this.onError(`The rule ${rule.id} failed and is passed over where it fails: ${errorLines(error).join('\n')}`);
    }
  }

  /** True when a mistake in the trust policy of an association's role is told there. */
  private causeOfGrant(association: PodIdentityAssociationFact): boolean {
    const tie = this.host.wiring.grantOf(association)?.ties[0];
    return tie !== undefined && tie.kind !== 'aws' && (this.hasCause(tie.policy) || this.hasConsequence(tie.policy));
  }

  /** True when a rule that names a mistake finds an error in a policy, whatever level or suppression hides it. */
  private hasCause(policy: TrustPolicyFact): boolean {
    return this.remember('cause', policy);
  }

  /** True when the policy alone, whoever asks, already lets nobody in. */
  private hasConsequence(policy: TrustPolicyFact): boolean {
    return this.remember('consequence', policy);
  }

  private remember(phase: 'cause' | 'consequence', policy: TrustPolicyFact): boolean {
    const memory = this.policyMemory(policy);
    const known = memory[phase];
    if (known !== undefined) return known;
    // A rule that leads back here while it is asked finds no answer yet.
    memory[phase] = false;
    return (memory[phase] = this.rules.some((rule) =>
      (rule.phase === 'consequence') === (phase === 'consequence') && this.reportsOn(rule, policy).some((report) => (report.level ?? rule.level) === 'error')));
  }

  /** What a rule reports of a policy, whoever asks: the policy's own file, or the engine for a chain that it is tied to. */
  private reportsOn(rule: Rule, policy: TrustPolicyFact): readonly Report[] {
    const { reports } = this.policyMemory(policy);
    const known = reports.get(rule);
    if (known) return known;
    if (!rule.looksBeyond && isPlain(policy)) return none;
    const found: Report[] = [];
    if (rule.checks.trustPolicy) this.run(rule, () => rule.checks.trustPolicy?.(policy, this.context(found)));
    reports.set(rule, found);
    return found;
  }

  private policyMemory(policy: TrustPolicyFact): PolicyMemory {
    const { policies } = this.memoryOf(policy.doc);
    let memory = policies.get(policy);
    if (!memory) policies.set(policy, (memory = { reports: new Map() }));
    return memory;
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
