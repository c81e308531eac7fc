import type { Fact } from '../../model/facts';
import type { Entry } from './entry';
import { OpenFile } from './openFile';

/** An entry in which a group of other files says what some of its documents hold. Those documents are read by the group alone. */
export function filledWith(own: Entry, facts: readonly Fact[]): Entry {
  const byDocument = new Map<number, Fact[]>();
  for (const fact of facts) {
    const same = byDocument.get(fact.doc.index);
    if (same) same.push(fact);
    else byDocument.set(fact.doc.index, [fact]);
  }
  if (own instanceof OpenFile) {
    const { file, languageId } = own.open;
    const readings = own.readings.map((reading, index) => {
      const filled = byDocument.get(index);
      return filled ? { ...reading, facts: filled } : reading;
    });
    return OpenFile.of(file, languageId, readings);
  }
  const { suppressions, lines } = own;
  const others = own.facts.filter(({ doc }) => !byDocument.has(doc.index));
  return { facts: [...others, ...facts].sort((a, b) => a.doc.index - b.doc.index), suppressions, lines };
}
