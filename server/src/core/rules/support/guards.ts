import type { Fact } from '../../model/facts';
import type { Span } from '../../text/span';
import type { Borrowed } from '../../text/text';
import type { Fix } from '../rule';

/** Files in a language with expressions, and those that have no name yet. */
const mayHaveExpressions = /\.(tf|tofu|ya?ml|json|template|md|markdown|mdx|adoc|asciidoc|rst|sh|bash)$|^untitled:/i;

const known = new WeakMap<readonly Fact[], readonly Guard[]>();

/**
 * Whether every edit of a fix is one that can be made: none reaches into an expression that stands for a value
 * (a Terraform reference, a function of CloudFormation). Taking out more than the expression is possible, as is writing
 * beside it; an expression gives way to another one only where the rule says that it is one.
 */
export function isWritable({ edits }: Fix, factsOf: (uri: string) => readonly Fact[]): boolean {
  return edits.every(({ doc, span, newText, replacesExpression }) => !mayHaveExpressions.test(doc.uri) || guardsIn(factsOf(doc.uri)).every(({ whole, inner }) =>
    span.end <= whole.start || span.start >= whole.end ||
    (newText === '' && span.start <= whole.start && span.end >= whole.end && span.end - span.start > whole.end - whole.start) ||
    (inner !== undefined && ((replacesExpression === true && span.start === inner.start && span.end === inner.end) || (span.start === span.end && (span.start === inner.start || span.start === inner.end))))));
}

interface Guard {
  readonly whole: Span;
  /** The expression itself: something can be written at its edges. */
  readonly inner?: Span;
}

/** Every expression that stands for (a part of) a value in a file's facts. */
function guardsIn(facts: readonly Fact[]): readonly Guard[] {
  let guards = known.get(facts);
  if (!guards) {
    const found = new Map<string, Guard>();
    const seen = new Set<object>();
    for (const fact of facts) collect(fact, found, seen);
    guards = [...found.values()];
    known.set(facts, guards);
  }
  return guards;
}

function collect(value: unknown, found: Map<string, Guard>, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const [key, each] of Object.entries(value)) {
    if (key !== 'borrowed') {
      collect(each, found, seen);
      continue;
    }
    for (const { span, expression } of each as readonly Borrowed[]) {
      found.set(`${span.start} ${span.end}`, { whole: span, ...(expression ? { inner: expression } : {}) });
    }
  }
}
