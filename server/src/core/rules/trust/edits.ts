import type { TrustPolicyFact } from '../../model/facts';
import type { Edit, Fix, RuleContext } from '../rule';
import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import { encode, replacement } from '../../text/texts';
import type { Statement, ValueList } from '../../model/policy';
import { defaultAudience } from '../../model/subject';
import type { Atom } from './atoms';
import type { PodStatement } from './statements';

/** Replaces a stretch of a value, encoded for its surroundings. */
export function replaceIn(fact: TrustPolicyFact, text: Text, start: number, end: number, value: string): Edit {
  return { doc: fact.doc, ...replacement(text, start, end, value) };
}

/** Replaces a whole value. */
export function replaceAll(fact: TrustPolicyFact, text: Text, value: string): Edit {
  return replaceIn(fact, text, 0, text.value.length, value);
}

export function fix(title: string, safe: boolean, edits: readonly Edit[]): Fix {
  return { title, safe, edits };
}

/** Writes another claim into a condition key: the letters after its last colon. */
export function useClaim(fact: TrustPolicyFact, atom: Atom, claim: string): Edit {
  const { value } = atom.key;
  return replaceIn(fact, atom.key, value.length - (atom.claim?.claim.value.length ?? 0), value.length, claim);
}

/**
 * Source text that stands between values (brackets, keys), for the place where `neighbour` stands: encoded by
 * what wraps the policy, not by the quotes of the neighbour itself.
 */
function structure(neighbour: Text, source: string): string {
  return encode(source, outerEncodings(neighbour));
}

function outerEncodings(text: Text) {
  const [inner] = text.encodings;
  const ownQuotes = inner && (inner.kind === 'json' || inner.kind === 'yaml-single' || inner.kind === 'yaml-plain' || inner.kind === 'hcl');
  return ownQuotes ? text.encodings.slice(1) : text.encodings;
}

/** How the neighbour's line begins: undefined where new lines cannot be written (a JSON text in one string, a folded line). */
function indentOf(fact: TrustPolicyFact, context: Pick<RuleContext, 'position'>, key: Text, parent: Text): string | undefined {
  return indentBelow(fact, context, key, parent.outer.start, true);
}

/** @param deeper whether the line must begin further right than what stands at the offset above */
function indentBelow(
  fact: TrustPolicyFact,
  context: Pick<RuleContext, 'position'>,
  key: Text,
  parent: number,
  deeper: boolean,
): string | undefined {
  const outer = outerEncodings(key);
  const here = context.position?.(fact.doc, key.outer.start);
  const above = context.position?.(fact.doc, parent);
  if (!here || !above || here.line === above.line || (deeper && here.character <= above.character)) return undefined;
  const [wrap] = outer;
  if (outer.length > 1 || (wrap && wrap.kind !== 'yaml-block')) return undefined;
  return ' '.repeat(Math.max(0, here.character - (wrap?.kind === 'yaml-block' ? wrap.indent : 0)));
}

/** Replaces a value with its quotes by source text (a list, say). */
export function replaceSource(fact: TrustPolicyFact, text: Text, source: string): Edit {
  return { doc: fact.doc, span: text.outer, newText: structure(text, source), judged: { value: text.value, encodings: text.encodings } };
}

/** A JSON or YAML string, quoted as the policy's form needs. */
export function quoted(value: string): string {
  return JSON.stringify(value);
}

/** The values as JSON, for a key that is written anew elsewhere. */
export function listSource({ values, list }: ValueList): string {
  const items = values.map((value) => (value.type === 'string' ? quoted(value.value) : value.value));
  return list ? `[${items.join(', ')}]` : items.join('');
}

/** Adds `key: value` to an operator's block, after the entry of `atom`; undefined where the form does not let it. */
export function addKey(
  fact: TrustPolicyFact,
  context: Pick<RuleContext, 'position'>,
  atom: Atom,
  key: string,
  value: string,
): Edit | undefined {
  if (fact.policy.form === 'hcl-blocks') return conditionBlock(fact, context, atom, atom.node.key.value, key, value);
  const indent = indentOf(fact, context, atom.key, atom.node.key);
  return addEntry(fact, atom.key, atom.entry.span, indent, pair(fact, key, value));
}

/** `key: value` as the policy's form writes it. */
function pair({ policy }: TrustPolicyFact, key: string, value: string): string {
  return policy.form === 'hcl' ? `${hclString(key)} = ${hclString(value)}` : `${quoted(key)}: ${quoted(value)}`;
}

function hclString(value: string): string {
  return `"${encode(value, [{ kind: 'hcl' }])}"`;
}

/** One more `condition` block of Terraform, below that of `atom`. */
function conditionBlock(
  fact: TrustPolicyFact,
  context: Pick<RuleContext, 'position'>,
  atom: Atom,
  test: string,
  variable: string,
  value: string,
): Edit | undefined {
  const { span } = atom.entry;
  const [start, end] = [context.position?.(fact.doc, span.start), context.position?.(fact.doc, span.end)];
  if (!start || !end || start.line === end.line) return undefined;
  const indent = ' '.repeat(start.character);
  const lines = [
    'condition {',
    `  test     = ${hclString(test)}`,
    `  variable = ${hclString(variable)}`,
    `  values   = [${hclString(value)}]`,
    '}',
  ];
  return { doc: fact.doc, span: { start: span.end, end: span.end }, newText: `\n${lines.map((line) => `${indent}${line}`).join('\n')}` };
}

/** The same on the neighbour's own line, for JSON alone; `source` is JSON. */
export function addKeyText(fact: TrustPolicyFact, atom: Atom, key: string, source: string): Edit | undefined {
  return fact.policy.form === 'json' ? addEntry(fact, atom.key, atom.entry.span, undefined, `${quoted(key)}: ${source}`) : undefined;
}

/**
 * Adds `<issuer>:aud` with STS's audience, the issuer as in the key of `atom`: to that operator's block if it is
 * StringEquals, to another StringEquals block, or in a block of its own.
 */
export function addAudience(statement: PodStatement, context: RuleContext, atom: Atom): Edit | undefined {
  const { fact } = statement;
  if (!atom.claim) return undefined;
  const key = `${atom.claim.issuer.value}:aud`;
  const host = [atom, ...statement.atoms].find((other) => other.node.key.value === 'StringEquals');
  if (host) return addKey(fact, context, host.node === atom.node ? atom : lastOf(statement, host), key, defaultAudience);
  const { condition } = statement.statement;
  return condition && addOperator(fact, context, atom, condition.key, 'StringEquals', key, defaultAudience);
}

function lastOf(statement: PodStatement, atom: Atom): Atom {
  const block = statement.atoms.filter((other) => other.node === atom.node);
  return block[block.length - 1] ?? atom;
}

/** Adds an operator's block with one key to the condition, after the block of `atom`. */
export function addOperator(
  fact: TrustPolicyFact,
  context: Pick<RuleContext, 'position'>,
  atom: Atom,
  condition: Text,
  operator: string,
  key: string,
  value: string,
): Edit | undefined {
  if (fact.policy.form === 'hcl-blocks') return conditionBlock(fact, context, atom, operator, key, value);
  const indent = indentOf(fact, context, atom.node.key, condition);
  const inner = indentOf(fact, context, atom.key, atom.node.key);
  const entry = pair(fact, key, value);
  if (fact.policy.form === 'yaml') {
    if (indent === undefined || inner === undefined) return undefined;
    return addEntry(fact, atom.node.key, atom.node.span, indent, `${operator}:\n${inner}${entry}`);
  }
  const block = indent === undefined || inner === undefined ? `{ ${entry} }` : `{\n${inner}${entry}\n${indent}}`;
  return addEntry(
    fact,
    atom.node.key,
    atom.node.span,
    indent,
    fact.policy.form === 'hcl' ? `${operator} = ${block}` : `${quoted(operator)}: ${block}`,
  );
}

/** Adds a Condition with one operator and one key to a statement that has none; undefined where the form does not let it. */
export function addCondition(
  fact: TrustPolicyFact,
  context: Pick<RuleContext, 'position'>,
  statement: Statement,
  operator: string,
  key: string,
  value: string,
): Edit | undefined {
  const { sid, effect, principal, action, notAction } = statement;
  const parts = [sid, effect, principal, action, notAction].flatMap((part) => (part ? [part] : [])).sort((a, b) => a.span.end - b.span.end);
  const last = parts[parts.length - 1];
  if (statement.condition || !last || fact.policy.form === 'hcl-blocks') return undefined;
  const text = 'text' in last ? last.text : undefined;
  const after = { start: last.key.outer.start, end: Math.max(last.span.end, text?.outer.end ?? 0) };
  const indent = indentBelow(fact, context, last.key, statement.span.start, false);
  const entry = pair(fact, key, value);
  if (fact.policy.form === 'yaml') {
    return indent === undefined
      ? undefined
      : addEntry(fact, last.key, after, indent, `Condition:\n${indent}  ${operator}:\n${indent}    ${entry}`);
  }
  return addEntry(
    fact,
    last.key,
    after,
    indent,
    fact.policy.form === 'hcl' ? `Condition = { ${operator} = { ${entry} } }` : `"Condition": { ${quoted(operator)}: { ${entry} } }`,
  );
}

function addEntry(fact: TrustPolicyFact, neighbour: Text, after: Span, indent: string | undefined, entry: string): Edit | undefined {
  const at = { start: after.end, end: after.end };
  if (fact.policy.form === 'yaml') {
    return indent === undefined ? undefined : { doc: fact.doc, span: at, newText: structure(neighbour, `\n${indent}${entry}`) };
  }
  if (fact.policy.form === 'hcl-module' || fact.policy.form === 'hcl-blocks') return undefined;
  // JSON in a Terraform heredoc: quotes within an expression cannot be escaped.
  if (/\$\{[^}]*\\"/.test(entry) && neighbour.encodings.some((encoding) => encoding.kind === 'hcl-heredoc')) return undefined;
  const gap = indent === undefined ? ' ' : `\n${indent}`;
  return {
    doc: fact.doc,
    span: at,
    newText: structure(neighbour, `${fact.policy.form === 'hcl' && indent !== undefined ? '' : ','}${gap}${entry}`),
  };
}

/** Takes an entry out of its list of siblings, with the comma or line that is its own; undefined for the only one. */
export function removeEntry(fact: TrustPolicyFact, siblings: readonly { readonly span: Span }[], index: number): Edit | undefined {
  const own = siblings[index]!.span;
  const next = siblings[index + 1];
  const before = siblings[index - 1];
  if (next) return { doc: fact.doc, span: { start: own.start, end: next.span.start }, newText: '' };
  if (before) return { doc: fact.doc, span: { start: before.span.end, end: own.end }, newText: '' };
  return undefined;
}
