import type { PolicyDocument } from '../model/policy';
import { lineStart } from '../text/lineIndex';
import type { Span } from '../text/span';
import type { Place } from './fittingStatement';

/** Adds a value to a condition of a policy in strict JSON; every other character stays. */
export function addValue(text: string, policy: PolicyDocument, { statement, operator, key, value }: Place): string {
  const { values, list } = policy.statements[statement]!.condition!.operators.find((each) => each.key.value === operator)!.keys.find(
    (each) => each.key.value === key,
  )!.values;
  const last = values[values.length - 1]!.outer;
  return add(text, last, list, value);
}

/** Adds a statement behind the others of a policy in strict JSON; every other character stays. */
export function addStatement(text: string, policy: PolicyDocument, statement: Record<string, unknown>): string {
  const last = policy.statements[policy.statements.length - 1];
  const list = text[policy.statementSpan!.start] === '[';
  if (last) return add(text, last.span, list, statement);
  const inner = policy.statementSpan!.start + 1;
  return text.slice(0, inner) + written(text, lineIndent(text, inner), statement, true) + text.slice(inner);
}

/** Adds a value behind another one of a list; one that stands alone becomes a list. */
function add(text: string, last: Span, list: boolean, value: unknown): string {
  const before = text.slice(lineStart(text, last.start), last.start);
  const ownLine = list && /^[ \t]+$/.test(before);
  const manyLines = ownLine || text.slice(last.start, last.end).includes('\n');
  const added = `,${ownLine ? eol(text) + before : ' '}${written(text, lineIndent(text, ownLine ? last.start : last.end), value, manyLines)}`;
  return `${text.slice(0, last.start)}${list ? '' : '['}${text.slice(last.start, last.end)}${added}${list ? '' : ']'}${text.slice(last.end)}`;
}

/** The value as JSON, in one line or with the text's own indentation and line ends. */
function written(text: string, indent: string, value: unknown, manyLines: boolean): string {
  if (!manyLines) return JSON.stringify(value);
  const step = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return JSON.stringify(value, null, step).replaceAll('\n', eol(text) + indent);
}

/** The white space at the start of the line that an offset is on. */
function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))![0];
}

function eol(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
