import type { Change } from '../../../fixes/edits';
import type { TrustPolicyFact } from '../../../model/facts';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Span } from '../../../text/span';
import type { Made, PolicyEditor } from '../../types';
import { cutEntries } from '../cuts';
import { addToFlow } from '../flow';
import { before, checked, indentOf, insert } from '../source';
import { podStatements, statementValue, webIdentityStatements, type NewStatement } from '../statements';
import { writeHcl, type HclStyle } from '../write/hcl';
import { hclTongue } from '../write/tongues';
import { unwritable } from '../write/value';
import { joinSubjects } from './joinSubject';
import { elsewhere, whyUntouchable } from './guards';
import type { EntryCut } from './removals';
import { removeParts } from './removeParts';
import { unwrapped } from './single';

/** An object that Terraform encodes where it stands: `jsonencode({ … })`. One in a local or a variable is not edited: others may use it. */
export const hclPolicyEditor: PolicyEditor = {
  handles: ({ policy }, document) => policy.form === 'hcl' && document.syntax === 'hcl',
  allowPodIdentity: (fact, document, accounts) => add(fact, document, podStatements(accounts)),
  allowWebIdentity: (fact, document, accounts) =>
    joinSubjects(fact, document, accounts, hclTongue(false), () => add(fact, document, webIdentityStatements(accounts))),
  remove: (fact, document, removals) =>
    removeParts(fact, document, removals, (each) => {
      const single = unwrapped(document.text, each, removals);
      if (single) return single;
      const made = isWritten(document.text, each) ? cutEntries(document.text, each.entries, each.leaving, 'commas') : undefined;
      return made && [...made, ...shiftedBack(document.text, each)];
    }),
};

/**
 * `[{ … }]` with more than one item: `terraform fmt` has the closing brace of all but the last one level deeper. So the white space
 * before the brace of an item changes when it becomes the last, or no longer is.
 */
function shiftedBack(text: string, { entries, leaving }: EntryCut): Change[] {
  const last = entries[entries.length - 1];
  const kept = entries.filter((_, i) => !leaving.has(i)).at(-1);
  if (!last || !kept || !leaving.has(entries.length - 1) || /^[ \t]*$/.test(before(text, last.start))) return [];
  const [own, wanted] = [before(text, kept.end - 1), before(text, last.end - 1)];
  if (!/^[ \t]+$/.test(own) || !/^[ \t]*$/.test(wanted) || own.length <= wanted.length) return [];
  return [{ span: { start: kept.end - 1 - own.length, end: kept.end - 1 }, newText: wanted }];
}

/** See {@link shiftedBack}: when another item comes behind the last one. Not in a list that isn't formatted so. */
function shifted(text: string, entries: readonly Span[], step: string): Change[] {
  const [above, last] = entries.slice(-2).length === 2 ? entries.slice(-2) : [undefined, entries[0]];
  if (!last || /^[ \t]*$/.test(before(text, last.start))) return [];
  const brace = before(text, last.end - 1);
  if (!/^[ \t]*$/.test(brace) || (above && before(text, above.end - 1).length <= brace.length)) return [];
  return [insert(last.end - 1, step)];
}

/** Whether what holds the entries is written in brackets there: not the result of a function, nor a variable. */
function isWritten(text: string, { holder }: EntryCut): boolean {
  return /^\s*(?:[=:]\s*)?[[{]/.test(text.slice(holder.start, Math.min(holder.end, holder.start + 2000)));
}

function add(
  fact: TrustPolicyFact,
  document: SourceDocument,
  statements: Made<readonly NewStatement[]>,
): ReturnType<PolicyEditor['remove']> {
  if ('refused' in statements) return statements;
  const wrong = whyUntouchable(fact, document);
  if (wrong !== undefined) return { refused: wrong };
  const { text } = document;
  const { policy } = fact;
  const list = policy.statementSpan!;
  const last = policy.statements[policy.statements.length - 1];
  if (!/[[{]/.test(text[list.start]!) || (last && text[last.span.start] !== '{')) return { refused: elsewhere };
  const sample = last ? text.slice(last.span.start, last.span.end) : '';
  const [, quote, separator = '='] = /^\{\s*("?)[A-Za-z]+"?([ \t]*[:=])/.exec(sample) ?? [];
  const tongue = hclTongue(quote === '"');
  const values = statements.made.map(statementValue);
  for (const value of values) {
    const part = unwritable(value, tongue);
    if (part !== undefined) return { refused: `${part} is not an expression that can be written here: give its value.` };
  }
  const flat: HclStyle = { separator: separator.endsWith(':') ? ':' : '=', ...(separator === ':' ? { tight: true } : {}) };
  const step = last ? stepOf(text, last.span.start, last.span.end) : '  ';
  // `Statement = { … }` becomes a list; what is new stands before it, which tells that it was none (see single.ts).
  const isObject = text[list.start] === '{';
  const changes = addToFlow(
    text,
    list,
    policy.statements.map(({ span }) => span),
    values.map((value) => (indent) => {
      if (indent === undefined) return writeHcl(value, tongue, flat, '');
      const style = { ...flat, step };
      if (isObject) return writeHcl(value, tongue, style, indent).replace(/\n([ \t]*\})$/, `\n${step}$1`);
      return last
        ? writeHcl(value, tongue, style, indent)
        : `\n${indent}${step}${writeHcl(value, tongue, style, indent + step)}\n${indent}`;
    }),
    true,
    ', ',
    'list',
    'first',
  );
  const spans = policy.statements.map(({ span }) => span);
  return checked(document, isObject ? changes : [...changes, ...shifted(text, spans, step)]);
}

function stepOf(text: string, start: number, end: number): string {
  const key = /^\{[ \t]*\r?\n([ \t]*)\S/.exec(text.slice(start, end))?.[1];
  const base = indentOf(text, end - 1);
  return key !== undefined && key.length > base.length && key.startsWith(base) ? key.slice(base.length) : '  ';
}
