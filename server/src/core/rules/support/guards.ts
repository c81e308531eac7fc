import type { Fact } from '../../model/facts';
import type { Span } from '../../text/span';
import type { Borrowed } from '../../text/text';
import type { DocumentRef } from '../../syntax/sourceFile';
import type { Fix } from '../rule';

/** Files in a language with expressions, and those that have no name yet. */
const mayHaveExpressions = /\.(tf|tofu|ya?ml|json|template|md|markdown|mdx|adoc|asciidoc|rst|sh|bash)$|^untitled:/i;

/** Says of fixes whether they can be made; looks at each document once. */
export class Guards {
  private readonly byDocument = new Map<DocumentRef, Places>();

  /** @param factsIn the facts of a document */
  constructor(private readonly factsIn: (doc: DocumentRef) => readonly Fact[]) {}

  /** Whether every edit of a fix is one that can be made, see {@link isWritable}; none is in a plan or state, which a tool writes. */
  allow(fix: Fix): boolean {
    if (fix.edits.some(({ doc }) => this.factsIn(doc)[0]?.address !== undefined)) return false;
    return isWritable(fix, (doc) => {
      let guards = this.byDocument.get(doc);
      if (!guards) this.byDocument.set(doc, (guards = new Places(guardsIn(this.factsIn(doc)))));
      return guards;
    });
  }
}

/**
 * Whether every edit of a fix is one that can be made: none reaches into an expression that stands for a value
 * (a Terraform reference, a function of CloudFormation). Taking out more than the expression is possible, as is writing
 * beside it; an expression gives way to another one only where the rule says that it is one.
 */
function isWritable({ edits }: Fix, guardsOf: (doc: DocumentRef) => Places): boolean {
  return edits.every(
    ({ doc, span, newText, replacesExpression }) =>
      !mayHaveExpressions.test(doc.uri) ||
      guardsOf(doc).allow(
        span,
        ({ whole, inner }) =>
          (newText === '' && span.start <= whole.start && span.end >= whole.end && span.end - span.start > whole.end - whole.start) ||
          (inner !== undefined &&
            ((replacesExpression === true && span.start === inner.start && span.end === inner.end) ||
              (span.start === span.end && (span.start === inner.start || span.start === inner.end)))),
      ),
  );
}

interface Guard {
  readonly whole: Span;
  /** The expression itself: something can be written at its edges. */
  readonly inner?: Span;
}

/** The guards of a document by place: a fix looks at those that it touches alone, however many there are. */
class Places {
  private readonly byStart: readonly Guard[];
  /** For each guard, the last end of it and those before it. */
  private readonly ends: readonly number[];

  constructor(guards: readonly Guard[]) {
    this.byStart = [...guards].sort((a, b) => a.whole.start - b.whole.start);
    let last = 0;
    this.ends = this.byStart.map(({ whole }) => (last = Math.max(last, whole.end)));
  }

  /** Whether a test allows every guard that reaches into a span. */
  allow(span: Span, test: (guard: Guard) => boolean): boolean {
    let [low, high] = [0, this.byStart.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.byStart[middle]!.whole.start < span.end) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0 && this.ends[i]! > span.start; i--) {
      const guard = this.byStart[i]!;
      if (guard.whole.end > span.start && !test(guard)) return false;
    }
    return true;
  }
}

/** Every expression that stands for (a part of) a value in the facts of a document. */
function guardsIn(facts: readonly Fact[]): readonly Guard[] {
  const found = new Map<string, Guard>();
  const seen = new Set<object>();
  for (const fact of facts) collect(fact, found, seen);
  return [...found.values()];
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
