import type { Fact } from '../model/facts';
import type { SourceDocument } from '../syntax/sourceFile';
import type { Text } from '../text/text';

/**
 * What a document that is embedded in documentation or a script says, beyond its own text: a policy is tied to a role only
 * where something names it, never by the path of the file around it.
 */
export function embeddedFact(fact: Fact, document: SourceDocument): Fact {
  if (fact.kind !== 'trustPolicy') return fact;
  const roleName = document.embedded?.roleName;
  const named = roleName !== undefined && !fact.roleName && !fact.roleArn ? { roleName: elsewhere(roleName, fact.span.start) } : {};
  return { ...fact, ...named, ownRoleOnly: true };
}

/** A name that stands outside of the document. */
function elsewhere(value: string, offset: number): Text {
  const span = { start: offset, end: offset };
  return { value, holes: [], span, outer: span, encodings: [], quoted: false, borrowed: [{ start: 0, end: value.length, span }] };
}
