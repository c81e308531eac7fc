import { filePath } from '../../config/paths';
import type { Place } from '../../syntax/sourceFile';
import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import type { ReferredRole } from '../../wiring/roleReferences';
import type { ExplainStep } from './document';

/** More roles than this are not listed. */
const listed = 5;

/** Where a value comes from: the argument that fills it in, and the roles that it refers to. */
export function referenceSteps(value: Text | undefined, reference: ReferredRole | undefined): ExplainStep[] {
  const steps: ExplainStep[] = [];
  const filled = value && filledFrom(value);
  if (filled) steps.push({ level: 1, text: `The value is filled in by ${filePath(filled.doc.uri).name}`, place: filled });
  if (!reference) return steps;
  const { roles, written } = reference;
  for (const role of roles.slice(0, listed)) {
    const name = literal(role.name);
    const which = roles.length > 1 ? ' is one of several roles:' : ' is the role';
    steps.push({
      level: 1,
      text: `${written}${which} ${name ?? `that ${filePath(role.doc.uri).name} makes`}`,
      place: { doc: role.doc, span: { start: role.span.start, end: role.span.start } },
      mark: roles.length > 1 || reference.open ? null : true,
    });
  }
  if (roles.length > listed) steps.push({ level: 1, text: `and ${roles.length - listed} more` });
  return steps;
}

/** The place in another file that fills a value in. */
export function filledFrom({ filledBy }: Text): Place | undefined {
  return filledBy && { doc: { uri: filledBy.uri, index: 0, start: 0 }, span: filledBy.span };
}
