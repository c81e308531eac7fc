import type { Settings } from '../config/settings';
import { documentationKind } from '../documents/documentation/kinds';
import type { FixedFiles } from '../fixes/fixAll';
import type { Span } from '../text/span';
import type { AwsIndex } from '../wiring/aws';
import type { FileSet } from './fileSet';
import type { StoredFile } from './files/storedFile';
import { SetsView } from './setsView';

export type { FileSetOptions as WorkspaceOptions } from './fileSet';

/**
 * All files of a workspace, read and joined: the one engine under editor and command line. Manifests and policies are one
 * set of files, each file of documentation is another. Never throws for any text.
 */
export class Workspace extends SetsView {
  /** Another number whenever a file, the settings or AWS's data change: work in steps that finds another begins again. */
  revision = 0;

  /** The set for a file that is to be read: by its name, or the editor's language. */
  private setFor(uri: string, languageId?: string): FileSet {
    return this.documentation.of(uri) ?? (documentationKind(uri, languageId) ? this.documentation.make(uri) : this.main);
  }

  private get sets(): FileSet[] {
    return [this.main, ...this.documentation.all()];
  }

  /** True where Terraform files that matter wait for the parser of HCL (syntax/hcl/parser.ts). */
  get waitsForHcl(): boolean {
    return this.sets.some((set) => set.files.waitsForHcl);
  }

  /** The files of documentation that hold something for us. */
  documents(): Iterable<string> {
    return this.documentation.withFacts();
  }

  /** Takes the text of a file that an editor has open. From now on the disk does not count for it. */
  open(uri: string, text: string, languageId?: string): void {
    this.revision++;
    const set = this.setFor(uri, languageId);
    set.files.open(uri, text, languageId);
    if (set !== this.main) this.main.files.noteSkipped(uri, set.files.reasonOf(uri));
  }

  /** Takes a new text of an open file; documents that did not change keep their facts and findings. */
  change(uri: string, text: string): void {
    this.revision++;
    this.setFor(uri).files.change(uri, text);
  }

  /** Takes one change of an open file: a text in the place of a stretch. `whole` gives the text after it, where it is needed. */
  edit(uri: string, changed: Span, text: string, whole: () => string): void {
    this.revision++;
    this.setFor(uri).files.edit(uri, changed, text, whole);
  }

  /** The editor closed a file: trees and text are let go, its facts stay until the disk is read again or the file is gone. */
  close(uri: string): void {
    this.revision++;
    const set = this.setOf(uri);
    set.files.close(uri);
    this.left(uri, set);
  }

  /** Takes a file from the disk: facts and line starts are kept, text and trees are not. An open file is left alone. */
  load(uri: string, text: string, languageId?: string): void {
    const steps = this.loading(uri, text, languageId);
    while (!steps.next().done);
  }

  /** The same in steps, a document or a few small ones each, so that others need not wait. */
  *loading(uri: string, text: string, languageId?: string): Generator<void> {
    this.revision++;
    const set = this.setFor(uri, languageId);
    yield* set.files.loading(uri, text, languageId);
    this.left(uri, set);
  }

  /** What {@link load} read of a closed file, to be stored; undefined where a text is needed all the same. */
  stored(uri: string): StoredFile | undefined {
    return documentationKind(uri) ? undefined : this.main.files.stored(uri);
  }

  /** Takes what was stored of a file in place of its text, as {@link load} would have read it. */
  restore(uri: string, stored: StoredFile): void {
    this.revision++;
    this.main.files.restore(uri, stored);
  }

  /** Forgets a file. An open one stays until it is closed, since its text is the user's; `force`: it does not. */
  remove(uri: string, force = false): void {
    this.revision++;
    const set = this.setOf(uri);
    set.files.remove(uri, force);
    this.left(uri, set);
  }

  /** A file's set may be empty now; what it is skipped for is told with all others. */
  private left(uri: string, set: FileSet): void {
    if (set === this.main) return;
    this.main.files.noteSkipped(uri, set.files.reasonOf(uri));
    this.documentation.removeIfEmpty(uri);
  }

  /** Notes that a file is not read, and why, in plain words. */
  skip(uri: string, reason: string): void {
    this.revision++;
    this.main.files.skip(uri, reason);
  }

  /** Another number whenever a file begins or ceases to have facts, or to be skipped. */
  get filesVersion(): number {
    return this.sets.reduce((version, set) => version + set.files.version, 0);
  }

  /** Reads what was put off that names an account. */
  readWorkloadsOf(account: string): void {
    this.main.files.readWorkloadsOf(account);
  }

  /** Reads every account, and all that uses one with a role: for those who need more than findings. */
  readAccounts(): void {
    this.main.files.readAccounts();
  }

  /** Every file that concerns pod roles. */
  concerned(): Iterable<string> {
    return new Set([...this.main.concerned(), ...this.documents()]);
  }

  /** Every file that may have findings: those with facts, and those that only silence rules. */
  checkable(): Iterable<string> {
    return this.sets.flatMap((set) => [...set.checkable()]);
  }

  /** Takes new settings: every finding may change. */
  configure(settings: Settings): void {
    this.revision++;
    this.documentation.configure(settings);
    this.main.configure(settings);
  }

  /** Takes what AWS, or a snapshot of it, knows now: every finding may change. Undefined: AWS is not asked. */
  setAws(aws: AwsIndex | undefined): void {
    this.revision++;
    this.main.setAws(aws);
  }

  /** The files whose findings may have changed since it was last called; more than needed, never less. */
  takeDirty(): string[] {
    return [...new Set([...this.main.takeDirty(), ...this.documentation.takeDirty()])];
  }

  /** What the fixes that may run unattended make of files, see {@link FileSet.fixAll}. */
  fixAll(uris: Iterable<string>, text: (uri: string) => string | undefined, put: (uri: string, text: string) => void): FixedFiles {
    return this.main.fixAll(uris, text, put, (uri) => this.check(uri));
  }
}
