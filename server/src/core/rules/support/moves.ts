import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import type { AnnotationFact, InsertionPoint } from '../../model/facts';
import type { Edit, RuleContext } from '../rule';

/**
 * The annotation as one more entry at an insertion point; undefined where its value cannot be written elsewhere
 * as it is (none, a block scalar, an alias).
 */
export function insertion(fact: AnnotationFact, point: InsertionPoint): { span: Span; newText: string } | undefined {
  const value = fact.value && asYaml(fact.value);
  if (value === undefined) return undefined;
  const entry = `${fact.key.value}: ${value}`;
  const margin = '\n' + ' '.repeat(point.indent);
  const newText = point.needsKey ? `${margin}annotations:${margin}  ${entry}` : margin + entry;
  return { span: { start: point.offset, end: point.offset }, newText };
}

/** Puts `annotations:` above an entry that stands beside it, and the entry two spaces deeper. */
export function wrapped(fact: AnnotationFact, context: RuleContext): Edit | undefined {
  const { cut, value } = fact;
  const start = fact.key.outer.start;
  const at = context.position?.(fact.doc, start);
  if (!cut || !at || !value || asYaml(value) === undefined) return undefined;
  const margin = ' '.repeat(at.character);
  return { doc: fact.doc, span: { start, end: start }, newText: `annotations:\n${margin}  ` };
}

/** A value as YAML flow text on one line, quoted where it was or must be. */
function asYaml({ value, quoted, holes, encodings }: Text): string | undefined {
  if (/[\r\n]/.test(value) || encodings.some((encoding) => encoding.kind === 'yaml-block')) return undefined;
  if (holes.length > 0) return quoted ? (value.includes('"') ? `'${value.replaceAll("'", "''")}'` : `"${value}"`) : value;
  return !quoted && /^arn:[\w:/+=,.@-]+$/.test(value) ? value : JSON.stringify(value);
}
