import { defaultSettings, type Settings } from '../config/settings';
import { isFixable } from '../fixes/offers';
import { allRules } from '../rules/registry';
import type { Finding, Rule } from '../rules/rule';
import { FileSet, type FileSetOptions } from './fileSet';

/**
 * Rules that set two things against each other which documentation shows as alternatives: with Pod Identity, without it,
 * in this namespace, in that.
 */
const alternatives: ReadonlySet<string> = new Set(['association-duplicate', 'association-hides-annotation', 'service-account-elsewhere']);

/** The rules that are run on documentation. */
export function rulesForDocumentation(rules: readonly Rule[]): Rule[] {
  return rules.filter(({ id }) => !alternatives.has(id));
}

/** What a finding is in documentation: worth knowing, never more; what is only worth knowing elsewhere is not reported. */
export function findingInDocumentation(finding: Finding): Finding[] {
  if (finding.level === 'info') return [];
  const { rule, message, at, related } = finding;
  // Fixes are judged when somebody asks for them.
  return [
    {
      rule,
      level: 'info',
      message,
      at,
      related,
      ...(finding.otherSideOf ? { otherSideOf: finding.otherSideOf } : {}),
      get fixes() {
        return finding.fixes;
      },
      get fixable() {
        return isFixable(finding);
      },
    },
  ];
}

/**
 * Files of documentation and scripts. Each is a set of its own: what an example says answers for nothing in the real
 * files, nor for another file's examples; fences of one file are joined.
 */
export class DocumentationSets {
  private readonly byUri = new Map<string, FileSet>();
  /** Files whose set was removed since findings were last asked for. */
  private readonly removed = new Set<string>();
  private readonly options: FileSetOptions;
  private settings: Settings;

  constructor({ reread: _reread, settings = defaultSettings, rules = allRules, ...options }: FileSetOptions) {
    this.options = { ...options, rules: rulesForDocumentation(rules) };
    this.settings = settings;
  }

  /** The set of a file that is here. */
  of(uri: string): FileSet | undefined {
    return this.byUri.get(uri);
  }

  /** A new set for a file. */
  make(uri: string): FileSet {
    const set = new FileSet({ ...this.options, settings: this.settings });
    this.byUri.set(uri, set);
    return set;
  }

  /** Forgets a file's set where nothing is left in it. */
  removeIfEmpty(uri: string): void {
    const set = this.byUri.get(uri);
    if (!set?.files.isEmpty) return;
    if (set.takeDirty().length > 0) this.removed.add(uri);
    this.byUri.delete(uri);
  }

  /** Takes new settings. */
  configure(settings: Settings): void {
    this.settings = settings;
    for (const set of this.byUri.values()) set.configure(settings);
  }

  all(): Iterable<FileSet> {
    return this.byUri.values();
  }

  /** The files that have facts. */
  *withFacts(): Generator<string> {
    for (const [uri, set] of this.byUri) if (set.wiring.facts(uri).length > 0) yield uri;
  }

  /** The files whose findings may have changed since it was last called. */
  takeDirty(): string[] {
    const dirty = new Set(this.removed);
    this.removed.clear();
    for (const set of this.byUri.values()) for (const uri of set.takeDirty()) dirty.add(uri);
    return [...dirty];
  }
}
