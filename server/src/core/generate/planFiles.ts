import { annotateAccount, type AnnotateOptions } from './annotate';
import { alreadyAllows, mergeTrust } from './mergeTrust';
import { policyFromText } from '../readers/policyDocument';
import { accountName, type Pair } from './pair';
import { prove } from './prove';
import { addRoleEntry } from './roleEntry';
import type { FileRole, GeneratedFile, Writer } from './writers/writer';

/** What is there already, as the front finds it. Paths are as in {@link GeneratedFile}: below the output folder. */
export interface ExistingFiles {
  /** The text of a file; undefined where there is none. */
  text(path: string): string | undefined;
  /** The file that holds the service account, where another one than the generated one does. */
  readonly accountPath?: string | undefined;
  /** The file that holds the role's trust policy as plain JSON, where another one than the generated one does. */
  readonly trustPath?: string | undefined;
  /** pod-roles.yaml, where the role is to be written into it, and the way from its folder to the output folder (`''` or `…/`). */
  readonly config?: { readonly path: string; readonly toOutput: string } | undefined;
}

export interface FileOptions extends AnnotateOptions {
  /** Write over files that cannot be joined with what is generated. */
  readonly force?: boolean;
  /** Characters without white space that a trust policy may have. */
  readonly trustPolicyQuota: number;
}

/** One file of the plan. */
export interface FileChange {
  readonly path: string;
  /** `same`: nothing to write. `edit`: joined with what is there. `replace`: written over, by the user's word. */
  readonly action: 'create' | 'edit' | 'replace' | 'same';
  readonly before?: string;
  readonly after: string;
  readonly role: FileRole | 'config';
  readonly executable?: true;
  /** What is done to a file that was there, in a sentence. */
  readonly how?: string;
}

export interface FilesPlan {
  readonly changes: readonly FileChange[];
  /** Why it cannot be written, in sentences: with one of them nothing is written. */
  readonly problems: readonly string[];
  /** What is worth knowing, and what else has to be done. */
  readonly notes: readonly string[];
}

/** What writing the pair does to the files: nothing is lost that was there. Pure: the front reads and writes. */
export function planFiles(pair: Pair, chosen: readonly Writer[], existing: ExistingFiles, options: FileOptions): FilesPlan {
  const plan = new Plan(pair, existing, options);
  for (const writer of chosen) {
    const cannot = writer.cannot?.(pair) ?? [];
    plan.problems.push(...cannot);
    if (cannot.length > 0) continue;
    for (const file of writer.write(pair)) plan.add(file);
    plan.notes.push(...(writer.next?.(pair) ?? []));
  }
  plan.addConfig();
  return { changes: plan.changes, problems: [...new Set(plan.problems)], notes: [...new Set(plan.notes)] };
}

class Plan {
  readonly changes: FileChange[] = [];
  readonly problems: string[] = [];
  readonly notes: string[] = [];

  constructor(
    private readonly pair: Pair,
    private readonly existing: ExistingFiles,
    private readonly options: FileOptions,
  ) {}

  add(file: GeneratedFile): void {
    const path =
      (file.role === 'service-account' ? this.existing.accountPath : file.role === 'trust-policy' ? this.existing.trustPath : undefined) ??
      file.path;
    if (this.changes.some((change) => change.path === path)) return;
    if (file.role === 'trust-policy') this.problems.push(...prove(policyFromText(file.text), this.pair));
    const before = this.existing.text(path);
    if (before === undefined) {
      const { role, text, executable } = file;
      this.changes.push({ path, action: 'create', after: text, role, ...(executable ? { executable } : {}) });
    } else if (before === file.text) {
      this.changes.push({ path, action: 'same', before, after: before, role: file.role });
    } else {
      this.join(file, path, before);
    }
  }

  private join(file: GeneratedFile, path: string, before: string): void {
    if (file.role === 'service-account') this.account(file, path, before);
    else if (file.role === 'trust-policy') this.trust(file, path, before);
    else this.overwrite(file, path, before, `${path} is there already, with other content.`);
  }

  private account(file: GeneratedFile, path: string, before: string): void {
    // The front found the account in this file, by name alone where it names no namespace.
    const options = {
      ...this.options,
      ...(this.options.force ? { replace: true } : {}),
      ...(path === this.existing.accountPath ? { anyNamespace: true } : {}),
    };
    const result = annotateAccount(`file:///${path}`, before, this.pair, options);
    if (result.kind === 'same') this.changes.push({ path, action: 'same', before, after: before, role: file.role });
    else if (result.kind === 'changed')
      this.changes.push({ path, action: 'edit', before, after: result.text, how: result.how, role: file.role });
    else if (result.kind === 'refused')
      this.problems.push(`${path}: ${result.message}${result.replaceable ? ' To write over it, say so (--force).' : ''}`);
    else this.overwrite(file, path, before, `${path} is there already, and does not hold ${accountName(this.pair)}.`);
  }

  private trust(file: GeneratedFile, path: string, before: string): void {
    const result = mergeTrust(before, this.pair, this.options.trustPolicyQuota);
    if (result.kind === 'same') {
      this.changes.push({ path, action: 'same', before, after: before, role: file.role, how: alreadyAllows(this.pair, result.everybody) });
    } else if (result.kind === 'changed') {
      this.changes.push({ path, action: 'edit', before, after: result.text, how: result.how, role: file.role });
      if (result.note !== undefined) this.notes.push(result.note);
    } else {
      this.overwrite(file, path, before, `${path}: ${result.message}`);
    }
  }

  private overwrite({ role, text, executable }: GeneratedFile, path: string, before: string, problem: string): void {
    if (this.options.force)
      this.changes.push({
        path,
        action: 'replace',
        before,
        after: text,
        role,
        how: 'The file is written over.',
        ...(executable ? { executable } : {}),
      });
    else this.problems.push(`${problem} To write over it, say so (--force).`);
  }

  /** The tie of the role to its trust policy. What says it already, or cannot be edited by line, stays. */
  addConfig(): void {
    const { config } = this.existing;
    const trust = this.changes.find(({ role }) => role === 'trust-policy');
    if (!config || !trust) return;
    const before = this.existing.text(config.path);
    const after = addRoleEntry(before ?? '', this.pair.role.name, `${config.toOutput}${trust.path}`);
    if (after === undefined) return;
    this.changes.push({
      path: config.path,
      after,
      role: 'config',
      how: `The role ${this.pair.role.name} is tied to its trust policy.`,
      ...(before === undefined ? { action: 'create' } : { action: 'edit', before }),
    });
  }
}
