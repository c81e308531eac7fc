import type { Change } from '../../../fixes/edits';
import type { TrustPolicyFact } from '../../../model/facts';
import type { PolicyDocument, Statement } from '../../../model/policy';
import { isTemplate } from '../../../readers/cloudformation/template';
import { isProgram } from '../../../readers/pulumi/program';
import type { SourceDocument } from '../../../syntax/sourceFile';
import { lineStart } from '../../../text/lineIndex';
import type { Made, PolicyEditor } from '../../types';
import { subjectValues } from '../../admissions';
import { cutEntries } from '../cuts';
import { addToFlow } from '../flow';
import { before, checked, insert, lineEnd, nextLine, trimmed } from '../source';
import { podStatements, statementValue, webIdentityStatements, type NewStatement } from '../statements';
import { styleOf, writeJson } from '../write/json';
import { cloudFormationYamlTongue, inFlow, plainYamlTongue, pulumiYamlTongue } from '../write/tongues';
import { unwritable, type Tongue, type Value } from '../write/value';
import { writeItem, type YamlStyle } from '../write/yaml';
import { joinSubjects } from './joinSubject';
import { elsewhere, whyUntouchable } from './guards';
import { removeParts } from './removeParts';
import { unwrapped, unwrappedBlock } from './single';

/** A policy that is written as YAML itself: CloudFormation, Pulumi, custom resources. */
export const yamlPolicyEditor: PolicyEditor = {
  handles: ({ policy }) => policy.form === 'yaml',
  allowPodIdentity: (fact, document, accounts) => add(fact, document, podStatements(accounts)),
  allowWebIdentity(fact, document, accounts) {
    const { span, statements } = fact.policy;
    const { text } = document;
    const tongue = yamlTongueOf(document, text.slice(span.start, span.end));
    const last = statements.flatMap((each) => subjectValues(each)).at(-1)?.value.outer;
    const inBrackets = last !== undefined && /[[,]\s*$/.test(before(text, last.start));
    return joinSubjects(fact, document, accounts, inBrackets ? inFlow(tongue) : tongue, () => add(fact, document, webIdentityStatements(accounts))); // prettier-ignore
  },
  remove: (fact, document, removals) =>
    removeParts(fact, document, removals, (each) => {
      const { entries, leaving, holder } = each;
      const inBrackets = /[[{]/.test(document.text.slice(holder.start).trimStart().replace(/^:\s*/, '')[0] ?? '');
      const single = inBrackets ? unwrapped(document.text, each, removals) : unwrappedBlock(document.text, each, removals);
      return single ?? cutEntries(document.text, entries, leaving, inBrackets ? 'commas' : 'lines');
    }),
};

/** How YAML of a document writes texts: by what it is, and by the quotes that it likes. */
export function yamlTongueOf(document: SourceDocument, sample: string): Tongue {
  const quote = sample.includes("'") && !sample.includes('"') ? "'" : '"';
  const { root } = document.tree();
  if (isTemplate(root)) return cloudFormationYamlTongue(quote);
  return isProgram(root) ? pulumiYamlTongue(quote) : plainYamlTongue(quote);
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
  const tongue = yamlTongueOf(document, text.slice(policy.span.start, policy.span.end));
  const values = statements.made.map(statementValue);
  for (const value of values) {
    const part = unwritable(value, tongue);
    if (part !== undefined) return { refused: `The trust policy can't hold ${part} here: give its value.` };
  }
  const list = policy.statementSpan!;
  const last = policy.statements[policy.statements.length - 1];
  if (text[list.start] === '[' || text[list.start] === '{') {
    const sample = last ? text.slice(last.span.start, last.span.end) : '';
    const [style, flat] = [styleOf(sample, '  '), styleOf(sample, undefined)];
    const writes = values.map(
      (value) => (indent: string | undefined) => writeJson(value, inFlow(tongue), indent === undefined ? flat : style, indent ?? ''),
    );
    const spans = policy.statements.map(({ span }) => span);
    return checked(document, addToFlow(text, list, spans, writes, last !== undefined, flat.comma, 'list', 'first'));
  }
  if (!last) return { refused: elsewhere };
  const changes = isSingle(policy) ? listed(text, last, values, tongue) : appended(text, last, values, tongue);
  return changes ? checked(document, changes) : { refused: elsewhere };
}

/** True where `Statement` is one statement, and no list. */
function isSingle({ statements, statementSpan }: PolicyDocument): boolean {
  return statements.length === 1 && statements[0]!.span.start === statementSpan!.start;
}

/** One more item below the last one of a block list. */
function appended(text: string, last: Statement, values: readonly Value[], tongue: Tongue): Change[] | undefined {
  const lead = /^( *)-( +)$/.exec(before(text, last.span.start));
  if (!lead) return undefined;
  const [, dash, gap] = lead as unknown as [string, string, string];
  const column = dash.length + 1 + gap.length;
  const style = yamlStyle(text, last, column);
  const end = lineEnd(text, trimmed(text, last.span).end);
  const items = values.map((value) => `\n${dash}-${writeItem(value, tongue, style, column, gap.length)}`);
  return [insert(end, items.join(''))];
}

/**
 * A single statement becomes the last item of a list: its lines move two columns to the right. The new ones stand before it, which tells
 * that it was no list (see single.ts).
 */
function listed(text: string, only: Statement, values: readonly Value[], tongue: Tongue): Change[] | undefined {
  const lead = before(text, only.span.start);
  if (!/^ *$/.test(lead)) return undefined;
  const { end } = trimmed(text, only.span);
  const column = lead.length + 2;
  const items = values.map((value) => `-${writeItem(value, tongue, yamlStyle(text, only, column, 2), column)}\n${lead}`);
  const changes: Change[] = [insert(only.span.start, `${items.join('')}- `)];
  for (let at = nextLine(text, only.span.start); at < end; at = nextLine(text, at)) {
    if (lineEnd(text, at) > at) changes.push(insert(at, '  '));
  }
  return changes;
}

/** The indentation of a statement, told by its nested maps and lists. @param shift of a statement that moves to the right */
function yamlStyle(text: string, statement: Statement, column: number, shift = 0): YamlStyle {
  const columnOf = (offset: number): number => offset - lineStart(text, offset) + shift;
  const nested = [statement.principal?.kinds[0]?.key.outer.start, statement.condition?.operators[0]?.key.outer.start];
  const step =
    nested.flatMap((at) =>
      at !== undefined && /^ *$/.test(before(text, at)) && columnOf(at) > column ? [columnOf(at) - column] : [],
    )[0] ?? 2;
  const item = statement.action?.list ? statement.action.values[0]?.outer.start : undefined;
  const dash = item === undefined ? undefined : /^( *)- +$/.exec(before(text, item))?.[1];
  return { step, dash: dash === undefined ? step : Math.max(0, dash.length + shift - column) };
}
