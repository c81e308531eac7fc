import type { Settings } from '../config/settings';
import type { Finding, Rule } from '../rules/rule';
import type { Workspace } from './workspace';

/**
 * Rules that set two things against each other which documentation shows as alternatives: with Pod Identity, without it,
 * in this namespace, in that.
 */
const alternatives: ReadonlySet<string> = new Set(['association-duplicate', 'association-hides-annotation', 'service-account-elsewhere']);

/** The rules that are asked about documentation. */
export function rulesForDocumentation(rules: readonly Rule[]): Rule[] {
  return rules.filter(({ id }) => !alternatives.has(id));
}

/** What a finding is in documentation: worth knowing, never more; what is only worth knowing elsewhere is not told. */
export function findingInDocumentation(finding: Finding): Finding[] {
  return finding.level === 'info' ? [] : [{ ...finding, level: 'info' }];
}

/**
 * Files of documentation and scripts. Each is a workspace of its own: what an example says answers for nothing in the real
 * files, nor for another file's examples; fences of one file are joined.
 */
export class Documentation {
  private readonly byUri = new Map<string, Workspace>();
  private settings: Settings | undefined;

  /** @param make an empty workspace for one file */
  constructor(private readonly make: () => Workspace) {}

  /** The workspace of a file that is here. */
  of(uri: string): Workspace | undefined {
    return this.byUri.get(uri);
  }

  /** The workspace for a file, made where it is not here yet. */
  at(uri: string): Workspace {
    let own = this.byUri.get(uri);
    if (!own) {
      this.byUri.set(uri, (own = this.make()));
      if (this.settings) own.configure(this.settings);
    }
    return own;
  }

  remove(uri: string): void {
    this.byUri.delete(uri);
  }

  configure(settings: Settings): void {
    this.settings = settings;
    for (const own of this.byUri.values()) own.configure(settings);
  }

  get all(): Iterable<Workspace> {
    return this.byUri.values();
  }

  get uris(): Iterable<string> {
    return this.byUri.keys();
  }
}
