import type { Change } from '../../../fixes/edits';
import type { TrustPolicyFact } from '../../../model/facts';
import type { Edit } from '../../../rules/rule';
import type { HclBlock, HclExpression } from '../../../syntax/hcl/body';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Span } from '../../../text/span';
import type { Made, PolicyEditor, Removal } from '../../types';
import { blockAt, cutBlock } from '../blocks';
import { cutEntries } from '../cuts';
import { before, checked, indentOf, insert, lineEnd } from '../source';
import { podStatements, webIdentityStatements, type NewStatement } from '../statements';
import { statementLines } from '../write/statementBlock';
import { hclTongue } from '../write/tongues';
import { joinSubjects } from './joinSubject';
import { elsewhere, whyUntouchable } from './guards';

/** The blocks of Terraform's `data "aws_iam_policy_document"`. */
export const hclBlocksPolicyEditor: PolicyEditor = {
  handles: ({ policy }, document) => policy.form === 'hcl-blocks' && document.syntax === 'hcl',
  allowPodIdentity: (fact, document, accounts) => add(fact, document, podStatements(accounts)),
  allowWebIdentity: (fact, document, accounts) =>
    joinSubjects(fact, document, accounts, hclTongue(false), () => add(fact, document, webIdentityStatements(accounts))),
  remove(fact, document, removals) {
    const data = dataBlock(fact, document);
    if ('refused' in data) return data;
    const statements = statementBlocks(data.made);
    const leaving = new Set(removals.flatMap((each) => (each.kind === 'statement' ? [each.statement] : [])));
    if (removals.length === 0) return { refused: 'Nothing is given that could be removed.' };
    if (leaving.size === statements.length)
      return { refused: "It is the only statement, and IAM doesn't allow an empty trust policy: delete the role instead." };
    const changes: Change[] = [];
    for (const i of leaving) {
      const block = ownBlock(fact, statements, i);
      if (!block) return { refused: elsewhere };
      changes.push(cutBlock(document.text, block, data.made));
    }
    for (const [i] of statements.entries()) {
      const own = removals.filter((each) => each.statement === i && each.kind !== 'statement');
      if (leaving.has(i) || own.length === 0) continue;
      const block = ownBlock(fact, statements, i);
      const made = block ? parts(document.text, block, own) : { refused: elsewhere };
      if ('refused' in made) return made;
      changes.push(...made.made);
    }
    return checked(document, changes);
  },
};

/** The block of the policy; refused where a program of its own makes statements. */
function dataBlock(fact: TrustPolicyFact, document: SourceDocument): Made<HclBlock> {
  const block = blockAt(document.tree().hcl, fact.policy.span);
  if (!block) return { refused: elsewhere };
  if (block.body.blocks.some(({ type, labels }) => type.text === 'dynamic' && labels[0]?.text === 'statement'))
    return { refused: 'A dynamic block makes statements of the trust policy: change it manually.' };
  const wrong = whyUntouchable({ ...fact, policy: { ...fact.policy, statementSpan: fact.policy.span } }, document);
  return wrong === undefined ? { made: block } : { refused: wrong };
}

function statementBlocks({ body }: HclBlock): readonly HclBlock[] {
  return body.blocks.filter(({ type }) => type.text === 'statement');
}

/** The block of a statement; undefined where another document gives it (`source_policy_documents`). */
function ownBlock({ policy }: TrustPolicyFact, blocks: readonly HclBlock[], index: number): HclBlock | undefined {
  const span = policy.statements[index]?.span;
  const block = span && blocks.find((each) => each.span.start === span.start && each.span.end === span.end);
  return block && !block.body.blocks.some(({ type }) => type.text === 'dynamic') ? block : undefined;
}

/** Values and conditions of one statement. */
function parts(text: string, statement: HclBlock, removals: readonly Removal[]): Made<readonly Change[]> {
  const changes: Change[] = [];
  const lists = new Map<HclExpression, { readonly holder: HclBlock; readonly leaving: Set<number> }>();
  for (const each of removals) {
    if (each.kind === 'statement') continue;
    const { span } = each.place;
    if (each.kind === 'key') {
      const block = statement.body.blocks.find((inner) => inner.type.text === 'condition' && isAt(inner.span, span));
      if (!block) return { refused: elsewhere };
      changes.push(cutBlock(text, block, statement));
      continue;
    }
    const found = itemAt(statement, span);
    if (!found) return { refused: elsewhere };
    const own = lists.get(found.list);
    if (own) own.leaving.add(found.index);
    else lists.set(found.list, { holder: found.holder, leaving: new Set([found.index]) });
  }
  for (const [list, { holder, leaving }] of lists) {
    const items = list.kind === 'tuple' ? list.items.map((item) => item.span) : [];
    if (leaving.size < items.length) {
      const made = cutEntries(text, items, leaving, 'commas');
      if (!made) return { refused: elsewhere };
      changes.push(...made);
      continue;
    }
    const others = statement.body.blocks.filter(({ type }) => type.text === 'principals').length;
    if (holder.type.text !== 'principals' || others < 2)
      return { refused: 'No other value would be left in the list: remove the statement instead.' };
    changes.push(cutBlock(text, holder, statement));
  }
  return { made: changes };
}

/** The list of a statement in which something stands, and its number there. */
function itemAt(statement: HclBlock, span: Span): { holder: HclBlock; list: HclExpression; index: number } | undefined {
  for (const holder of [statement, ...statement.body.blocks]) {
    for (const { value } of holder.body.attributes) {
      if (value?.kind !== 'tuple') continue;
      const index = value.items.findIndex((item) => isAt(item.span, span));
      if (index >= 0) return { holder, list: value, index };
    }
  }
  return undefined;
}

function isAt(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

function add(fact: TrustPolicyFact, document: SourceDocument, statements: Made<readonly NewStatement[]>): Made<readonly Edit[]> {
  if ('refused' in statements) return statements;
  const data = dataBlock(fact, document);
  if ('refused' in data) return data;
  const { text } = document;
  const { body, span } = data.made;
  const blocks = statementBlocks(data.made);
  const last = blocks[blocks.length - 1];
  const rest = [...body.attributes, ...body.blocks].sort((a, b) => a.span.end - b.span.end);
  const above = last ?? rest[rest.length - 1];
  if (!above || !/^[ \t]*$/.test(before(text, above.span.start))) return { refused: elsewhere };
  const indent = indentOf(text, above.span.start);
  const base = indentOf(text, span.start);
  const step = indent.startsWith(base) && indent.length > base.length ? indent.slice(base.length) : '  ';
  const written: string[] = [];
  for (const each of statements.made) {
    const lines = statementLines(each, step);
    if ('refused' in lines) return lines;
    written.push(lines.made.map((line) => (line === '' ? '' : indent + line)).join('\n'));
  }
  const [first, second] = blocks.slice(-2);
  const isTight = first && second && !/\n[ \t\r]*\n/.test(text.slice(first.span.end, second.span.start));
  const gap = isTight ? '\n' : '\n\n';
  return checked(document, [insert(lineEnd(text, above.span.end), written.map((each) => gap + each).join(''))]);
}
