import type { WorkspaceView } from '../features/workspaceView';
import type { Fixed } from '../fixes/fixAll';
import type { Fact, ServiceAccountFact } from '../model/facts';
import type { Catalogue } from '../permissions/catalogue';
import type { Finding } from '../rules/rule';
import type { DocumentRef, SourceDocument, SourceFile } from '../syntax/sourceFile';
import type { Position } from '../text/lineIndex';
import type { Access } from '../trust/access';
import type { Verdict } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { FactIndex } from '../wiring/factIndex';
import { DocumentationSets, findingInDocumentation } from './documentationSets';
import { FileSet, type FileSetOptions } from './fileSet';

/**
 * Answers what is asked of files, each by the set that it belongs to: manifests and policies are one set, each file of
 * documentation is another. See {@link WorkspaceView} for what the methods answer.
 */
export class SetsView implements WorkspaceView {
  protected readonly main: FileSet;
  protected readonly documentation: DocumentationSets;

  constructor(options: FileSetOptions = {}) {
    this.main = new FileSet(options);
    this.documentation = new DocumentationSets(options);
  }

  /** The set that a file belongs to, where the file is here; else that of manifests. */
  protected setOf(uri: string): FileSet {
    return this.documentation.of(uri) ?? this.main;
  }

  /** The facts of all manifests and policies, joined. */
  get wiring(): FactIndex {
    return this.main.wiring;
  }

  /** AWS's actions, where they are at hand. */
  catalogue(): Catalogue | undefined {
    return this.main.catalogue();
  }

  /** What answers for a file: its set, so that the examples of documentation are joined with one another alone. */
  viewOf(uri: string): WorkspaceView {
    return this.documentation.of(uri) ?? this;
  }

  file(uri: string): SourceFile | undefined {
    return this.setOf(uri).file(uri);
  }

  documentAt(uri: string, fileOffset: number): { document: SourceDocument; offset: number } | undefined {
    return this.setOf(uri).documentAt(uri, fileOffset);
  }

  factsOf(doc: DocumentRef): readonly Fact[] {
    return this.setOf(doc.uri).factsOf(doc);
  }

  verdict(chain: Chain): Verdict | undefined {
    return this.setOf(chain.account.doc.uri).verdict(chain);
  }

  check(uri: string): readonly Finding[] {
    const examples = this.documentation.of(uri);
    if (!examples) return this.main.check(uri);
    return this.main.settings.documents === false ? [] : examples.check(uri).flatMap(findingInDocumentation);
  }

  access(chain: Chain): Access {
    return this.setOf(chain.account.doc.uri).access(chain);
  }

  causes(access: Access, chain: Chain | undefined, account: ServiceAccountFact | undefined = chain?.account): readonly string[] {
    const uri = account?.doc.uri ?? access.grant?.association?.doc.uri;
    return (uri === undefined ? this.main : this.setOf(uri)).causes(access, chain, account);
  }

  /** What the fixes that may run unattended make of one open file, which is afterwards as it was; undefined where nothing is to be fixed. */
  fixesOf(uri: string): Fixed | undefined {
    const examples = this.documentation.of(uri);
    if (!examples) return this.main.fixesOf(uri);
    return this.main.settings.documents === false ? undefined : examples.fixesOf(uri);
  }

  position(doc: DocumentRef, offset: number): Position | undefined {
    return this.setOf(doc.uri).position(doc, offset);
  }

  skipped(): { uri: string; reason: string }[] {
    return this.main.skipped();
  }
}
