import { codesOf } from './expression';
import { parseRegular } from './parse';
import { compile, type Program } from './program';
import { findMatch, matchesWhole, type Budget } from './run';

/*
 * Regular expressions from a workspace's text. They are never made into a RegExp, which may take exponential time:
 * an automaton takes expression × text at most, and longer ones of either are not run.
 */

/** The longest expression and the longest text that are read: names, ARNs and URLs are far below. */
const longest = { expression: 1000, text: 4096 } as const;
/** The most steps for one question. */
const mostSteps = 300_000;
/** How many automata are kept. */
const mostKept = 200;

const kept = new Map<string, Program | undefined>();

function programOf(expression: string): Program | undefined {
  if (expression.length > longest.expression) return undefined;
  if (!kept.has(expression)) {
    if (kept.size >= mostKept) kept.clear();
    const parsed = parseRegular(expression);
    kept.set(expression, parsed && compile(parsed));
  }
  return kept.get(expression);
}

/** Whether an expression in RE2's syntax matches a whole text; undefined where that is not known: refused by RE2, not read here, or too long. */
export function regularMatches(expression: string, text: string): boolean | undefined {
  const program = text.length > longest.text ? undefined : programOf(expression);
  return program && matchesWhole(program, codesOf(text), { left: mostSteps });
}

/**
 * A text with all matches of an expression in RE2's syntax replaced by a plain text, as Go's ReplaceAllLiteralString
 * does; undefined where the outcome is not known. `budget` may be shared by many calls.
 */
export function replaceRegular(text: string, expression: string, by: string, budget: Budget = { left: mostSteps }): string | undefined {
  const program = text.length > longest.text || budget.left <= 0 ? undefined : programOf(expression);
  if (!program) return undefined;
  const characters = Array.from(text);
  const codes = codesOf(text);
  let result = '';
  let from = 0;
  let lastEnd = -1;
  for (let at = 0; at <= codes.length;) {
    const match = findMatch(program, codes, at, budget);
    if (match === 'spent') return undefined;
    if (!match) break;
    // Go replaces no empty match that touches the one before.
    if (match.end > match.start || match.start !== lastEnd) result += characters.slice(from, match.start).join('') + by;
    else result += characters.slice(from, match.start).join('');
    from = lastEnd = match.end;
    at = match.end > match.start ? match.end : match.end + 1;
    if (result.length > longest.text * 4) return undefined;
  }
  return result + characters.slice(from).join('');
}
