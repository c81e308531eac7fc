import type { TrustPolicyFact } from '../../../model/facts';
import { isProgram } from '../../../readers/pulumi/program';
import { isTemplate } from '../../../readers/cloudformation/template';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Node } from '../../../syntax/tree';
import { everyNode } from '../../../fixes/trees';
import type { Encoding } from '../../../text/text';
import { encode } from '../../../text/texts';
import type { Made, PolicyEditor } from '../../types';
import { cutEntries } from '../cuts';
import { addToFlow } from '../flow';
import { checked, indentOf } from '../source';
import { podStatements, statementValue, webIdentityStatements, type NewStatement } from '../statements';
import { styleOf, writeJson } from '../write/json';
import { cloudFormationJsonTongue, jsonInHclTongue, jsonInPulumiTongue, jsonInSubTongue, jsonTongue } from '../write/tongues';
import { unwritable, type Tongue } from '../write/value';
import { joinSubjects } from './joinSubject';
import { elsewhere, someKey, whyUntouchable } from './guards';
import { removeParts } from './removeParts';
import { unwrapped } from './single';

/** JSON: a file of its own, a CloudFormation template in JSON, or a text in YAML, JSON, a heredoc or a string of Terraform. */
export const jsonPolicyEditor: PolicyEditor = {
  handles: ({ policy }) => policy.form === 'json',
  allowPodIdentity: (fact, document, accounts) => add(fact, document, podStatements(accounts)),
  allowWebIdentity(fact, document, accounts) {
    const otherwise = () => add(fact, document, webIdentityStatements(accounts));
    const outer = outerEncodings(fact);
    if (!isBreakable(outer) || whyNoJson(fact) !== undefined) return otherwise();
    return joinSubjects(fact, document, accounts, jsonTongueOf(fact, document, outer), otherwise);
  },
  remove: (fact, document, removals) =>
    removeParts(
      fact,
      document,
      removals,
      (each) => unwrapped(document.text, each, removals) ?? cutEntries(document.text, each.entries, each.leaving, 'commas'),
      whyUntouchable(fact, document) ?? whyNoJson(fact),
    ),
};

function add(
  fact: TrustPolicyFact,
  document: SourceDocument,
  statements: Made<readonly NewStatement[]>,
): ReturnType<PolicyEditor['remove']> {
  if ('refused' in statements) return statements;
  const wrong = whyUntouchable(fact, document) ?? whyNoJson(fact);
  if (wrong !== undefined) return { refused: wrong };
  const { text } = document;
  const { policy } = fact;
  const list = policy.statementSpan!;
  const outer = outerEncodings(fact);
  const tongue = jsonTongueOf(fact, document, outer);
  const values = statements.made.map(statementValue);
  for (const value of values) {
    const part = unwritable(value, tongue);
    if (part?.startsWith('{ "'))
      return {
        refused:
          "The trust policy is a template, which Terraform's templatefile or another tool fills in: add the statement for EKS Pod Identity to it manually.",
      };
    if (part !== undefined) return { refused: `The trust policy is JSON, which can't hold ${part}: give its value.` };
  }
  const last = policy.statements[policy.statements.length - 1];
  const sample = last ? text.slice(last.span.start, last.span.end) : '';
  const canBreak = isBreakable(outer);
  const step = last ? stepOf(text, last.span.start, last.span.end) : '  ';
  const style = styleOf(sample, step);
  const flat = styleOf(sample, undefined);
  const inner = last ? '' : step;
  const changes = addToFlow(
    text,
    list,
    policy.statements.map(({ span }) => span),
    values.map((value) => (indent) => {
      if (indent === undefined) return writeJson(value, tongue, flat, '');
      return last
        ? writeJson(value, tongue, style, indent)
        : `\n${indent}${inner}${writeJson(value, tongue, style, indent + inner)}\n${indent}`;
    }),
    canBreak,
    flat.comma,
    'list',
    'first',
  );
  return checked(document, canBreak ? changes : changes.map((each) => ({ ...each, newText: encode(each.newText, outer) })));
}

/** One level of indentation: how far the first key of a statement stands right of its last brace. */
function stepOf(text: string, start: number, end: number): string {
  const key = /^\{[ \t]*\r?\n([ \t]*)\S/.exec(text.slice(start, end))?.[1];
  const base = indentOf(text, end - 1);
  return key !== undefined && key.length > base.length && key.startsWith(base) ? key.slice(base.length) : '  ';
}

/** What wraps the JSON, innermost first. */
function outerEncodings({ policy }: TrustPolicyFact): readonly Encoding[] {
  const [own, ...outer] = someKey(policy)?.encodings ?? [];
  return own?.kind === 'json' ? outer : [];
}

/** Whether a line break in the document is one in the JSON, and nothing has to be escaped. */
function isBreakable(outer: readonly Encoding[]): boolean {
  return outer.length === 0 || (outer.length === 1 && /^(?:yaml-block|hcl-heredoc)$/.test(outer[0]!.kind));
}

function whyNoJson(fact: TrustPolicyFact): string | undefined {
  const key = someKey(fact.policy);
  const outer = outerEncodings(fact);
  if (!key || key.encodings[0]?.kind !== 'json' || key.borrowed) return elsewhere;
  if (outer.some(({ kind }) => kind === 'url'))
    return 'This is an answer of IAM, not a source of the trust policy: change the policy where it is written.';
  if (outer.some(({ kind }) => kind === 'shell')) return 'The trust policy is part of a script: change it manually.';
  return undefined;
}

/** What may be put into the text of a policy. */
export function jsonTongueOf(fact: TrustPolicyFact, document: SourceDocument, outer = outerEncodings(fact)): Tongue {
  if (document.syntax === 'hcl') return jsonInHclTongue;
  const { root } = document.tree();
  if (isTemplate(root)) {
    if (outer.length === 0) return cloudFormationJsonTongue;
    return isSubstituted(fact, document) ? jsonInSubTongue : jsonTongue;
  }
  return isProgram(root) && outer.length > 0 ? jsonInPulumiTongue : jsonTongue;
}

/** Whether `!Sub` or `Fn::Sub` fills the text in which a policy stands. */
function isSubstituted({ policy }: TrustPolicyFact, document: SourceDocument): boolean {
  const holds = (node: Node | undefined): boolean =>
    node?.kind === 'scalar' && node.outer.start <= policy.span.start && node.outer.end >= policy.span.end;
  for (const node of everyNode(document.tree().root)) {
    if (node.kind === 'scalar' && node.substitutes && holds(node)) return true;
    if (node.kind !== 'map') continue;
    for (const { key, value } of node.entries)
      if (key.value === 'Fn::Sub' && holds(value?.kind === 'list' ? value.items[0] : value)) return true;
  }
  return false;
}
