import { LineIndex } from '../text/lineIndex';
import type { SourceDocument, SourceFile } from './sourceFile';

/**
 * Why a file could be read only in part, in plain words, or undefined: the first mistake of its syntax that no
 * template explains, in a document that matters and is read. What can be read around it is read all the same.
 */
export function readInPart(file: SourceFile, isRead: (document: SourceDocument) => boolean = () => true): string | undefined {
  let lines = 0;
  for (const document of file.documents) {
    const problem = document.relevant && isRead(document) ? document.tree().problems.find((each) => !each.inTemplate) : undefined;
    if (problem) {
      const line = new LineIndex(document.text).positionAt(problem.span.start).line + lines + 1;
      return `read in part, line ${line}: ${problem.message}`;
    }
    lines += document.text.split('\n').length - 1;
  }
  return undefined;
}
