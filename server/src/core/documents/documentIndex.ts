import type { SourceDocument } from '../syntax/sourceFile';

/** The number of the document of a file in which an offset lies, at least 0: by halving, since a file may have thousands. */
export function documentIndexAt(documents: readonly Pick<SourceDocument, 'ref'>[], offset: number): number {
  let low = 0;
  let high = documents.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (documents[middle]!.ref.start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
