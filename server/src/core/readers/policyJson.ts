import type { Span } from '../text/span';
import type { PolicyProblem } from '../model/policy';
import type { Node, Tree } from '../syntax/tree';
import { outerSpan } from '../syntax/nodes';

/**
 * Why IAM would answer "This policy contains invalid Json": mistakes of the syntax, comments and trailing
 * commas within the policy. Nothing for strict JSON, and nothing where a template may be at work.
 */
export function jsonProblems(node: Node | undefined, tree: Tree, source: string | undefined): PolicyProblem[] {
  if (tree.strict !== false) return [];
  const whole = node === undefined || node === tree.root;
  const span = node ? outerSpan(node) : { start: 0, end: source?.length ?? 0 };
  const inside = (s: Span) => whole || (s.start >= span.start && s.end <= span.end);
  const problems: PolicyProblem[] = [];
  for (const problem of tree.problems) {
    if (!problem.inTemplate && inside(problem.span)) problems.push({ code: 'json', span: problem.span, message: problem.message });
  }
  for (const comment of tree.comments) {
    if (inside(comment.span)) problems.push({ code: 'json', span: comment.span, message: "JSON doesn't allow comments." });
  }
  if (source !== undefined && node) problems.push(...trailingCommas(node, source));
  // A trailing comma that cannot be placed: the policy stands inside a text of another language.
  if (problems.length === 0 && whole && tree.problems.length === 0 && tree.comments.length === 0) {
    problems.push({
      code: 'json',
      span: { start: span.start, end: Math.min(span.end, span.start + 1) },
      message: 'A comma follows the last entry of an object or list.',
    });
  }
  return problems;
}

function trailingCommas(root: Node, source: string): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind !== 'map' && node.kind !== 'list') continue;
    const children = node.kind === 'map' ? node.entries.flatMap((e) => (e.value ? [e.value] : [])) : node.items;
    const last = children[children.length - 1];
    stack.push(...children.slice().reverse());
    if (!last) continue;
    const from = outerSpan(last).end;
    // White space (escaped in a string), and comments, may stand before the comma.
    const match = /^(?:\s|\\[nrt]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*,/.exec(source.slice(from, node.span.end));
    if (!match) continue;
    const at = from + match[0].length - 1;
    problems.push({ code: 'json', span: { start: at, end: at + 1 }, message: 'A comma follows the last entry.' });
  }
  return problems;
}
