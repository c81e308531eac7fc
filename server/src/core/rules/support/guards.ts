import type { Fact } from '../../model/facts';
import type { Span } from '../../text/span';
import type { Fix } from '../rule';

/** Files in a language with expressions, and those that have no name yet. */
const mayHaveExpressions = /\.(tf|tofu)$|^untitled:/i;

const known = new WeakMap<readonly Fact[], readonly Span[]>();

/**
 * Whether every edit of a fix is one that can be made: none reaches into an expression that stands for a value
 * (a Terraform reference). Taking such an expression out as a whole is possible, as is writing beside it.
 */
export function isWritable({ edits }: Fix, factsOf: (uri: string) => readonly Fact[]): boolean {
  return edits.every(({ doc, span, newText }) => !mayHaveExpressions.test(doc.uri) || expressionsIn(factsOf(doc.uri)).every((expression) =>
    span.end <= expression.start || span.start >= expression.end ||
    (newText === '' && span.start <= expression.start && span.end >= expression.end)));
}

/** Every expression that stands for (a part of) a value in a file's facts. */
function expressionsIn(facts: readonly Fact[]): readonly Span[] {
  let spans = known.get(facts);
  if (!spans) {
    const found = new Map<string, Span>();
    const seen = new Set<object>();
    for (const fact of facts) collect(fact, found, seen);
    spans = [...found.values()];
    known.set(facts, spans);
  }
  return spans;
}

function collect(value: unknown, found: Map<string, Span>, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const [key, each] of Object.entries(value)) {
    if (key === 'borrowed' || key === 'uneditable') {
      for (const piece of each as readonly ({ readonly span: Span } | Span)[]) {
        const span = 'span' in piece ? piece.span : piece;
        found.set(`${span.start} ${span.end}`, span);
      }
    } else {
      collect(each, found, seen);
    }
  }
}
