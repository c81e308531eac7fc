import type { DocumentRef, SourceDocument, SourceFile } from '../syntax/sourceFile';
import type { Fact, ServiceAccountFact } from '../model/facts';
import type { Fixed } from '../fixes/fixAll';
import type { Finding } from '../rules/rule';
import type { Catalogue } from '../permissions/catalogue';
import type { Access } from '../trust/access';
import type { Verdict } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';

/**
 * What features and fronts may ask of the workspace. Made by core/workspace.ts; the same for editor and command line.
 */
export interface WorkspaceView {
  readonly wiring: Wiring;
  /** AWS's actions with their access levels; undefined where they are not at hand. */
  catalogue(): Catalogue | undefined;
  /** The open (or just read) file with its trees; undefined when only its facts are kept. */
  file(uri: string): SourceFile | undefined;
  /** The document at an offset of a file, and the offset in it. */
  documentAt(uri: string, fileOffset: number): { readonly document: SourceDocument; readonly offset: number } | undefined;
  factsOf(doc: DocumentRef): readonly Fact[];
  /** What the trust policy of a chain's role answers; undefined where none is known. */
  verdict(chain: Chain): Verdict | undefined;
  /** Whether a chain's pods can assume the role that they get: the one verdict that everything shows. */
  access(chain: Chain): Access;
  /** The rules that say why an account can't assume its role, the nearest first; those that are off or suppressed too. */
  causes(access: Access, chain: Chain | undefined, account?: ServiceAccountFact): readonly string[];
  /** Sees to it that every workload that names an account is known: closed files that concern no role are not read before. */
  readWorkloadsOf?(account: string): void;
  /** Findings of one file, suppressions and levels applied, sorted by place and rule. */
  check(uri: string): readonly Finding[];
  /** What the fixes that may run unattended make of one open file: see fixes/fixAll.ts. Undefined where nothing is to be fixed. */
  fixesOf?(uri: string): Fixed | undefined;
  /** Line and column from 0 (UTF-16) of an offset in a document, also for files that are not open. Undefined when the file's lines are not known. */
  position(doc: DocumentRef, offset: number): { readonly line: number; readonly character: number } | undefined;
  /** Every file that is not checked, and why. */
  skipped(): readonly { readonly uri: string; readonly reason: string }[];
}
