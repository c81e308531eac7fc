import { problemOf, type DocumentReading } from './entry';
import { isWhole } from '../../documents/documentation/wholeExample';
import type { Fact } from '../../model/facts';
import { readFacts } from '../../readers/registry';
import { readSuppressions } from '../../rules/suppressions';
import { hclParser } from '../../syntax/hcl/parser';
import type { SourceDocument, SourceFile } from '../../syntax/sourceFile';

const unread: DocumentReading = { facts: [], suppressions: [] };

/** Reads documents, each once while it is kept; and knows which files of documentation wait for the parser of HCL. */
export class DocumentReader {
  private readonly readings = new WeakMap<SourceDocument, DocumentReading>();
  private readonly waiting = new Map<string, SourceFile>();

  /** @param failed told of a reader that threw; what the others read counts */
  constructor(private readonly failed: (what: string, error: unknown) => void) {}

  /** What a document says; nothing where it does not matter, or is an example of HCL whose parser is not here. */
  read(document: SourceDocument): DocumentReading {
    if (!document.relevant) return unread;
    const known = this.readings.get(document);
    if (known) return known;
    if (document.embedded && document.syntax === 'hcl' && !hclParser()) return unread;
    const facts = readFacts(document, (reader, error) => this.failed(`reader ${reader}`, error));
    const suppressions = readSuppressions(document);
    const reading = document.embedded
      ? exampleOf(document, { facts, suppressions })
      : { facts, suppressions, ...(problemOfLimits(facts) ?? problemIn(document)) };
    this.readings.set(document, reading);
    // Features ask facts; the tree of a long file would be most of its memory.
    document.forget?.();
    return reading;
  }

  /** Notes a file of documentation whose HCL is to be read when its parser is here. */
  note(file: SourceFile): void {
    const waits = file.documentation && !hclParser() && file.documents.some(({ syntax, relevant }) => syntax === 'hcl' && relevant);
    if (waits) this.waiting.set(file.uri, file);
    else this.waiting.delete(file.uri);
  }

  /** A file that is gone waits for nothing. */
  forget(uri: string): void {
    this.waiting.delete(uri);
  }

  /** True where files wait for the parser of HCL, whether it is here now or not. */
  get waits(): boolean {
    return this.waiting.size > 0;
  }

  /** The files that waited: from now on they do not. */
  takeWaiting(): SourceFile[] {
    const files = [...this.waiting.values()];
    this.waiting.clear();
    return files;
  }
}

/** A piece of an example is no file that could not be read: it is kept aside. */
function exampleOf(document: SourceDocument, { facts, suppressions }: DocumentReading): DocumentReading {
  return isWhole(document) ? { facts, suppressions } : { facts: [], aside: facts, suppressions };
}

/** The first mistake of a document, for its reading. */
export function problemIn(document: SourceDocument): Pick<DocumentReading, 'problem'> {
  const problem = problemOf(document);
  return problem ? { problem } : {};
}

/** The first policy that holds more than is judged, for a document's reading. */
export function problemOfLimits(facts: readonly Fact[]): Pick<DocumentReading, 'problem'> | undefined {
  for (const fact of facts) {
    if (fact.kind === 'trustPolicy' && fact.policy.tooLarge)
      return { problem: { offset: fact.policy.span.start, message: `the trust policy is too large to check: ${fact.policy.tooLarge}` } };
  }
  return undefined;
}
